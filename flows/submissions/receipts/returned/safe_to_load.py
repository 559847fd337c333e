"""Whether a sender's .xlsx may be loaded whole (可否原样打开): no declared entities, no ranges that run over the sheet."""

import re
from io import BytesIO
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from openpyxl.utils.cell import range_boundaries

from flows.submissions.formats.styles_xlsx import strict_parser

MOST_UNPACKED = 8_000_000  # bytes; a report is a few hundred kilobytes
MOST_COVERED = 50_000  # cells that merged ranges, links and comments may cover together
_RANGE = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink|comment)\s[^<>]*?ref=["']([^"']{1,60})["']""")


def is_tame(content: bytes) -> bool:
    """Whether it is a workbook that costs no more to load than a report does."""
    try:
        with ZipFile(BytesIO(content)) as book:
            parts = book.infolist()
            if "xl/workbook.xml" not in book.namelist() or sum(p.file_size for p in parts) > MOST_UNPACKED:
                return False
            covered = [
                _covered(book.read(p)) for p in parts if p.filename.endswith((".xml", ".rels", ".vml"))
            ]
    except (BadZipFile, ExpatError, ValueError, NotImplementedError, EOFError):
        return False
    return sum(covered) <= MOST_COVERED


def _covered(xml: bytes) -> int:
    """How many cells its ranges cover; ValueError or ExpatError for what no program of an office writes."""
    strict_parser().Parse(xml, True)
    total = 0
    for reference in _RANGE.findall(xml):
        left, top, right, bottom = range_boundaries(reference.decode())
        if None in (left, top, right, bottom):
            return MOST_COVERED + 1
        total += (right - left + 1) * (bottom - top + 1)
    return total
