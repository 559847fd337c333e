"""The text of a paragraph or cell as runs (文字): every printed number a locked control that carries its fact."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any, NamedTuple

from flows.documents.paragraphs import chips_of
from flows.documents.print_record import Printed, Subject, read
from flows.documents.provenance import Source, plain
from flows.documents.word.page_source import Element
from flows.documents.word.xml import NO_KEY, locked, run, run_properties

NOT_LOCKED = frozenset(("wording", "ordinal"))
_ROLES = {"kaiti": "kaiti", "signatory": "kaiti", "heiti": "heiti", "behind": "heiti"}
_MARK_COLOURS = {"blue": "0B3D91", "green": "1D5F2A"}
_BREAK, _BLANKS = re.compile(r"[ \t]*[\r\n]\s*", re.ASCII), re.compile(r"[ \t]+")


class Look(NamedTuple):
    """What a stretch of text has of its own: font, size in points, colour, shade, whether it is framed."""

    role: str = ""
    size: float = 0
    colour: str = ""
    shade: str = ""
    is_boxed: bool = False

    def within(self, element: Element) -> "Look":
        """The look of a child element's text."""
        names = element.classes
        if "mark" in names or "word" in names:
            return self._mark(names)
        if "moved" in names:
            return self._replace(size=8)
        if "changed" in names:
            return self._replace(shade="D9D9D9")
        role = next((_ROLES[name] for name in _ROLES if name in names), self.role)
        return self._replace(role=role)

    def _mark(self, names: frozenset[str]) -> "Look":
        if "red" in names:
            return self._replace(role="heiti", colour="FFFFFF", shade="A00D12")
        if "yellow" in names:
            return self._replace(role="heiti", shade="FFE9A8", is_boxed=True)
        colour = next((_MARK_COLOURS[name] for name in names if name in _MARK_COLOURS), self.colour)
        return self._replace(role="heiti", colour=colour, is_boxed="blue" in names)


PLAIN = Look()


@dataclass
class Numbering:
    """The ids of content controls, and what their facts are called: equal documents have equal ones."""

    name_of: Callable[[Source], str]
    ids: Iterator[int] = field(default_factory=lambda: count(1001))


def pieces_of(element: Element, look: Look = PLAIN) -> Iterator[tuple[str, Look]]:
    """The texts below an element with their looks, still annotated."""
    for child in element.children:
        if isinstance(child, str):
            yield child, look
        elif child.tag == "br":
            yield "\n", look
        elif child.attributes.get("aria-hidden") != "true":
            yield from pieces_of(child, look.within(child))
            if child.tag == "div":
                yield "\n", look


def cell_text(element: Element, look: Look = PLAIN) -> tuple[str, list[tuple[int, Look]]]:
    """An element's annotated text with blanks collapsed, and where in its plain text each look begins."""
    text, looks, at = "", [], 0
    for piece, own in pieces_of(element, look):
        words = piece if piece == "\n" else _collapsed(piece, at == 0)
        looks.append((at, own))
        text += words
        at += len(plain(words))
    return text.rstrip(" \n"), looks


def _collapsed(piece: str, is_first: bool) -> str:
    """Without the line breaks of the template, other blanks collapsed to one space; none where nothing stands before."""
    words = _BLANKS.sub(" ", _BREAK.sub("", piece))
    return words.lstrip(" ") if is_first else words


class Locked(NamedTuple):
    """A stretch of text that cannot be altered: the key of its number, which an edit names it by, and what it prints."""

    start: int
    end: int
    key: str
    printed: Printed


def runs(
    annotated: str,
    looks: Sequence[tuple[int, Look]],
    numbering: Numbering,
    *,
    is_fixed: bool,
    tokens: list[tuple[str, str]] | None = None,
) -> Iterator[Any]:
    """The runs and locked numbers of a text; `looks` as cell_text gives them. `tokens` are the keys and texts of the numbers
    of a paragraph that the office may word, of which those printed here are taken out; null for any other."""
    words, printed, _ = read(annotated, Subject())
    spans = _outermost(printed) if tokens is None else _chips(annotated, tokens)
    at = 0
    for one in spans:
        yield from _run(words, at, one.start, looks)
        tag, title = f"{one.key} {fact_of(one.printed)}", numbering.name_of(one.printed.source)
        inner = list(_run(words, one.start, one.end, looks))
        yield locked(inner, tag, title, next(numbering.ids), is_fixed=is_fixed)
        at = one.end
    yield from _run(words, at, len(words), looks)


def _outermost(printed: Sequence[Printed]) -> Iterator[Locked]:
    """The numbers to be locked, in order; of one within another only the outer one."""
    end = 0
    for one in sorted(printed, key=lambda p: (p.start, -p.end)):
        if one.kind not in NOT_LOCKED and one.start >= end and one.text:
            yield Locked(one.start, one.end, NO_KEY, one)
            end = one.end


def _chips(annotated: str, tokens: list[tuple[str, str]]) -> Iterator[Locked]:
    """The numbers of a paragraph with their units, each under the key of its token."""
    for chip in chips_of(annotated):
        first = chip.prints[0]
        if tokens and tokens[0][1] == chip.text:
            yield Locked(chip.start, chip.end, tokens.pop(0)[0], first)
        elif first.kind == "outside":
            yield Locked(chip.start, chip.end, NO_KEY, first)


def fact_of(printed: Printed) -> str:
    """The fact of a number in a control's tag: period/county/indicator/column of a figure, else its kind and value."""
    source = printed.source
    if source.indicator:
        return f"{source.period}/{source.county}/{source.indicator}/{source.column}"
    parts = (printed.kind, source.period, source.county, source.column, str(printed.value or ""))
    return "/".join(filter(None, parts))


def _run(words: str, start: int, end: int, looks: Sequence[tuple[int, Look]]) -> Iterator[Any]:
    """The runs of a stretch, one a look."""
    edges = [*(at for at, _ in looks), len(words)] if looks else [0, len(words)]
    for (first, last), look in zip(pairwise(edges), [look for _, look in looks] or [PLAIN], strict=True):
        text = words[max(first, start) : min(last, end)]
        if text and max(first, start) < min(last, end):
            role, size, colour, shade, is_boxed = look
            yield run(text, run_properties(role, size, colour, shade, boxed=is_boxed))
