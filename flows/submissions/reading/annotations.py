"""Texts beside the numbers that stand in no cell (批注、文本框、页眉页脚): whether they change what the numbers are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.submissions.form.layout import Field
from flows.submissions.formats.grid import Grid, Place
from flows.submissions.reading.heading import HeadingParser
from flows.submissions.reading.matched_table import HELD_FIELDS, MatchedTable
from flows.submissions.reading.titles import LIMITS, claims_another_meaning, doubtful_word, qualifying_notes
from flows.submissions.reading.vocabulary import PUNCTUATION, Meaning, scan

COMMENT, NOTE = "批注", "表注"
_AUTHOR = re.compile(r"^[^\n]{1,30}[:：]\s*\n")
_THREAD = re.compile(r"^\[[^\]]*\].*?(?:Comment|注释|批注)[:：]\s*", re.DOTALL)
_RECEIPT = re.compile(r"^〔回执第.*?(?:〔原批注〕\n|$)", re.DOTALL)  # what an earlier receipt wrote there
_FORM_NOTE = re.compile(
    r"方案(?:第[^“”\n]*项|总体要求)[^“”\n]*[:：]“[^\n]*”\s*$"
)  # how the issued form's own notes end
_SETTLED = re.compile(
    r"(?:已|经|数据)*(?:核对|核实|审核|复核|确认|阅|同意|无误|属实|正确|签字|签章|盖章|ok|OK)+"
)
_CHANGES = frozenset({Meaning.OTHER_TIME, Meaning.DERIVED, Meaning.PLAN, Meaning.PART, Meaning.PREVIOUS})
_MEASURING = re.compile(r"单位|[十百千万亿]人|[十百千万亿]元|\d")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A comment on a cell, a note under the table that claims another meaning, or a text outside all cells (`place`
    null), that is not plainly harmless; `holds`: it may change what the numbers are."""

    where: str
    place: Place | None
    text: str
    holds: bool


def annotations(grid: Grid, tables: list[MatchedTable], parser: HeadingParser) -> Iterator[Annotation]:
    """Every such text of a sheet with tables. The form's own notes, and what a receipt wrote, are none."""
    for place, written in sorted(grid.comments.items()) if tables else ():
        text = _THREAD.sub("", _AUTHOR.sub("", _RECEIPT.sub("", written))).strip()
        if text and not _FORM_NOTE.search(text) and not _is_harmless(text, parser):
            yield Annotation(COMMENT, place, text, _changes(text, parser))
    for place, text in qualifying_notes(grid, parser) if tables else ():
        if claims_another_meaning(text, parser):
            yield Annotation(NOTE, place, text, holds=True)
    for where, text in grid.notes if tables else ():
        if doubtful_word(text, parser) or (LIMITS.search(text) and len(text) < 200):
            yield Annotation(where, None, text, holds=True)


def touched(annotation: Annotation, cells: Mapping[Field, Place], table: MatchedTable) -> frozenset[Field]:
    """Which of a line's numbers a text is about: the one it stands at, those of its row or column, else all."""
    measured = {p for own in table.ours.values() for f, p in own.items() if f in HELD_FIELDS}
    own = {f: p for f, p in cells.items() if f in HELD_FIELDS and table.grid.raw(p) != ""}
    at = annotation.place
    if at is None or annotation.where == NOTE:
        return frozenset(own)
    if at in measured:
        return frozenset(f for f, p in own.items() if p == at)
    if at[0] >= min(row for row, _ in measured):
        return frozenset(f for f, p in own.items() if p[0] == at[0])
    columns = {c for _, c in measured}
    return frozenset(f for f, p in own.items() if p[1] == at[1] or at[1] not in columns)


def _is_harmless(text: str, parser: HeadingParser) -> bool:
    plain = "".join(c for c in text if c not in PUNCTUATION and not c.isspace())
    said, rest = scan(parser.dated(text))
    return _SETTLED.fullmatch(plain) is not None or (not rest and not said & _CHANGES)


def _changes(text: str, parser: HeadingParser) -> bool:
    dated = parser.dated(text)
    return bool(scan(dated)[0] & _CHANGES or _MEASURING.search(dated) or LIMITS.search(text))
