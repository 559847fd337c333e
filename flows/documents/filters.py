"""The filters of the templates (模板过滤器): a fact as a document writes it, annotated with where it comes from.

The wording of a number is that of `flows.documents.words`; here it is only given its source. A bare number raises
UnsourcedNumberError.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from flows.documents import words
from flows.documents.provenance import (
    Count,
    Fact,
    Source,
    UnsourcedNumberError,
    annotate,
    count,
    derived,
    subject,
)
from flows.indicators import exact
from flows.plan.units import round_half_up

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MEASURED = ("amount", "estimate", "cell", "goal")  # filters whose first argument is the unit
SCORE_DECIMALS, GAIN_DECIMALS = 2, 3


def printing(kind: str, write: Callable[..., str]) -> Callable[..., str]:
    """A filter that writes a fact, or a null in words, and annotates the number in what was written."""

    def print_fact(value: Any, *arguments: Any, **named: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, Fact | Count | bool):
            raise UnsourcedNumberError(value)
        plain_value = int(value) if isinstance(value, Count) else float(value) if value is not None else None
        text = write(plain_value, *arguments, **named)
        unit = arguments[0] if kind in _MEASURED else ""
        return _NUMBER.sub(lambda number: annotate(number[0], kind, value, unit), text, count=1)

    return print_fact


def dating(kind: str, write: Callable[[Any], str]) -> Callable[..., str]:
    """A filter that writes a date or a moment; a null in words."""

    def print_date(at: date | datetime | None) -> str:
        text = write(at)
        if at is None:
            return text
        return annotate(text, kind, Source(column="date"), value=at.isoformat())

    return print_date


amount = printing("amount", words.amount)
estimate = printing("estimate", words.estimate)
one_decimal = printing("one_decimal", words.one_decimal)
percent = printing("percent", words.percent)
points = printing("points", words.points)
against = printing("against", words.against)
place = printing("place", words.place)
place_cell = printing("place", words.place_cell)
moved = printing("moved", words.moved)
cell = printing("cell", words.cell)
goal = printing("goal", words.goal)
threshold = printing("threshold", words.threshold)
score = printing("score", lambda value: f"{round_half_up(value, SCORE_DECIMALS):f}")
gain = printing("gain", lambda value: f"{round_half_up(value, GAIN_DECIMALS):f}")
as_written = printing("as_written", lambda value: f"{value:g}")
day = dating("date", words.day)
month_day = dating("date", words.month_day)
moment = dating("date", words.moment)
stamp = dating("date", words.stamp)


def rounded_up(value: Fact, unit: str, in_column: bool = False) -> Fact:
    """What must at least be done: a fact still, of the same source."""
    return Fact(words.rounded_up(float(value), unit, in_column), value.source)


def change(now: Fact, then: Fact, unit: str) -> str:
    """A change in absolute terms: 增加312人, 减少12.5万元, 持平."""
    difference = float(round_half_up(float(now), 4) - round_half_up(float(then), 4))
    if difference == 0:
        return "持平"
    source = now.source._replace(column="difference")
    size = amount(abs(derived(difference, source, now=now, then=then)), unit)
    return f"{'增加' if difference > 0 else '减少'}{size}"


def change_pct(now: Fact | None, then: Fact | None) -> Fact | None:
    """A change in per cent of the earlier number; None where either is not known, or there was nothing to grow from."""
    if now is None or then is None or then <= 0:
        return None
    source = now.source._replace(column="change_pct")
    return derived(exact.change_pct(now, then), source, now=now, then=then)


def growth(now: Fact, then: Fact) -> str:
    """The same in a sentence: 增长4.0%, 下降3.1%; nothing where it cannot be said or prints as 0.0."""
    rate = change_pct(now, then)
    if rate is None or round_half_up(rate, 1) == 0:
        return ""
    return f"{'增长' if rate > 0 else '下降'}{percent(abs(rate))}"


def share_of(part: Fact, whole: Fact) -> Fact:
    """What per cent of the whole the part is; the whole is above zero."""
    source = part.source._replace(column="share_pct")
    return derived(exact.share_pct(part, whole), source, part=part, whole=whole)


def coverage(reported: Count, expected: Count) -> str:
    """8/9."""
    return f"{reported}/{expected}"


def listed(names: Sequence[str], limit: int | None = None, counted: str = "") -> str:
    """Names joined by 、; beyond `limit` cut with 等 and the full count: 科尔沁区、开鲁县等5个地区."""
    if limit is None or len(names) <= limit:
        return "、".join(names)
    return f"{'、'.join(names[:limit])}等{count(names)}{counted}"


def month(number: int) -> str:
    """A month by its number: 6月."""
    return f"{annotate(str(int(number)), 'month', Source(column='month'), value=int(number))}月"


def ordinal(number: int) -> str:
    """A number that counts the parts of the document itself, or a task by its place in the plan."""
    return annotate(str(int(number)), "ordinal", Source(), value=int(number))


def wording(text: str) -> str:
    """Fixed words with a digit in them: 表1, 附件2, 1个计量单位. tests/documents lists all there are."""
    return annotate(text, "wording", Source())


def quotation(text: str, column: str = "statement") -> str:
    """The words of a reporter, the plan or a ledger, digits, placeholders and all."""
    return annotate(text, "quotation", Source(column=column))


def shortened(text: str, limit: Count) -> str:
    """A reporter's words cut at the policy's length, so that the row they stand in fits a page; the workbook has them whole."""
    return text if len(text) <= limit else f"{text[:limit]}……（余略，全文见附表）"


def of(county: str = "", indicator: str = "", is_named: bool = True, *, caller: Callable[[], str]) -> Markup:
    """A call block whose words speak of this county or indicator, by its name unless another says it for them."""
    return Markup(subject(str(caller()), county, indicator, is_named=is_named))


def finalized(value: Any) -> Any:
    """What a template may print: a count as it is, any other number only through a filter."""
    if isinstance(value, Count):
        return str(value)
    if isinstance(value, int | float | Decimal | date) and not isinstance(value, bool):
        raise UnsourcedNumberError(value)
    return value


FILTERS: dict[str, Callable[..., Any]] = {
    "amount": amount, "estimate": estimate, "one_decimal": one_decimal, "percent": percent, "points": points, "against": against,
    "place": place, "place_cell": place_cell, "moved": moved, "cell": cell, "goal": goal, "threshold": threshold,
    "score": score, "gain": gain, "as_written": as_written, "day": day, "month_day": month_day, "moment": moment,
    "stamp": stamp, "rounded_up": rounded_up, "change": change, "change_pct": change_pct, "growth": growth, "share_of": share_of,
    "listed": listed, "count": count, "numeral": words.numeral,
    "month": month, "ordinal": ordinal, "wording": wording, "quotation": quotation, "shortened": shortened,
}  # fmt: skip
