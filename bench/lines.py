"""Measure how the lines of finished documents are set, and whether a search of their PDFs finds what they print.

`python -m bench.lines FOLDER` reads every PDF below FOLDER (a data folder's `reports`) and prints of the full lines of
body text: how many are stretched by more than a tenth of a character, the widest gap, how many are compressed; the blanks
that pdfium (browsers) and Poppler see in them; and how many of the places where an indicator's name stands anywhere in
the document are found by searching for it.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2

from flows.plan.load import plan_of
from flows.settings import Settings

BODY_PT, TENTH = 15.75, 0.1
TRACKING = 0.00273
FULL_PT = 500  # a line that ends beyond it fills the measure


@dataclass
class Measured:
    """What was counted over some documents; gaps in em of the body's size."""

    stretched: list[float] = field(default_factory=list)  # of each full line: its widest gap
    compressed: int = 0
    blanks: dict[str, int] = field(default_factory=dict)
    names: int = 0
    names_found: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """A line for a report."""
        wide = sum(gap > TENTH for gap in self.stretched)
        share = 100 * wide / len(self.stretched) if self.stretched else 0.0
        worst = max(self.stretched, default=0.0)
        read = "; ".join(
            f"{reader}: {self.blanks[reader]} blanks, {self.names_found[reader]} of {self.names} names found"
            for reader in self.blanks
        )
        return (
            f"{len(self.stretched)} lines, {wide} ({share:.1f} %) stretched by more than 0.1, worst {worst:.3f}; "
            f"{self.compressed} compressed; {read}"
        )


def body_lines(page: Any) -> Iterator[list[dict[str, Any]]]:
    """The lines of body type on a page, each its characters from left to right."""
    characters = [c for c in page.chars if abs(c["size"] - BODY_PT) < 0.1 and c["upright"]]
    for _, line in groupby(
        sorted(characters, key=lambda c: (round(c["top"]), c["x0"])), key=lambda c: round(c["top"])
    ):
        yield list(line)


def gaps(line: list[dict[str, Any]]) -> list[float]:
    """What stands between each two characters beyond the tracking, in em; negative where a mark was compressed."""
    return [(b["x0"] - a["x1"]) / BODY_PT - TRACKING for a, b in pairwise(line)]


def extracted(pdf: Path) -> Iterator[tuple[str, str]]:
    """The text by reader: pdfium's, as browsers search it, and Poppler's where it is installed."""
    document = pypdfium2.PdfDocument(pdf)
    yield "pdfium", "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True)
        yield "poppler", read.stdout


def measure(pdfs: list[Path], names: list[str]) -> Measured:
    """Count over these documents."""
    found = Measured()
    for pdf in pdfs:
        full = set()
        with pdfplumber.open(pdf) as document:
            for line in (line for page in document.pages for line in body_lines(page)):
                between = gaps(line)
                if len(line) > 20 and line[-1]["x1"] > FULL_PT and max(between) < 1:
                    found.stretched.append(max(between))
                    found.compressed += min(between) < -0.02
                    full.add("".join(c["text"] for c in line).replace(" ", ""))
        texts = dict(extracted(pdf))
        found.names += sum("".join(texts["pdfium"].split()).count(name) for name in names)
        for reader, text in texts.items():
            blanks = sum(line.count(" ") for line in text.splitlines() if line.replace(" ", "") in full)
            found.blanks[reader] = found.blanks.get(reader, 0) + blanks
            hits = sum(text.replace("\r", "").replace("\n", "").count(name) for name in names)
            found.names_found[reader] = found.names_found.get(reader, 0) + hits
    return found


def main(arguments: list[str]) -> int:
    """Print a line a document and one for all of them."""
    if len(arguments) != 1:
        sys.exit(str(__doc__))
    names = [indicator.name for indicator in plan_of(Settings()).indicators]
    pdfs = sorted(Path(arguments[0]).rglob("*.pdf"))
    for pdf in pdfs:
        print(f"{pdf.stem}: {measure([pdf], names)}")
    print(f"all {len(pdfs)}: {measure(pdfs, names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
