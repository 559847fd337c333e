"""A document as text with its numbers apart (文字版): made of the record of what was printed, which its manifest holds."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph: words, or a printed number with the figure it prints (None for a count made for the
    sentence). `change` is 'added' or 'removed' in a comparison."""

    text: str
    is_number: bool = False
    figure: tuple[str, str, str] | None = None
    change: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or table row in the order printed; `is_row` for a row of a table."""

    pieces: tuple[Piece, ...]
    is_row: bool


@dataclass(frozen=True)
class Change:
    """A paragraph before and after; empty on one side where it is new or gone."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


_NUMBER_OR_CHARACTER = re.compile(r"\d[\d.]*|.", re.DOTALL)
NO_FIGURES = frozenset(
    {"quotation", "date", "month", "place", "office_date", "outside"}
)  # kinds that print no figure


def paragraphs(record: Sequence[Mapping[str, Any]]) -> list[Paragraph]:
    """Every paragraph and row of a record, cut at its numbers."""
    return [Paragraph(tuple(_pieces(one)), _is_row(one)) for one in record]


def changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Change]:
    """The paragraphs that differ between two records, with what was removed and added marked."""
    pairs = differing(list(map(_readable, before)), list(map(_readable, after)))
    words = _NUMBER_OR_CHARACTER.findall
    return [Change(*compared(words(old), words(new))) for old, new in pairs]


def differing(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The texts that differ, each as it was and as it is, empty where there was or is none."""
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from zip_longest(before[i:j], after[k:m], fillvalue="")


def compared(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """A text, or its words, before and after, with what was removed and added marked."""
    old, new = [], []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if j > i:
            old.append(Piece("".join(before[i:j]), change="" if tag == "equal" else "removed"))
        if m > k:
            new.append(Piece("".join(after[k:m]), change="" if tag == "equal" else "added"))
    return tuple(old), tuple(new)


def _pieces(paragraph: Mapping[str, Any]) -> Iterator[Piece]:
    text, at = paragraph["text"], 0
    for one in paragraph["printed"]:
        found = text.find(one["text"], at)
        if found < 0 or one["kind"] in NO_FIGURES or not one["text"]:
            continue
        if found > at:
            yield Piece(text[at:found])
        yield Piece(one["text"], True, _figure(one))
        at = found + len(one["text"])
    if at < len(text):
        yield Piece(text[at:])


def _readable(paragraph: Mapping[str, Any]) -> str:
    """Its text; the numbers of a row apart, which stand in cells of their own."""
    return " ".join(p.text for p in _pieces(paragraph)) if _is_row(paragraph) else paragraph["text"]


def _figure(one: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """(period, county, indicator) of a number that is a figure's."""
    found = tuple(str(one[name]) for name in ("period", "county", "indicator") if one.get(name))
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def _is_row(paragraph: Mapping[str, Any]) -> bool:
    """Rows have cells, whose numbers stand without words between them."""
    kinds = [one["kind"] for one in paragraph["printed"]]
    return "cell" in kinds or "goal" in kinds or "one_decimal" in kinds
