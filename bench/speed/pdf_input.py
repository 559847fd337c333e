"""What the bulletin's PDFs are made from: python -m bench.speed.pdf_input FOLDER, DIAODU_DATA an office with June's reports.

Writes bulletin.html (as the program gives it to its layout engine), style.css, the enclosures and blocks.json.
"""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.speed.measure import say
from bench.speed.pdf_words import blocks_of, letters
from flows.documents import composing
from flows.documents.pdf.fonts import find_fonts
from flows.documents.pdf.typeset import TEMPLATES, Enclosure, Rendering, Typesetter
from flows.office import Office


class Listening(Typesetter):
    """Keeps what it was asked to set."""

    asked: tuple[str, datetime, Sequence[Enclosure]]

    def pdf(self, rendering: Rendering, made_at: datetime, enclosures: Sequence[Enclosure] = ()) -> bytes:
        """The document, set as ever."""
        self.asked = rendering.html, made_at, enclosures
        return super().pdf(rendering, made_at, enclosures)


def main(folder: Path) -> None:
    """Compose June's bulletin once and lay its ingredients down."""
    office = Office()
    found = office.gather("2025-06")
    setter = Listening(find_fonts(office.settings.fonts))
    issue = composing.planned(found)
    composing.compose_frames(
        "monthly_dispatch", composing.frames_of(found), found.catalogue, found.period, issue, setter, None
    )
    html, made_at, enclosures = setter.asked
    blocks = blocks_of(html)
    style = "\n".join(path.read_text("utf-8") for path in sorted((TEMPLATES / "css").glob("*.css")))
    for role, font in setter.fonts.by_role.items():
        style = style.replace(f"font:{role}", font.file.resolve().as_uri())
    told = {
        "made_at": made_at.isoformat(),
        "enclosures": [[e.name, e.content.decode(), e.description] for e in enclosures],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("bulletin.html", html), ("style.css", style), ("made.json", json.dumps(told)),
                       ("blocks.json", json.dumps(blocks, ensure_ascii=False))):  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    tables = [b for b in blocks if b["kind"] == "table"]
    say(
        letters=len(letters(blocks)),
        tables=len(tables),
        cells=sum(len(row) for b in tables for row in b["rows"]),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
