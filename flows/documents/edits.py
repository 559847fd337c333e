"""Print the office's own words (印改写的文字): edits in force, each against the paragraph as the program writes it now.

An edit stands while its paragraph's facts stand. Where they are others now, it is printed with the numbers of now as far as
they can be determined, and must be looked at again (须重看) before the draft may be approved.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.documents.edited_text import DATE, OUTSIDE
from flows.documents.known_numbers import KnownNumbers
from flows.documents.paragraphs import TOKEN, Chip, Paragraph, token, undated, without_tokens, wording
from flows.documents.provenance import Source, annotate
from flows.plan.paragraph_edit import ParagraphEdit

_MARK = re.compile(f"{TOKEN.pattern}|{OUTSIDE.pattern}|{DATE.pattern}")


@dataclass(frozen=True)
class AppliedEdits:
    """What the edits of a document come to: by paragraph, its text with tokens of now in `current`, what is to be printed
    in `texts`; `stale` are the ids of paragraphs to be looked at again, printed or not."""

    current: dict[str, str] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stale: tuple[str, ...] = ()


def apply_edits(edits: Sequence[ParagraphEdit], numbers: KnownNumbers) -> AppliedEdits:
    """The edits in force on the paragraphs of a draft."""
    current, texts, stale = {}, {}, []
    for edit in edits:
        paragraph = numbers.paragraph.get(edit.paragraph)
        text = _current(edit, paragraph, numbers) if paragraph else None
        if paragraph is None or text is None or _is_stale(edit, text, paragraph):
            stale.append(edit.paragraph)
        if paragraph and text is not None:
            current[edit.paragraph] = text
            texts[edit.paragraph] = printed_lines(text, paragraph, numbers)
    return AppliedEdits(current, texts, tuple(stale))


def printed_lines(text: str, paragraph: Paragraph, numbers: KnownNumbers) -> tuple[str, ...]:
    """A text with tokens as it is printed, a line a paragraph: every number with its source, one from elsewhere with whom
    it is from. ValueError for a token that names no number of the draft."""
    return tuple(_annotated(line, paragraph, numbers) for line in text.split("\n") if line)


def _annotated(line: str, paragraph: Paragraph, numbers: KnownNumbers) -> str:
    def printed(found: re.Match[str]) -> str:
        if found[1]:
            chip = numbers.chip(found[1], paragraph)
            if chip is None:
                raise ValueError(f"no number {found[0]} in {paragraph.id}")
            return chip.annotated
        if found[3]:
            return annotate(
                f"{found[3]}（来源：{found[4]}）", "outside", Source(column="outside"), value=found[4]
            )
        return annotate(found[0], "office_date", Source(column="office_date"))

    return _MARK.sub(printed, line)


def _is_stale(edit: ParagraphEdit, current: str, paragraph: Paragraph) -> bool:
    """Whether anything but a date is other than when it was written: in the program's paragraph or in what is cited."""
    return undated(edit.own_text) != undated(paragraph.text) or undated(edit.new_text) != undated(current)


def _current(edit: ParagraphEdit, paragraph: Paragraph, numbers: KnownNumbers) -> str | None:
    """The edit with the numbers of now; None where they cannot be determined: the paragraph's words are others, another
    paragraph's number is another, a figure is not reported or turned from ahead to behind."""
    if wording(edit.own_text) != wording(paragraph.text):
        return None
    lost = False

    def renewed(found: re.Match[str]) -> str:
        nonlocal lost
        chip = numbers.chip(found[1], paragraph)
        before = paragraph.lead + without_tokens(edit.new_text[: found.start()])
        if chip is None or not _holds(found, chip, before, paragraph, numbers):
            lost = True
            return found[0]
        return token(found[1], chip.text)

    text = TOKEN.sub(renewed, edit.new_text)
    return None if lost else text


def _holds(
    found: re.Match[str], chip: Chip, before: str, paragraph: Paragraph, numbers: KnownNumbers
) -> bool:
    """Whether a token still names its number: another paragraph's only unchanged, a figure while the words before say of
    it what it is."""
    if "." in found[1]:
        return chip.text == found[2]
    if "/" not in found[1]:
        return True
    written, meant = numbers.context(before, len(before)), numbers.meaning(found[1], chip, paragraph)
    return written.is_of(meant) and written[1:3] == meant[1:3]
