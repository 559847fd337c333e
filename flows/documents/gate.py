"""The gate (出门关): reads a finished PDF back and names every fault; one with a fault is not approved and not sent.

It compares the pages with the record of what was printed (`flows.documents.print_record`) and knows no wording: every
paragraph and row stands there in its order, every number equals its fact, every digit belongs to one of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.documents.gate_numbers import number_faults
from flows.documents.gate_order import located
from flows.documents.pdf.fonts import Role
from flows.documents.pdf.page_text import LYING, UPRIGHT, Page, pages, title_of
from flows.documents.print_record import Block
from flows.plan.catalogue import Catalogue
from flows.plan.terms import CITY

MARKS = ("草稿未经审定", "示例数据并非真实")
PLACEHOLDERS = (
    "TODO",
    "TBD",
    "XX",
    "××",
    "待填",
    "{{",
    "}}",
    "{%",
    "None",
    "nan",
    "Undefined",
    "lorem",
    "占位",
)
_A4 = (210.0, 297.0)
_FONTS = frozenset(str(role) for role in Role)
_NEEDED = (Role.BODY, Role.TITLE, Role.HEADING)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind, the page it is on (0: the whole document), and a sentence with the words found."""

    kind: str
    page: int
    said: str

    def __str__(self) -> str:
        """As an operator reads it: 第3页 数字无出处：…."""
        return f"{f'第{self.page}页' if self.page else '全文'} {self.kind}：{self.said}"


@dataclass(frozen=True)
class Expected:
    """What the finished document must be: its title and the blocks it prints.

    `has_record` says whether it ends in a 版记; `is_letter` that it is in letter form, whose first page bears the
    issuer above the text area and no number.
    """

    title: str
    blocks: Sequence[Block]
    catalogue: Catalogue
    has_record: bool = True
    is_letter: bool = False

    @property
    def letter_head(self) -> str:
        """What stands above the text area of a letter's first page; empty in another document."""
        return _words(self.catalogue.policy.documents.issuer) if self.is_letter else ""


def examine(pdf: bytes, expected: Expected) -> list[Fault]:
    """Every fault of the finished document, in page order; none where it may go out."""
    read = pages(pdf)
    if not read or not any(page.text.strip() for page in read):
        return [Fault("空白", 0, "没有一页有字")]
    found = [*_whole(pdf, read, expected), *(fault for page in read for fault in _page(page, expected))]
    found += _printed(read, expected)
    return sorted(found, key=lambda fault: fault.page)


def _printed(read: Sequence[Page], expected: Expected) -> Iterator[Fault]:
    """The record against the pages: blocks lost, digits nobody printed, numbers unlike their facts."""
    found = located(read, list(_in_text_area(expected)))
    for block in found.missing:
        yield Fault("缺行", 0, f"应印“{block.text}”")
    for page, number, around in found.unsourced:
        yield Fault("数字无出处", page, f"{number}（“{around}”）")
    for block in expected.blocks:
        page = found.page_of.get(id(block), 0)
        words = _own_words(block)
        yield from (Fault("占位文字", page, f"“{word}”") for word in PLACEHOLDERS if word in words)
        yield from (Fault(kind, page, said) for kind, said in number_faults(block, expected.catalogue))
        yield from (Fault("对象不符", page, said) for said in _unnamed(block, expected.catalogue))


def _in_text_area(expected: Expected) -> Iterator[Block]:
    """The blocks to be found within the text area: the head of a letter stands above it and is an edge's matter."""
    head = expected.letter_head
    for block in expected.blocks:
        if block.text == head:
            head = ""
        else:
            yield block


def _own_words(block: Block) -> str:
    """The text of a block without quotations: what a county writes in its own words is none of our placeholders."""
    words, at = "", 0
    for printed in block.printed:
        if printed.kind == "quotation" and printed.start >= at:
            words += f"{block.text[at : printed.start]} "
            at = printed.end
    return words + block.text[at:]


def _unnamed(block: Block, catalogue: Catalogue) -> Iterator[str]:
    """A text that is to speak of a county or an indicator whose name does not stand in it."""
    for subject, text in block.subjects:
        names = [catalogue.name_of(subject.county)] if subject.county not in {"", CITY} else []
        names += [catalogue.indicator[subject.indicator].name] if subject.indicator else []
        for name in names:
            if "".join(name.split()) not in text:
                yield f"“{text}”应写明{name}"


def _whole(pdf: bytes, read: Sequence[Page], expected: Expected) -> Iterator[Fault]:
    """What is said once: title, record, fonts."""
    title = _words(expected.title)
    if title not in _words(read[0].text) or _words(title_of(pdf)) != title:
        yield Fault("题目不符", 1, f"应为“{expected.title}”，首页和文件属性中不全是它")
    record = next((block.text for block in expected.blocks if block.id == "record"), None)
    if expected.has_record and (record is None or not _words(read[-1].text).endswith(record)):
        yield Fault("缺版记", len(read), f"末页末尾应为版记，实为“{_words(read[-1].text)[-16:]}”")
    names = {name for page in read for name in page.fonts}
    for role in _NEEDED:
        if role not in names:
            yield Fault("缺字体", 0, f"没有用到应有的字体 {role}")


def _page(page: Page, expected: Expected) -> Iterator[Fault]:
    """What every page must be: of its size, within its edges, readable, in embedded fonts of the document."""
    if not page.text.strip():
        yield Fault("空白页", page.number, "版心内没有字")
    if sorted((round(page.width, 0), round(page.height, 0))) != sorted(_A4):
        yield Fault("纸张不符", page.number, f"应为 A4，实为 {page.width:.0f}×{page.height:.0f} 毫米")
    if page.unreadable:
        yield Fault("缺字", page.number, f"{page.unreadable} 个字没有对应的字形或字码")
    if page.bare_tables:
        yield Fault("空表", page.number, f"{page.bare_tables} 张表只有表头，没有数据")
    yield from _edges(page, expected)
    yield from _fonts(page)


def _edges(page: Page, expected: Expected) -> Iterator[Fault]:
    """Outside the text area stand the page's number and the marks of a draft, and nothing else."""
    folio, outside = f"—{page.number}—", _words(page.outside)
    letter_head = expected.letter_head if page.number == 1 else ""
    folio = letter_head or folio
    if folio not in outside:
        what = "信头" if letter_head else "页码"
        yield Fault(f"缺{what}", page.number, f"应有“{folio if letter_head else f'— {page.number} —'}”")
    for words in (folio, *MARKS):
        outside = outside.replace(words, "", 1)
    if outside:
        left, top, right, bottom = UPRIGHT if page.width < page.height else LYING
        area = f"版心 {left:.0f}–{right:.0f}、{top:.0f}–{bottom:.0f} 毫米"
        yield Fault("出版心", page.number, f"“{outside[:30]}”在版心外（{area}）")


def _fonts(page: Page) -> Iterator[Fault]:
    for name, embedded in page.fonts.items():
        if name not in _FONTS:
            yield Fault("字体不符", page.number, f"用了公文以外的字体 {name}")
        elif not embedded:
            yield Fault("字体未内嵌", page.number, name)


def _words(text: str) -> str:
    return "".join(text.split())
