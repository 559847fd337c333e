"""Putting a finished document where it belongs (成文): data/reports/<period>/<document>/."""

from datetime import datetime
from pathlib import Path

from flows.briefing.document import Document
from flows.settings import Settings
from flows.warehouse.files import write_whole


def folder_of(settings: Settings, period: str, kind: str, as_of: datetime | None) -> Path:
    """Where a document lies; one made as of an earlier moment lies beside the current one, not over it."""
    folder = kind if as_of is None else f"{kind}@{as_of:%Y%m%dT%H%M%S}"
    return settings.reports / period / folder


def publish(document: Document, folder: Path) -> Path:
    """Write the document's files, the manifest last: a folder without one is not finished. Returns the PDF."""
    (folder / "manifest.json").unlink(missing_ok=True)
    pdf = folder / f"{document.name}.pdf"
    write_whole(pdf, document.pdf)
    write_whole(pdf.with_suffix(".xlsx"), document.workbook)
    write_whole(folder / "figures.csv", document.figures_csv)
    write_whole(folder / "manifest.json", document.manifest)
    return pdf
