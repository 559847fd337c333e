"""Write a finished document to data/reports/<period>/<document>/ (成文); GateError where the gate found faults."""

import json
from datetime import datetime
from pathlib import Path

from flows.documents.document import Document
from flows.documents.paragraphs import FILE, paragraphs_json
from flows.documents.program_version import program
from flows.files import sha256_of, sweep, write_whole

PREVIOUS = "previous.json"  # the manifest of the draft before, where it had another PDF: to show what changed
LAID_OUT = ".laid-out"  # beside a document, written last: by which program and from what it was laid out
GATE = "gate.txt"  # beside a document that the gate found faulty: every fault, a line each
MAX_FAULTS_SHOWN = 10  # the rest are listed in the file


def draft_folder(
    reports: Path, period: str, kind: str, as_of: datetime | None = None, county: str | None = None
) -> Path:
    """Where a document lies: `<kind>`, a county's own `<kind>-<county>`; one made as of an earlier moment
    lies beside the current one (`…@<moment>`), not over it."""
    whose = kind if county is None else f"{kind}-{county}"
    return reports / period / (whose if as_of is None else f"{whose}@{as_of:%Y%m%dT%H%M%S}")


class GateError(RuntimeError):
    """The finished PDF has faults: which, and where it lies to be looked at. It may not be approved or sent."""

    def __init__(self, document: Document, folder: Path) -> None:
        self.faults = document.faults
        listed = "\n".join(f"  {fault}" for fault in document.faults[:MAX_FAULTS_SHOWN])
        more = (
            f"\n  …另 {len(document.faults) - MAX_FAULTS_SHOWN} 处"
            if len(document.faults) > MAX_FAULTS_SHOWN
            else ""
        )
        super().__init__(
            f"“{document.title}”没有通过出门检查，共 {len(document.faults)} 处，不得送审、不得发出：\n{listed}{more}\n"
            f"文件留在 {folder} 备查（没有制作记录 manifest.json，全部问题见 {GATE}）"
        )


def publish(document: Document, folder: Path) -> Path:
    """Write the document's files, the manifest last: a folder without one is not finished. Returns the PDF.

    One that the gate found faulty is left to be looked at with the list of its faults and no manifest, and
    GateError is raised: nobody can approve or send what has none.
    """
    _keep_previous(folder, document.pdf)
    for stale in (
        *(folder / name for name in ("manifest.json", GATE, FILE, LAID_OUT)),
        *folder.glob("*.docx"),
    ):
        stale.unlink(missing_ok=True)
    sweep(folder)
    pdf = folder / f"{document.name}.pdf"
    write_whole(pdf, document.pdf)
    write_whole(pdf.with_suffix(".xlsx"), document.workbook)
    write_whole(folder / "figures.csv", document.figures_csv)
    if document.paragraphs:
        write_whole(folder / FILE, paragraphs_json(document.own, document.paragraphs))
    if document.faults:
        write_whole(folder / GATE, "".join(f"{fault}\n" for fault in document.faults).encode())
        raise GateError(document, folder)
    write_whole(folder / "manifest.json", document.manifest)
    write_whole(folder / LAID_OUT, f"{program()} {document.layout_key.hex()}".encode())
    return pdf


def laid_out(folder: Path) -> dict[bytes, bytes]:
    """The PDF of a draft by its layout key, where this program laid it out and it is as it was made; else nothing."""
    record, pdfs = folder / LAID_OUT, list(folder.glob("*.pdf"))
    if not record.exists() or not (folder / "manifest.json").exists() or len(pdfs) != 1:
        return {}
    made_by, _, key = record.read_text(encoding="ascii").partition(" ")
    manifest, pdf = json.loads((folder / "manifest.json").read_text(encoding="utf-8")), pdfs[0].read_bytes()
    is_as_made = made_by == program() and manifest["files"]["pdf"] == sha256_of(pdf)
    return {bytes.fromhex(key): pdf} if is_as_made else {}


def _keep_previous(folder: Path, pdf: bytes) -> None:
    """Keep the manifest of the draft that is being replaced, unless it is of the same PDF."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return
    before = json.loads(manifest.read_text(encoding="utf-8")).get("files", {}).get("pdf")
    if before and before != sha256_of(pdf):
        manifest.replace(folder / PREVIOUS)
