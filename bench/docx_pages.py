"""Every draft of a data folder as .docx, opened in LibreOffice and compared with its PDF page by page.

usage: python -m bench.docx_pages DATA PICTURES   prints a table; writes both as pictures, side by side, a file a document
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from flows.documents.manifest import printed_blocks
from flows.documents.pdf.page_text import pages
from flows.handover import NotRemadeError
from flows.office import Office
from flows.settings import ROOT, Settings

# Which font of build/faces stands in for which of an office's own.
FACES = {
    "仿宋_GB2312": "FandolFang R", "楷体_GB2312": "FandolKai", "黑体": "FandolHei", "方正小标宋简体": "FandolSong",
    "宋体": "FandolSong",
}  # fmt: skip
DPI, ACROSS, MOST = 50, 6, 24


def fontconfig(folder: Path) -> Path:
    """The fonts of the documents under the names that a .docx gives them."""
    aliases = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>{face}</family></prefer></alias>"
        for name, face in FACES.items()
    )
    file = folder / "fonts.conf"
    file.write_text(
        f"<?xml version='1.0'?><fontconfig><dir>{ROOT}/build/faces</dir><dir>/usr/share/fonts</dir>"
        f"<cachedir>{folder}/cache</cachedir>{aliases}</fontconfig>",
        encoding="utf-8",
    )
    return file


def opened(docx: Path, folder: Path) -> bytes:
    """The PDF that LibreOffice makes of a .docx."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(docx)]
    environment = {"FONTCONFIG_FILE": str(fontconfig(folder)), "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return (folder / f"{docx.stem}.pdf").read_bytes()


def page_of(blocks: list[str], pdf: bytes) -> list[int | None]:
    """The page on which each text begins, by its first words; None where it is not found as it is."""
    words = ["".join((one.text + one.outside).split()) for one in pages(pdf)]
    starts, found = [], ["".join(block.split())[:14] for block in blocks]
    at = 0
    for text in found:
        number = next((n for n in range(at, len(words)) if text in words[n]), None)
        at = number if number is not None else at
        starts.append(number)
    return starts


def picture(docx: bytes, pdf: bytes, file: Path) -> None:
    """The pages of both, a row of the .docx above a row of the PDF."""
    rows = []
    for content in (docx, pdf):
        document = pypdfium2.PdfDocument(content)
        rows.append([document[n].render(scale=DPI / 72).to_pil() for n in range(min(len(document), MOST))])
    width = max(one.width for row in rows for one in row)
    height = max(one.height for row in rows for one in row)
    lines = -(-max(map(len, rows)) // ACROSS)
    sheet = Image.new("RGB", (width * ACROSS, height * lines * 2), "grey")
    for which, row in enumerate(rows):
        for n, one in enumerate(row):
            sheet.paste(one, (n % ACROSS * width, (n // ACROSS * 2 + which) * height))
    sheet.save(file)


def main() -> None:
    data, pictures = Path(sys.argv[1]), Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    office = Office(Settings(data=data))
    print("| document | .docx KB | pages .docx | pages PDF | rows and paragraphs on the same page |")
    print("|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as temporary:
        for status in office.waiting():
            name, pdf = str(status.draft.name), status.draft.pdf
            try:
                _, written = office.docx(name)
            except NotRemadeError:  # drafted by an earlier program
                office.redraft(name)
                _, written = office.docx(name)
            docx = Path(temporary) / f"{name.replace('/', '_')}.docx"
            docx.write_bytes(written.content)
            made = opened(docx, Path(temporary))
            blocks = [
                block["text"]
                for block in printed_blocks(pdf.with_name("manifest.json"))
                if block["id"] != "svg"
            ]
            own, others = page_of(blocks, pdf.read_bytes()), page_of(blocks, made)
            known = [(a, b) for a, b in zip(own, others, strict=True) if a is not None and b is not None]
            same = sum(a == b for a, b in known) * 100 / max(len(known), 1)
            picture(made, pdf.read_bytes(), pictures / f"{docx.stem}.png")
            counts = [len(pages(content)) for content in (made, pdf.read_bytes())]
            print(
                f"| {name} | {len(written.content) / 1024:.0f} | {counts[0]} | {counts[1]} | {same:.0f} % of {len(known)} |"
            )


if __name__ == "__main__":
    main()
