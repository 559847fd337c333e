"""Units that a sheet states for itself (计量单位): 单位：万人 at the right, 元 in a column for 万元, 千元 in a row's cell.

A known unit is followed exactly and the receipt says so; a unit that is not known holds the number. A number without
a stated unit is never scaled.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from flows.plan.catalogue import Catalogue, normalize_name
from flows.submissions.form.layout import Field
from flows.submissions.formats.grid import Grid, bare
from flows.submissions.reading.labels import HEAD_ROWS, exact_field, labelled

MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
MONEY, LAND, RATES = ("元",), ("亩",), ("%", "个百分点")
COUNTED = (
    "头只口羽次", "人次", "场次", "人", "名", "位", "个", "家", "户", "项", "场", "次", "件", "笔", "座", "所", "处", "期",
)  # fmt: skip
_OTHER_SIGNS = str.maketrans(
    {"仟": "千", "佰": "百", "拾": "十", "萬": "万", "億": "亿", "圆": "元", "％": "%"}
)
_UNIT = re.compile(rf"([{''.join(MULTIPLIERS)}]*)({'|'.join((*MONEY, *LAND, *RATES, *COUNTED))})")
_NOTE = re.compile(r"(?:计量|金额|数量|货币)?单位(?:均?[为是][::]?|[::])([^()。]+)")
_SENTENCE = re.compile(  # 贷款按千元填报; 金额以“千元”为单位; 金额：千元; 单位千元
    r"(?:(?:以|按|用)[“\"]?|(?:金额|单位)[::]?)([十百千万亿仟佰拾萬億]*(?:美?元|人|户))[”\"]?(?:为单位|[计填统表]|[)。;；,，]|$)"
)
_NAMED = re.compile(r"单位([十百千万亿]*(?:元|人|户|个))")  # in a sheet's name, which may hold no colon
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_LONGEST_NOTE = 40
_BETWEEN = re.compile(r"[、,，;；和与及]|(?<=[人个户])/(?=[十百千万亿]*元)")
_LIKE_A_UNIT = re.compile(r"[十百千仟佰万萬亿]|元|角|分|人|户|个|家|亩|项|次|%|美|吨|斤|公顷")


@lru_cache(1024)
def parse_unit(text: str) -> tuple[str, Decimal] | None:
    """A unit's base and how many of it one is: 千元 is (元, 1000); None for a unit that is not known."""
    found = _UNIT.fullmatch(normalize_name(text).translate(_OTHER_SIGNS).removeprefix("人民币"))
    if not found:
        return None
    size = Decimal(1)
    for sign in found[1]:
        size *= MULTIPLIERS[sign]
    return found[2], size


def looks_like_unit(text: str) -> bool:
    """Whether a short text could be meant as a unit: 千美元, 元/月."""
    return len(text) <= 6 and _LIKE_A_UNIT.search(text) is not None


def stated_units(grid: Grid, catalogue: Catalogue) -> tuple[tuple[str, ...], ...]:
    """The units that each text around the tables states: ((人, 万元),) for 单位：人、万元 over the table; one tuple each
    for a title's bracket, the sheet's name, a text box. A text that names a reporter states none."""
    found = []
    for text in _texts_with_units(grid):
        units = tuple(part for part in _BETWEEN.split(text) if part)
        known = units and all(parse_unit(u) or looks_like_unit(u) for u in units)
        if known and not catalogue.reporter_named(text):
            found.append(units)
    return tuple(dict.fromkeys(found))


def _texts_with_units(grid: Grid) -> Iterator[str]:
    for (row, _), text in grid.texts():
        is_alone = sum(value != "" for value in grid.rows[row]) == 1
        yield from _stated_in(normalize_name(text), is_alone, is_above=row < HEAD_ROWS)
    for value, (row, column) in labelled(grid, Field.UNIT, HEAD_ROWS):
        before = next((grid.text((row, c)) for c in range(column - 1, -1, -1) if grid.text((row, c))), "")
        if isinstance(value, str) and before.endswith((":", "：")):
            yield normalize_name(value)
    for text in (grid.name, *(note for _, note in grid.notes)):
        whole = normalize_name(text)
        found = _NOTE.search(whole) or _NAMED.search(whole)
        if found:
            yield found[1]
        yield from (inside for inside in _BRACKETS.findall(whole) if parse_unit(inside))


def _stated_in(text: str, is_alone: bool, is_above: bool) -> Iterator[str]:
    """The units a text says: 单位：千元; alone in its row also 千元 and 贷款按千元填报."""
    is_short = len(text) < _LONGEST_NOTE
    found = _NOTE.search(text) if is_above or is_short else None
    if found and bare(text) not in ("单位", "计量单位"):
        yield found[1]
    elif is_alone and is_short:
        sentence = _SENTENCE.search(text)
        yield from [sentence[1]] if sentence else [text] if parse_unit(text) else []
    if (is_alone and is_above) or exact_field(_BRACKETS.sub("", text)) is Field.INDICATOR:
        yield from (inside for inside in _BRACKETS.findall(text) if parse_unit(inside))


def of_sources(sources: tuple[tuple[str, ...], ...], due: str) -> str:
    """What several texts state for a number due in `due`; all of them, which is no known unit, where they disagree."""
    stated = list(dict.fromkeys(filter(None, (of_kind(units, due) for units in sources))))
    sizes = {_size(unit) for unit in stated}
    return stated[0] if len(sizes) == 1 else "、".join(stated)


def of_kind(units: tuple[str, ...], due: str) -> str:
    """The one of several stated units that a number due in `due` is in: the same thing, else the same kind, else one
    that is not known; empty where none of them says."""
    units = tuple(filter(None, units))
    alike = [unit for unit in units if parse_unit(unit) and kind(unit) == kind(due)]
    same = [unit for unit in alike if _base(unit) == _base(due)]
    found = same or alike or [unit for unit in units if not parse_unit(unit)]
    if due in found:
        return due
    return found[0] if len({_size(unit) for unit in found}) == 1 else ""


def kind(unit: str) -> str:
    """Money, a rate, land, or a count of people and things; unknown for a unit that is not known."""
    base = _base(unit)
    if base in (*MONEY, *LAND):
        return base
    return "rate" if base in RATES else "count" if base else "unknown"


def _base(unit: str) -> str:
    found = parse_unit(unit)
    return found[0] if found else ""


def _size(unit: str) -> Decimal | None:
    found = parse_unit(unit)
    return found[1] if found else None


def scale(stated: str, due: str) -> Decimal | None:
    """What a number in the stated unit is multiplied with; None for another kind of thing of another size, and for a
    unit that is not known."""
    if not stated or stated == due:
        return Decimal(1)
    found, asked = parse_unit(stated), parse_unit(due)
    if found is None or asked is None:
        return None
    if kind(stated) == kind(due) or (found[1] == asked[1] == 1 and "rate" not in (kind(stated), kind(due))):
        return found[1] / asked[1]
    return None
