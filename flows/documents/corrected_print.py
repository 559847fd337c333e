"""What an issued document would print otherwise today (更正对照): its sentences, and the numbers of its tables.

Both texts come from the record of a rendering, so that nothing printed is overlooked; the figures' own columns stand in a
table of their own (flows.documents.kinds.correction).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.documents.print_record import Block, Printed
from flows.documents.printed_text import differing
from flows.documents.words import NOT_COMPUTABLE, moved

# Paragraphs that say of what data a document is made, and tables of what was reported: they follow the data cut.
_NOT_COMPARED = frozenset(
    ("scope", "introduction", "amended", "note", "chart-note", "statement", "doubt", "task", "record", "reported",
     "amendment", "months", "svg")
)  # fmt: skip
# Columns besides those of the figures: what a table calls each.
OTHER_COLUMNS = {
    "rank_change": "位次升降", "required_monthly": "尚需月均", "monthly_average": "今年以来月均",
    "previous_value": "上期", "change_pct": "同比（%）", "low": "预计全年下限", "middle": "预计全年", "high": "预计全年上限",
    "share_pct": "份额（%）", "reported": "已报地区数", "value_reported": "当期已报地区数", "points": "指标得分",
    "gain": "多完成一个单位增加的得分", "deducted": "扣分", "score": "得分", "rank": "得分位次",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    """A number of a table, as it was printed and as it would be; — where there is none. `indicator` is empty for a
    county's score."""

    county: str
    indicator: str
    column: str
    before: str
    now: str


def changed_sentences(then: Sequence[Block], now: Sequence[Block]) -> tuple[tuple[str, str], ...]:
    """The sentences that differ, each as it was and as it is, empty where there was or is none."""
    return tuple(differing(list(_sentences(then)), list(_sentences(now))))


def changed_numbers(then: Sequence[Block], now: Sequence[Block]) -> tuple[ChangedNumber, ...]:
    """The numbers of tables that differ, besides those of the figures' own columns, in the order of the pages."""
    before, after = _numbers(then), _numbers(now)
    return tuple(
        ChangedNumber(*key, before.get(key, NOT_COMPUTABLE), after.get(key, NOT_COMPUTABLE))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )


def _sentences(blocks: Sequence[Block]) -> Iterator[str]:
    """The sentences of the text, without tables, quoted statements and 口径说明."""
    for block in blocks:
        if _is_text(block) and block.id not in _NOT_COMPARED:
            yield from (f"{sentence}。" for sentence in block.text.rstrip("。").split("。"))


def _numbers(blocks: Sequence[Block]) -> dict[tuple[str, str, str], str]:
    """What tables print, by county, indicator and column; a number that stands in several places once."""
    found: dict[tuple[str, str, str], str] = {}
    for block in blocks:
        if _is_text(block) or block.id in _NOT_COMPARED:
            continue
        for one in block.printed:
            key = (one.source.county, one.source.indicator, one.source.column)
            if key[2] in OTHER_COLUMNS and not (key[2] == "rank" and key[1]):
                found.setdefault(key, _text(one))
    return found


def _is_text(block: Block) -> bool:
    return block.text.endswith("。")


def _text(printed: Printed) -> str:
    return moved(int(printed.value)) if printed.source.column == "rank_change" else printed.text
