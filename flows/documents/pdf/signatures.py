"""The electronic signatures in a PDF (电子签名): who signed and when, as the file says; nothing is judged.

Read by PDFium and, for the name in the certificate, by `cryptography`; a format that these do not know, such as that of
some national seal services, is named as it calls itself.
"""

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pypdfium2.raw as pdfium
from cryptography.exceptions import UnsupportedAlgorithm

_SEQUENCE = 0x30
_TIME = re.compile(r"D:(\d{14})")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature. `signer` is empty where the file does not say it in a known form, `signed_at` null where it gives no
    time; `is_whole` whether it covers the file to its end, so that nothing was added later."""

    format: str
    signer: str
    signed_at: datetime | None
    is_whole: bool

    def __str__(self) -> str:
        """As people read it."""
        at = f"，{self.signed_at:%Y-%m-%d %H:%M}" if self.signed_at else ""
        rest = "" if self.is_whole else "，其后文件又有增补"
        return f"{self.signer or '签名者读不出'}（{self.format}{at}{rest}）"


def signatures(document: Any, length: int) -> tuple[Signature, ...]:
    """Every signature of an open document, in its order; `size` bytes long."""
    count = max(pdfium.FPDF_GetSignatureCount(document), 0)
    return tuple(_signature(pdfium.FPDF_GetSignatureObject(document, at), length) for at in range(count))


def _signature(signature: Any, length: int) -> Signature:
    contents = _bytes(pdfium.FPDFSignatureObj_GetContents, signature)
    form = _bytes(pdfium.FPDFSignatureObj_GetSubFilter, signature).rstrip(b"\0").decode("ascii", "replace")
    count = pdfium.FPDFSignatureObj_GetByteRange(signature, None, 0)
    numbers = (ctypes.c_int * count)()
    pdfium.FPDFSignatureObj_GetByteRange(signature, numbers, count)
    at = _moment(_bytes(pdfium.FPDFSignatureObj_GetTime, signature).decode("ascii", "replace"))
    return Signature(form or "格式不明", _signer(contents), at, sum(numbers[-2:]) == length)


def _moment(stated: str) -> datetime | None:
    """D:20250709093000+08'00' as the signer's clock showed it; null for anything else."""
    found = _TIME.match(stated)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S") if found else None
    except ValueError:
        return None


def _bytes(get: Callable[..., int], signature: Any) -> bytes:
    """What one of PDFium's functions gives: asked for its length first."""
    buffer = ctypes.create_string_buffer(get(signature, None, 0))
    get(signature, buffer, len(buffer))
    return buffer.raw


def _signer(contents: bytes) -> str:
    """The common name of the certificate that is no issuer of another in the same signature."""
    from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
    from cryptography.x509.oid import NameOID

    try:
        certificates = load_der_pkcs7_certificates(_without_padding(contents))
        issuers = {one.issuer for one in certificates if one.issuer != one.subject}
        own = next(one for one in certificates if one.subject not in issuers)
        return str(own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    except (ValueError, IndexError, StopIteration, UnsupportedAlgorithm):
        return ""


def _without_padding(contents: bytes) -> bytes:
    """The DER value alone: its place in the file is larger than it, filled with zeros. ValueError where it is none."""
    if len(contents) < 2 or contents[0] != _SEQUENCE:
        raise ValueError("no DER sequence")
    size = contents[1] & 0x7F if contents[1] & 0x80 else 0
    length = int.from_bytes(contents[2 : 2 + size], "big") if size else contents[1]
    return contents[: 2 + size + length]
