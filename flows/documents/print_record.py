"""The record of a rendering (印本记录): every paragraph and table row of a document with the facts printed in it.

Read from the rendered HTML, whose texts carry annotations (`flows.documents.provenance`); the gate compares it with
the finished PDF, the manifest keeps it, and `trace` starts from it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, NamedTuple

from markupsafe import Markup

from flows.documents.provenance import END, SEPARATOR, START, Source, plain, revealed, subject

_INLINE = frozenset(("span", "br", "th", "td", "b", "i", "em", "strong"))
VOID = frozenset(("br", "hr", "col", "meta", "link", "img", "input", "wbr"))
_WHOLE = frozenset(("tr", "svg", "title"))  # everything inside is one block
_NOT_SET = frozenset(("draft-mark", "sample-mark", "watermark"))  # marks of a draft, outside the text
_TOKEN = re.compile(f"{START}([^{SEPARATOR}]*){SEPARATOR}|{END}")
_DATA = re.compile(r' data-(?:id|text|county|indicator|unnamed|over)="[^"]*"')


class Subject(NamedTuple):
    """Whose figures a text may print; an empty part: anybody's."""

    county: str = ""
    indicator: str = ""


class Printed(NamedTuple):
    """One number, date, quotation or fixed wording: where it stands in its block, how it was printed and of what."""

    start: int
    text: str
    kind: str
    value: Any
    unit: str
    source: Source
    subject: Subject

    @property
    def end(self) -> int:
        """Where it ends in its block."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table row, a heading or a chart, its text without white space.

    `subjects` are the texts in it that speak of a county or an indicator by name. `is_head` marks the head of a
    table, which is set again on every page that the table reaches.
    """

    id: str
    text: str
    printed: tuple[Printed, ...]
    subjects: tuple[tuple[Subject, str], ...]
    is_head: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        numbers = [_as_dict(p) for p in self.printed if p.kind not in {"wording", "ordinal"}]
        return {"id": self.id, "text": self.text, "printed": numbers}


def _as_dict(printed: Printed) -> dict[str, Any]:
    """What is known of a number, empty fields left out."""
    source = printed.source
    known = {
        "text": printed.text,
        "kind": printed.kind,
        "value": printed.value,
        "period": source.period,
        "county": source.county,
        "indicator": source.indicator,
        "column": source.column,
        "parts": [list(part) for part in source.parts if source.column != "count"],
    }
    return {name: value for name, value in known.items() if value not in (None, "", [])}


def blocks(html: str, own: str, names: Iterable[str] = ()) -> tuple[Block, ...]:
    """The blocks of a rendered document in its order. `own` is the county whose document it is, or the city;
    `names` are the plan's own names that have digits in them."""
    reader = _Reader(own, [name for name in names if re.search(r"\d", name)])
    reader.feed(html)
    return tuple(reader.blocks)


def without_annotations(html: str) -> str:
    """The HTML as it is set."""
    return plain(_DATA.sub("", html))


def attributes(
    block: str = "",
    county: str = "",
    indicator: str = "",
    text: str = "",
    *,
    is_named: bool = True,
    is_laid_over: bool = False,
) -> Markup:
    """The attributes by which a template names a block: its id, its subject, whether that is named in it, its text
    where lines are broken. A cell that `is_laid_over` is set after the page, by its position."""
    unnamed, over = "" if is_named else "yes", "yes" if is_laid_over else ""
    given = {
        "id": block,
        "county": county,
        "indicator": indicator,
        "text": text,
        "unnamed": unnamed,
        "over": over,
    }
    return Markup("").join(
        Markup(' data-{}="{}"').format(name, value) for name, value in given.items() if value
    )


class _Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    words: list[str]
    laid_over: list[str]
    is_block: bool


class _Reader(HTMLParser):
    """Collects the blocks; whatever stands in an element of its own line or row is one."""

    def __init__(self, own: str, names: Sequence[str]) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._own, self._names = own, names
        self._open: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = {name: value or "" for name, value in attrs}
        inside = (
            any(e.tag in _WHOLE or "data-id" in e.attributes for e in self._open)
            or "title" in self._classes()
        )
        element = _Element(tag, given, [], [], not inside and tag not in _INLINE)
        self._open.append(element)
        if tag == "td" and "data-county" in given:
            self._words().append(subject("", given["data-county"], is_named=False)[:-1])

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open[-1].is_block and "data-county" in self._open[-1].attributes:
            self._words().append(END)
        element = self._open.pop()
        if element.is_block:
            self._close(element, element.attributes.get("data-text") or "".join(element.words))
            self._close(element, "".join(element.laid_over), is_laid_over=True)

    def handle_data(self, data: str) -> None:
        if not data.isspace():
            self._words().append(data)

    def _words(self) -> list[str]:
        block = next((e for e in reversed(self._open) if e.is_block), None)
        if block is None:
            return []
        is_over = any("data-over" in element.attributes for element in self._open)
        return block.laid_over if is_over else block.words

    def _classes(self) -> set[str]:
        return {name for element in self._open for name in element.attributes.get("class", "").split()}

    def _close(self, element: _Element, text: str, *, is_laid_over: bool = False) -> None:
        around = [*self._open, element]
        hidden = any(e.attributes.get("aria-hidden") == "true" or e.tag == "head" for e in around)
        marks = _NOT_SET & {name for e in around for name in e.attributes.get("class", "").split()}
        if hidden or marks or not plain(text).strip():
            return
        given = element.attributes
        own = Subject(given.get("data-county", self._own), given.get("data-indicator", ""))
        if element.tag == "svg":  # a chart speaks of everybody, each panel and bar under its name
            own = Subject()
        is_head = any(e.tag == "thead" for e in self._open)
        words, printed, subjects = read("".join(text.split()), own)
        is_named = not is_laid_over and "data-unnamed" not in given
        if is_named and ("data-county" in given or "data-indicator" in given):
            subjects.append((Subject(given.get("data-county", ""), own.indicator), words))
        printed += _names_in(words, printed, self._names, own)
        self.blocks.append(
            Block(
                given.get("data-id") or element.tag,
                words,
                tuple(sorted(printed, key=lambda p: p.start)),
                tuple(subjects),
                is_head,
            )
        )


def read(annotated: str, own: Subject) -> tuple[str, list[Printed], list[tuple[Subject, str]]]:
    """The plain text of an annotated one, what is printed in it, and the texts that name a subject of their own."""
    words, printed, subjects = "", [], []
    stack: list[tuple[int, list[Any]]] = []
    at = 0
    for token in _TOKEN.finditer(annotated):
        words += annotated[at : token.start()]
        at = token.end()
        if token[0] != END:
            stack.append((len(words), revealed(token[1])))
            continue
        start, data = stack.pop()
        if data[0] == "subject":
            subjects.append((Subject(data[1], data[2]), words[start:]))
        elif data[0] != "unnamed":
            kind, value, unit, period, county, indicator, column, parts = data
            source = Source(period, county, indicator, column, tuple((n, v) for n, v in parts))
            printed.append(Printed(start, words[start:], kind, value, unit, source, _nearest(stack, own)))
    return words + annotated[at:], printed, subjects


def _nearest(stack: Sequence[tuple[int, list[Any]]], own: Subject) -> Subject:
    """The innermost subject around a number."""
    around = [Subject(data[1], data[2]) for _, data in stack if data[0] in {"subject", "unnamed"}]
    found = [own, *around]
    county = next((s.county for s in reversed(found) if s.county), "")
    indicator = next((s.indicator for s in reversed(found) if s.indicator), "")
    return Subject(county, indicator)


def _names_in(text: str, printed: Sequence[Printed], names: Sequence[str], own: Subject) -> Iterator[Printed]:
    """The plan's own names that stand in a text outside what is printed, as quotations."""
    for name in names:
        for found in re.finditer(re.escape("".join(name.split())), text):
            if not any(p.start < found.end() and found.start() < p.end for p in printed):
                yield Printed(found.start(), found[0], "quotation", None, "", Source(column="plan"), own)
