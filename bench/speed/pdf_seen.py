"""What a PDF is (读回): python -m bench.speed.pdf_seen FOLDER FILE SAME. Words, page, PDF/A, tags, same bytes."""

import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from ctypes import byref, c_double
from itertools import pairwise
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
from pypdfium2.raw import FPDFCatalog_IsTagged, FPDFText_GetCharOrigin

from bench.speed.measure import say
from bench.speed.pdf_words import letters, read

MM = 72 / 25.4
LEFT, PITCH, ACROSS = 28.0, 10.447, 28  # of the text area, GB/T 9704-2012, 5.2
LONG = 26  # characters of a line that is full or nearly so


def main(folder: Path, file: Path, same: Path) -> None:
    """Look, and say."""
    document = pdfium.PdfDocument(file)
    wanted = Counter(letters(read(folder)))
    found = Counter("".join("".join(page.get_textpage().get_text_bounded() for page in document).split()))
    lines = [line for page in document if page.get_width() < page.get_height() for line in _lines(page)]
    left, pitch, across = _measured(lines)
    content = file.read_bytes()
    say(
        pages=len(document), kilobytes=len(content) / 1024, lacking=(wanted - found).total() / wanted.total(),
        left=left, pitch=pitch, across=across, pdf_a=_says_pdf_a(content), tagged=bool(FPDFCatalog_IsTagged(document)),
        same=content == same.read_bytes(),
        standard=abs(left - LEFT) < 0.5 and abs(pitch - PITCH) < 0.05 and across == ACROSS,
    )  # fmt: skip


def _says_pdf_a(content: bytes) -> bool:
    """Whether its metadata, packed or not, claim PDF/A; the claim is not examined."""
    streams = [content]
    for packed in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        with suppress(zlib.error):
            streams.append(zlib.decompress(packed[1]))
    return any(b"pdfaid:part" in stream for stream in streams)


def _lines(page: pdfium.PdfPage) -> Iterator[tuple[float, float, int]]:
    """Of each line of full-size type: left edge and baseline in mm from the sheet's edge, and how many characters."""
    text, by_line, x, y = page.get_textpage(), dict[int, list[tuple[float, float]]](), c_double(), c_double()
    for n in range(text.count_chars()):
        left, _, right, _ = text.get_charbox(n, loose=True)
        if 14 < right - left < 17:  # one character of 16 pt
            FPDFText_GetCharOrigin(text, n, byref(x), byref(y))
            by_line.setdefault(round(y.value), []).append((x.value, y.value))
    for found in by_line.values():
        yield min(x for x, _ in found) / MM, median(y for _, y in found) / MM, len(found)


def _measured(lines: list[tuple[float, float, int]]) -> tuple[float, float, int]:
    """Left edge, distance of neighbouring lines, characters of a full line; zeros where there are no such lines."""
    full = [line for line in lines if line[2] >= LONG]
    steps = [a[1] - b[1] for a, b in pairwise(full) if 5 < a[1] - b[1] < 14]
    if not steps:
        return 0.0, 0.0, 0
    return min(line[0] for line in full), median(steps), max(line[2] for line in full)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
