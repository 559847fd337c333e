"""Putting a finished document where it belongs (成文): data/reports/<period>/<document>/."""

from datetime import datetime
from pathlib import Path

from flows.briefing.document import Document
from flows.settings import Settings
from flows.warehouse.files import write_whole


def folder_of(
    settings: Settings, period: str, kind: str, as_of: datetime | None = None, county: str | None = None
) -> Path:
    """Where a document lies: `<kind>`, a county's own `<kind>-<county>`; one made as of an earlier moment
    lies beside the current one (`…@<moment>`), not over it."""
    whose = kind if county is None else f"{kind}-{county}"
    return settings.reports / period / (whose if as_of is None else f"{whose}@{as_of:%Y%m%dT%H%M%S}")


def publish(document: Document, folder: Path) -> Path:
    """Write the document's files, the manifest last: a folder without one is not finished. Returns the PDF."""
    (folder / "manifest.json").unlink(missing_ok=True)
    pdf = folder / f"{document.name}.pdf"
    write_whole(pdf, document.pdf)
    write_whole(pdf.with_suffix(".xlsx"), document.workbook)
    write_whole(folder / "figures.csv", document.figures_csv)
    write_whole(folder / "manifest.json", document.manifest)
    return pdf
