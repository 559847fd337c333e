"""What a stamping service makes of a PDF: a red seal drawn on a page, or a signature whose field shows one; and forgeries."""

import ctypes
import datetime
import io
import re
from collections.abc import Callable

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

POINTS = 72 / 25.4
RED, BLACK, WHITE = (220, 20, 30, 255), (0, 0, 0, 255), (255, 255, 255, 255)
DIAMETER_MM = 42


def stamped(
    pdf: bytes, page: int = 0, left_mm: float = 110, bottom_mm: float = 60, width_mm: float = DIAMETER_MM
) -> bytes:
    """A ring and a star of red ink on a page (0: the last)."""
    return _changed(pdf, lambda document: _draw(document, page, _ring(), left_mm, bottom_mm, width_mm))


def blotted(
    pdf: bytes, colour: tuple[int, int, int, int] = WHITE, left_mm: float = 120, bottom_mm: float = 200
) -> bytes:
    """A patch of 3 mm on the first page: a digit painted over."""
    patch = np.full((20, 20, 4), colour, dtype=np.uint8)
    return _changed(pdf, lambda document: _draw(document, 1, patch, left_mm, bottom_mm, 3))


def without_page(pdf: bytes, page: int) -> bytes:
    """The same without one page."""
    return _changed(pdf, lambda document: document.del_page(page - 1))


def with_digit_changed(pdf: bytes) -> bytes:
    """The first digit of the first text on page 1 that has one is another."""

    def change(document: pypdfium2.PdfDocument) -> None:
        page = document[0]
        text = page.get_textpage()
        for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
            size = pdfium.FPDFTextObj_GetText(found, text, None, 0)
            buffer = (ctypes.c_ushort * size)()
            pdfium.FPDFTextObj_GetText(found, text, buffer, size)
            words = bytes(buffer).decode("utf-16-le").rstrip("\0")
            if digit := re.search(r"\d", words):
                other = words[: digit.start()] + ("7" if digit[0] != "7" else "1") + words[digit.end() :]
                encoded = other.encode("utf-16-le") + b"\0\0"
                pdfium.FPDFText_SetText(found, ctypes.cast(encoded, ctypes.POINTER(ctypes.c_ushort)))
                break
        page.gen_content()

    return _changed(pdf, change)


def signed(pdf: bytes, signer: str, page_number: int = 1) -> bytes:
    """An incremental update with a signature of that name, whose field draws a red ring on a page."""
    pdf = _changed(
        pdf, lambda _document: None
    )  # every object by itself, none in a compressed stream of objects
    objects = _objects(pdf)
    root = int(re.findall(rb"/Root (\d+) 0 R", pdf)[-1])
    pages = [number for number, body in objects.items() if re.search(rb"/Type\s*/Page\b", body)]
    free = max(objects) + 1
    page = sorted(pages)[page_number - 1]
    appearance = b"0.86 0.08 0.1 RG 5 w 60 10 m 110 60 l 60 110 l 10 60 l h S"
    new = {
        free: b"<< /Type /XObject /Subtype /Form /BBox [0 0 120 120] /Length %d >>\nstream\n%s\nendstream" % (len(appearance), appearance),
        free + 1: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /F 4 /Rect [320 170 440 290] /P %d 0 R /V %d 0 R "
        b"/AP << /N %d 0 R >> >>" % (page, free + 2, free),
        free + 2: b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20250709093000+08'00') "
        b"/ByteRange [0 1111111111 2222222222 3333333333] /Contents <" + b"0" * 8192 + b"> >>",
        page: re.sub(rb">>\s*$", b"/Annots [%d 0 R] >>" % (free + 1), re.sub(rb"/Annots \[[^\]]*\]", b"", objects[page])),
        root: re.sub(rb">>\s*$", b"/AcroForm << /Fields [%d 0 R] /SigFlags 3 >> >>" % (free + 1), objects[root]),
    }  # fmt: skip
    return _with_signature(_updated(pdf, new, root, free + 3), signer)


def _objects(pdf: bytes) -> dict[int, bytes]:
    found = re.finditer(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\sendobj", pdf, re.DOTALL)
    return {int(one[1]): one[2] for one in found}


def _updated(pdf: bytes, new: dict[int, bytes], root: int, size: int) -> bytes:
    before = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    content, table = io.BytesIO(), b"xref\n"
    content.write(pdf + b"\n")
    for number, body in sorted(new.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, content.tell())
        content.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    at = content.tell()
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        root,
        before,
        at,
    )
    return content.getvalue() + table + trailer


def _with_signature(pdf: bytes, signer: str) -> bytes:
    start = pdf.rindex(b"/Contents <") + len(b"/Contents ")
    end = pdf.index(b">", start) + 1
    spans = (0, start, end, len(pdf) - end)
    for place, number in zip((b"1111111111", b"2222222222", b"3333333333"), spans[1:], strict=True):
        pdf = pdf.replace(place, b"%-10d" % number)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)])
    day = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(day).not_valid_after(day + datetime.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    builder = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(pdf[:start] + pdf[end:])
        .add_signer(certificate, key, hashes.SHA256())
    )
    message = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    return pdf[: start + 1] + message.hex().encode().ljust(end - start - 2, b"0") + pdf[end - 1 :]


def _changed(pdf: bytes, change: Callable[[pypdfium2.PdfDocument], object]) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    change(document)
    written = io.BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


def _ring() -> np.ndarray:
    rows, columns = np.mgrid[-1:1:400j, -1:1:400j]
    radius = np.hypot(rows, columns)
    ink = ((radius > 0.9) & (radius < 0.99)) | (radius < 0.3)
    return np.where(ink[..., None], np.array(RED), 0).astype(np.uint8)


def _draw(
    document: pypdfium2.PdfDocument, number: int, pixels: np.ndarray, left: float, bottom: float, width: float
) -> None:
    page = document[(number or len(document)) - 1]
    bitmap = pypdfium2.PdfBitmap.new_native(pixels.shape[1], pixels.shape[0], pdfium.FPDFBitmap_BGRA)
    bitmap.to_numpy()[:] = pixels[..., [2, 1, 0, 3]]
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    side = width * POINTS
    image.set_matrix(pypdfium2.PdfMatrix(side, 0, 0, side, left * POINTS, bottom * POINTS))
    page.insert_obj(image)
    page.gen_content()
