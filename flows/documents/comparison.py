"""Two documents compared in words and numbers (比较稿): draft against draft, what was issued against what it would say now.

Made from their print records; as a page for a browser, or as a .docx with every difference as a tracked change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.documents.printed_text import Change, Piece, changes
from flows.documents.provenance import Source
from flows.documents.word.package import Package
from flows.documents.word.styles import section
from flows.documents.word.xml import element, run, twips
from flows.settings import ROOT

Record = Sequence[Mapping[str, Any]]  # the blocks with numbers that a manifest holds
_IDS_FROM = 1


@dataclass(frozen=True)
class Side:
    """One of the two: what to call it, its period, and its print record."""

    label: str
    title: str
    period: str
    as_of: datetime
    record: Record


@dataclass(frozen=True)
class NumberChange:
    """A figure that the two print differently."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """What differs: paragraphs and rows with what was taken out and added, and figures; both empty where nothing does."""

    before: Side
    after: Side
    changes: Sequence[Change]
    numbers: Sequence[NumberChange]

    def lines(self) -> list[str]:
        """As a terminal shows it: a line a figure, two a paragraph."""
        found = [f"{one.name}：{one.before} → {one.after}" for one in self.numbers]
        for one in self.changes:
            found += [f"- {_text(one.before)}"] if one.before else []
            found += [f"+ {_text(one.after)}"] if one.after else []
        return found or ["文字和数都没有变"]

    def as_html(self) -> bytes:
        """A page of its own, that needs nothing else."""
        templates = Environment(
            loader=FileSystemLoader(ROOT / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        return templates.get_template("comparison.html.j2").render(c=self).encode()

    def as_docx(self) -> bytes:
        """A .docx in which every difference is a tracked change, dated by the later side's data."""
        package = Package()
        writer = _Redline(package, self.after)
        writer.add("Title", [run("比较稿")])
        writer.add(
            "TableNote",
            [
                run(
                    f"原：{self.before.label}　{self.before.title}（数据截至 {self.before.as_of:%Y-%m-%d %H:%M}）"
                )
            ],
        )
        writer.add(
            "TableNote",
            [
                run(
                    f"现：{self.after.label}　{self.after.title}（数据截至 {self.after.as_of:%Y-%m-%d %H:%M}）"
                )
            ],
        )
        writer.add("Heading1", [run("一、数")])
        for number in self.numbers:
            writer.add(
                "BodyText",
                [
                    run(f"{number.name}："),
                    writer.deleted(number.before),
                    run("　"),
                    writer.inserted(number.after),
                ],
            )
        writer.add("Heading1", [run("二、文字")])
        for change in self.changes:
            writer.add("BodyText", writer.merged(change))
        if not self.changes:
            writer.add("BodyText", [run("文字和数都没有变。")])
        package.body.append(section())
        package.settings(element("w:zoom", percent=100))
        package.describe(f"比较稿　{self.after.title}", "", "比较稿", self.after.as_of)
        return package.as_bytes()


def compare(before: Side, after: Side, name_of: Callable[[Source], str]) -> Comparison:
    """The differences of two documents; `name_of` says what a figure is called."""
    old, new = _figures(before.record), _figures(after.record)
    numbers = [
        NumberChange(name_of(source), old[source], text)
        for source, text in new.items()
        if source in old and old[source] != text
    ]
    return Comparison(before, after, changes(before.record, after.record), numbers)


def _figures(record: Record) -> dict[Source, str]:
    """How each figure is printed, where it is first."""
    found: dict[Source, str] = {}
    for block in record:
        for one in block["printed"]:
            if one.get("indicator") and one["text"]:
                source = Source(
                    one.get("period", ""), one.get("county", ""), one["indicator"], one.get("column", "")
                )
                found.setdefault(source, one["text"])
    return found


def _text(pieces: Sequence[Piece]) -> str:
    marks = {"removed": "[-{}-]", "added": "[+{}+]", "": "{}"}
    return "".join(marks[piece.change].format(piece.text) for piece in pieces)


class _Redline:
    """Paragraphs with tracked changes."""

    def __init__(self, package: Package, after: Side) -> None:
        self._package, self._at = package, f"{after.as_of:%Y-%m-%dT%H:%M:%SZ}"
        self._id = _IDS_FROM

    def add(self, style: str, parts: Sequence[Any]) -> None:
        """A paragraph."""
        kept = (
            [element("w:spacing", before=0, after=twips(1), line=480, lineRule="atLeast")]
            if style == "BodyText"
            else []
        )
        self._package.body.append(
            element("w:p", element("w:pPr", element("w:pStyle", val=style), *kept), *parts)
        )

    def merged(self, change: Change) -> list[Any]:
        """The paragraph of now with what was taken out."""
        parts: list[Any] = []
        before, after = list(change.before), list(change.after)
        while before or after:
            if before and before[0].change == "removed":
                parts.append(self.deleted(before.pop(0).text))
            elif after and after[0].change == "added":
                parts.append(self.inserted(after.pop(0).text))
            else:
                parts.append(run((before or after)[0].text))
                before, after = before[1:], after[1:]
        return parts

    def inserted(self, text: str) -> Any:
        """Words that were not there before."""
        return element("w:ins", run(text), **self._mark())

    def deleted(self, text: str) -> Any:
        """Words that are there no longer."""
        removed = run(text)
        for words in removed.iter("{*}t"):
            words.tag = words.tag.replace("}t", "}delText")
        return element("w:del", removed, **self._mark())

    def _mark(self) -> dict[str, object]:
        self._id += 1
        return {"id": self._id, "author": "比较", "date": self._at}
