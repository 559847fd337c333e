"""The paragraphs of a document that the office may word itself (可改的段落), their numbers as chips.

A chip is a number as the program printed it, its unit with it, locked: it may be moved, repeated or left out, never
altered. As text it is a token, `{2:8123人}`: the second chip of the paragraph. `paragraphs.json` beside a draft holds them;
.docx, desk and commands edit the text that this module writes, and `flows.documents.edited_text` reads it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from flows.documents.print_record import Printed, Subject, read
from flows.documents.provenance import annotate, plain, subject
from flows.plan.paragraph_edit import Slot

FILE = "paragraphs.json"
LABEL_LENGTH = 12  # characters
_COUNTED = "个(?:百分点|工作日|季度|地区|单位|牵头单位|计量单位|月)?"
_UNITS = f"(?:{_COUNTED}|头只口羽次|项次|人次|场次|[人户家项期位亩件条份分名例次批笔元天年月日时倍号%‰℃])"
UNIT = re.compile(f"[万亿]?{_UNITS}|[万亿]|")
_JOINT = re.compile("[/—～-]?")  # 8/9, 1—6月: one chip
_FIRST_OF_NUMBER = "第+-↑↓"
NO_FIGURES = frozenset(("date", "month", "ordinal", "wording", "quotation"))  # kinds that print no figure
_DAY = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:\d{1,2}时\d{2}分)?")
ANYBODY = Subject()
TOKEN = re.compile(r"\{([^{}:]+):([^{}]*)\}")


class Chip(NamedTuple):
    """A number where it stands in its paragraph: `text` with its unit, `prints` what in it is printed of which fact."""

    start: int
    text: str
    prints: tuple[Printed, ...]

    @property
    def end(self) -> int:
        """Where it ends in its paragraph."""
        return self.start + len(self.text)

    @property
    def is_figure(self) -> bool:
        """Whether it is a number of the data, not a date, a reference or a quotation."""
        return any(printed.kind not in NO_FIGURES for printed in self.prints)

    @property
    def annotated(self) -> str:
        """The same with the sources of its numbers, to be printed anywhere in the document."""
        text, at = "", self.start
        for one in self.prints:
            text += self.text[at - self.start : one.start - self.start]
            text += annotate(one.text, one.kind, one.source, one.unit, one.value)
            at = one.end
        whole = text + self.text[at - self.start :]
        of = self.prints[0].subject
        return subject(whole, *of, is_named=False) if any(of) else whole


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as the program wrote it: `id` is stable from draft to draft, `lead` its opening words in 楷体, which stay;
    `annotated` its text with the sources of its numbers, empty for a slot."""

    id: str
    lead: str
    annotated: str

    @property
    def is_slot(self) -> bool:
        """Whether the program writes nothing here."""
        return self.id in set(Slot)

    @property
    def label(self) -> str:
        """What to call it: its lead, a slot's name, or how it begins."""
        if self.is_slot:
            return next(slot.label for slot in Slot if slot == self.id)
        start = self.plain[:LABEL_LENGTH]
        return self.lead.rstrip("。") or (start if start == self.plain else f"{start}…")

    @cached_property
    def plain(self) -> str:
        """Its text as it is set, without the lead."""
        return plain(self.annotated)

    @cached_property
    def chips(self) -> tuple[Chip, ...]:
        """Its numbers, from the first on."""
        return chips_of(self.annotated)

    @cached_property
    def text(self) -> str:
        """Its text with a token for each chip: what is edited."""
        text, at = "", 0
        for number, chip in enumerate(self.chips, 1):
            text += self.plain[at : chip.start] + token(str(number), chip.text)
            at = chip.end
        return text + self.plain[at:]


def token(key: str, text: str) -> str:
    """A chip in a text: `{2:8123人}` the paragraph's own, `{slow.1:3项}` another paragraph's, `{kailu/urban_new_jobs/ytd:607人}`
    a figure of the period."""
    return f"{{{key}:{text}}}"


def without_tokens(text: str) -> str:
    """The text as it reads."""
    return TOKEN.sub(lambda found: found[2], text)


def wording(text: str) -> str:
    """What of a paragraph is words: its tokens without their numbers."""
    return TOKEN.sub(lambda found: token(found[1], ""), text)


def undated(text: str) -> str:
    """A paragraph but for its dates, which a new draft moves on without any fact being another."""
    return TOKEN.sub(lambda found: token(found[1], "") if _DAY.fullmatch(found[2]) else found[0], text)


def chips_of(annotated: str, own: Subject = ANYBODY) -> tuple[Chip, ...]:
    """The numbers of an annotated text with their units; `own` is the subject of those that name none."""
    text, printed, _ = read(annotated, own)
    return tuple(_chips(text, printed))


def _chips(text: str, printed: Sequence[Printed]) -> Iterator[Chip]:
    spans: list[tuple[int, int, list[Printed]]] = []
    for one in sorted(printed, key=lambda p: (p.start, -p.end)):
        start = one.start
        if text[start - 1 : start] and text[start - 1] in _FIRST_OF_NUMBER:
            start -= 1
        found = UNIT.match(text, one.end)
        end = found.end() if found and one.text[-1:].isdigit() else one.end
        before = spans[-1] if spans else (0, -1, [])
        if one.start < before[1]:
            continue  # a number inside a quotation
        if spans and _JOINT.fullmatch(text, before[1], start):
            spans[-1] = (before[0], end, [*before[2], one])
        else:
            spans.append((start, end, [one]))
    for start, end, prints in spans:
        yield Chip(start, text[start:end], tuple(prints))


def paragraphs_json(own: str, paragraphs: Iterable[Paragraph]) -> bytes:
    """As they lie beside the draft, with whose document it is."""
    rows = [[one.id, one.lead, one.annotated] for one in paragraphs]
    return (json.dumps({"own": own, "paragraphs": rows}, ensure_ascii=False, indent=0) + "\n").encode()


def read_paragraphs(folder: Path) -> tuple[str, tuple[Paragraph, ...]]:
    """Whose document the draft in a folder is, and its paragraphs; none beside one that an earlier program made."""
    file = folder / FILE
    if not file.exists():
        return "", ()
    record = json.loads(file.read_text(encoding="utf-8"))
    return record["own"], tuple(Paragraph(*row) for row in record["paragraphs"])


class ParagraphWriter:
    """What the templates print their paragraphs through. It notes each as the program wrote it in `paragraphs`, and gives
    the office's `texts`, by paragraph, in its place. `slots` are those of the document's kind."""

    def __init__(self, slots: Iterable[Slot], texts: dict[str, tuple[str, ...]]) -> None:
        self.paragraphs: list[Paragraph] = []
        self._slots, self._texts = frozenset(map(str, slots)), texts
        self._ids: set[str] = set()

    def write(self, paragraph: str, lead: str, text: str) -> Sequence[str]:
        """The texts, each to be set as a paragraph; ValueError where two paragraphs of a document have the same id."""
        written = Paragraph(plain(paragraph), lead, text)
        if written.is_slot and written.id not in self._slots:
            return ()
        if written.id in self._ids:
            raise ValueError(f"two paragraphs are called {written.id}")
        self._ids.add(written.id)
        self.paragraphs.append(written)
        return self._texts.get(written.id, () if written.is_slot else (text,))
