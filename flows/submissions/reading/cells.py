"""One typed cell → a number, nothing, or something that cannot be understood (单元格). Never a guess.

A blank, `/`, `-` or 无 is nothing: not zero. A suffix is taken only where it is the very unit asked for.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from flows.plan.catalogue import half_width
from flows.submissions.form.layout import BLANK_WORDS, ZERO_WORDS
from flows.submissions.formats.grid import Broken, Raw, written
from flows.submissions.formats.marks import COVERED, PERCENT, RESCALED, UNSEEN
from flows.submissions.reading.vocabulary import mark_in

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_SCALED = re.compile(r"([+-]?[\d.]+)(万|亿|千|百)?(.*)")
_DAY = re.compile(r"(20\d\d)[-./年](\d{1,2})[-./月](\d{1,2})日?")
_FORMATS = {
    UNSEEN: "这个数在表上看不见（白字、极小的字或隐藏的格式）：有效的请改成看得见的格式，无效的请删去，再重新报送",
    COVERED: "这个数被合并单元格遮住：请取消合并，有效的留下，无效的删去，再重新报送",
    RESCALED: "单元格的数字格式使显示的数与实际的数不同：请把格式改为“常规”，核对后重新填数",
    PERCENT: "单元格是百分比格式：请把格式改为“常规”或“数值”，核对后重新填数",
}
_MAX_DIGITS = 15  # what a spreadsheet keeps


@dataclass(frozen=True, slots=True)
class Number:
    """A number understood exactly."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Nothing:
    """No number: a blank, or a mark that offices use for one."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is no number of this unit: what was due, and what to do. `rule` names the fault."""

    rule: str
    expected: str
    remedy: str


Cell = Number | Nothing | Wrong


_SAME = Decimal(1)


def parse(raw: Raw, unit: str, decimals: int, stated: str = "", scale: Decimal = _SAME) -> Cell:
    """The cell as a number of `unit` with at most `decimals` places. `stated` is the unit it was typed in where
    the sheet says so, `scale` what it is multiplied with."""
    expected = f"以“{unit}”计的" + ("数（最多两位小数）" if decimals else "整数")
    match raw:
        case Broken(struck=True):
            return Wrong(
                "struck_through", expected, "单元格带删除线，不知是否作废：有效的请去掉删除线，作废的请改填"
            )
        case Broken():
            return Wrong("error_value", expected, "单元格里的公式没有算出数，请改为直接填数")
        case int() | float() if not isinstance(raw, bool):
            return _fitting(Decimal(written(raw)) * scale, unit, decimals, expected)
        case str():
            text = fold(raw)
            own = text.endswith(unit) and unit != stated
            typed = _number_in(text, unit if own else stated or unit)
            if isinstance(typed, Decimal):
                return _fitting(typed if own else typed * scale, unit, decimals, expected)
            return typed or Wrong("not_understood", expected, _remedy(text, unit))
        case _:
            kind = "时间" if isinstance(raw, time | timedelta) else "日期或逻辑值"
            remedy = f"单元格被表格软件改成了{kind}，请把格式改为数值后重新填数"
            return Wrong("not_a_number", expected, remedy)


def fold(text: str) -> str:
    """Full-width digits and signs as plain ones, outer white space and apostrophes gone."""
    return half_width(text).strip().strip("'’").strip()


def is_blank(text: str) -> bool:
    """Whether a text says nothing: empty, or one of the marks offices use for nothing."""
    return fold(text) in BLANK_WORDS


def _number_in(text: str, unit: str) -> Decimal | Nothing | None:
    """The number a text says, nothing, or None for what it is not: a suffix counts only if it is the very unit."""
    if text in BLANK_WORDS:
        return Nothing()
    if text in ZERO_WORDS:
        return Decimal(0)
    bare = text.removesuffix(unit).rstrip() if unit else text
    if _PLAIN.fullmatch(bare):
        return Decimal(bare)
    return Decimal(bare.replace(",", "").replace(" ", "")) if _GROUPED.fullmatch(bare) else None


def _remedy(text: str, unit: str) -> str:
    for shown, remedy in _FORMATS.items():
        if text.endswith(fold(shown)):
            return remedy
    mark = mark_in(text)
    if mark:
        return f"单元格里有注号“{mark}”，数没有采用；请去掉注号（要说明的写在“原因说明”）"
    found = _SCALED.fullmatch(text)
    if found and _PLAIN.fullmatch(found[1]) and found[2]:
        return f"请换算成以“{unit}”为单位的数再填，不写“{found[2]}{found[3]}”"
    return "请直接填数，不写文字和符号；没有数的，在“零或不适用”里选择"


def _fitting(value: Decimal, unit: str, decimals: int, expected: str) -> Cell:
    if not value.is_finite() or len(value.as_tuple().digits) > _MAX_DIGITS or value.adjusted() >= _MAX_DIGITS:
        return Wrong("not_a_number", expected, "数位过多，请核对后重新填数")
    if value != round(value, decimals):
        rule = "too_many_decimals" if decimals else "not_whole"
        kind = "金额、比率最多填两位小数" if decimals else f"以“{unit}”计的数没有小数，请核对单位"
        return Wrong(rule, expected, f"{kind}，请改正后重新报送")
    return Number(round(value, decimals) if decimals else value.to_integral_value())


def day(raw: Raw) -> date | None:
    """A date, typed as a date, as its serial number or as text; None if it is none."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, int | float) and 30_000 < raw < 80_000:
        return date.fromordinal(date(1899, 12, 30).toordinal() + int(raw))
    found = _DAY.fullmatch(fold(raw)) if isinstance(raw, str) else None
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
