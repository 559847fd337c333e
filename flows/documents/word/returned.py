"""Compare a .docx that came back with the one that went out (比对送回的稿): which paragraphs the office worded otherwise.

A paragraph is known by its bookmark; where a program has dropped those, by its place among the others and by how much of its
text is the same; what stands where an empty slot stood fills it. What else is new stands with the paragraph before it. Tables,
headings and whatever else the program alone writes may not differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from flows.documents.word.reader import ReadParagraph, read_docx

_ALIKE = 0.5  # of the text: less is another paragraph
_SHOWN = 20
_TOKEN_MARKS = str.maketrans("", "", "{}")


@dataclass(frozen=True, slots=True)
class Wordable:
    """A paragraph that the office may word: its id, its lead, which stays, and what stands there while nothing is printed."""

    id: str
    lead: str
    placeholder: str


@dataclass
class Returned:
    """What came back: `texts` of paragraphs that may be other now, by id; `faults`, what may not be changed and was; `notes`,
    tracked changes and comments."""

    texts: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compare(sent: bytes, returned: bytes, wordable: Mapping[str, Wordable]) -> Returned:
    """The difference; `wordable` are the paragraphs by the bookmark that they went out under. DocxError where the file
    cannot be read, or has nothing of the document in it."""
    before, after = read_docx(sent), read_docx(returned)
    result = Returned()
    for one in after:
        result.notes += [f"修订：{change}" for change in one.changes] + one.comments
    rows = [one for one in before if one.is_row], [one for one in after if one.is_row]
    result.faults += _changed_rows(*rows)
    words = [one for one in before if not one.is_row], [one for one in after if not one.is_row]
    hints = {one.placeholder for one in wordable.values()}
    lines = _matched(*words, [at for at, one in enumerate(words[0]) if one.text in hints])
    seen: dict[str, list[str]] = {}
    for at, one in enumerate(words[0]):
        name = next((name for name in one.bookmarks if name in wordable), None)
        if name is None:
            result.faults += _changed_heading(one, lines[at])
            continue
        paragraph = wordable[name]
        seen.setdefault(paragraph.id, [])
        seen[paragraph.id] += _lines(paragraph, lines[at], result, is_first=not seen[paragraph.id])
    result.texts = {name: "\n".join(found) for name, found in seen.items()}
    return result


def _changed_rows(before: Sequence[ReadParagraph], after: Sequence[ReadParagraph]) -> list[str]:
    """A sentence for every cell that is another, and for rows added or taken out."""
    faults = []
    if len(before) != len(after):
        faults.append(f"表格原有 {len(before)} 行，现有 {len(after)} 行：表由数据生成，不能增减")
    for old, new in zip(before, after, strict=False):
        for was, now in zip(_cells(old), _cells(new), strict=False):
            if was != now:
                faults.append(f"表格里的“{was}”改成了“{now}”（{_cells(old)[0]}一行）：数不能改，表由数据生成")
    return faults[:_SHOWN]


def _cells(row: ReadParagraph) -> list[str]:
    return [_bare(cell) for cell in row.text.split("｜")]


def _changed_heading(before: ReadParagraph, lines: Sequence[str]) -> list[str]:
    """What the program alone writes may be set otherwise, not worded otherwise."""
    was, now = _bare(before.text), _bare("".join(lines[:1]))
    what = f"改成了“{now[:_SHOWN]}”" if now else "删去了"
    faults = [] if was == now else [f"“{was[:_SHOWN]}”{what}：这一处由程序生成，不能在这里改"]
    return faults + [
        f"“{_bare(line)[:_SHOWN]}”写在不能改的地方：请写在可改的段落后面" for line in lines[1:] if _bare(line)
    ]


def _bare(text: str) -> str:
    return "".join(text.translate(_TOKEN_MARKS).split())


def _lines(paragraph: Wordable, lines: Sequence[str], result: Returned, *, is_first: bool) -> list[str]:
    """The lines of a paragraph without its lead and its placeholder."""
    found = []
    for number, line in enumerate(part for one in lines for part in one.split("\n")):
        text = line.replace(paragraph.placeholder, "")
        if number == 0 and is_first and paragraph.lead:
            if not text.strip().startswith(paragraph.lead):
                result.faults.append(f"“{paragraph.lead}”是题头，不能改：现为“{text.strip()[:_SHOWN]}”")
            text = text.strip().removeprefix(paragraph.lead)
        if text.strip():
            found.append(text.strip())
    return found


def _matched(
    before: Sequence[ReadParagraph], after: Sequence[ReadParagraph], slots: Sequence[int]
) -> list[list[str]]:
    """Of each paragraph that went out, the lines that came back for it; none where it was taken out."""
    home = _homes(before, after, slots)
    lines: list[list[str]] = [[] for _ in before]
    last = 0
    for at, one in enumerate(after):
        last = home.get(at, last)
        if one.text.strip() or at in home:
            lines[last].append(one.text)
    return lines


def _homes(
    before: Sequence[ReadParagraph], after: Sequence[ReadParagraph], slots: Sequence[int]
) -> dict[int, int]:
    """Which paragraph each that came back is: by bookmark, then by equal text in order, then by likeness between those or as
    an empty slot there."""
    named = {name: at for at, one in enumerate(before) for name in one.bookmarks}
    home: dict[int, int] = {}
    for at, one in enumerate(after):
        known = next((named[name] for name in one.bookmarks if name in named), None)
        if known is not None and known not in home.values():
            home[at] = known
    old, new = [_bare(one.text) for one in before], [_bare(one.text) for one in after]
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            if block.b + step not in home and block.a + step not in home.values():
                home[block.b + step] = block.a + step
    for at, text in enumerate(new):
        if at not in home and text and (alike := _most_alike(at, text, home, old, slots)) is not None:
            home[at] = alike
    return home


def _most_alike(
    at: int, text: str, home: Mapping[int, int], old: Sequence[str], slots: Sequence[int]
) -> int | None:
    """The paragraph, between those that are known around a place, whose text is most like this one's; else a slot there."""
    first = max((home[p] for p in home if p < at), default=-1)
    end = min((home[p] for p in home if p > at), default=len(old))
    free = [n for n in range(first + 1, end) if n not in home.values() and old[n]]
    likeness = {n: SequenceMatcher(None, old[n], text, autojunk=False).ratio() for n in free}
    best = max(likeness, key=lambda n: likeness[n], default=None)
    if best is not None and likeness[best] >= _ALIKE:
        return best
    return next((n for n in free if n in slots), None)
