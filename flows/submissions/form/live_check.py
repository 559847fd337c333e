"""The column 校验: what is wrong with a row, at once and in the sheet itself.

A formula for the clerk's program and the same verdict in Python, because a preview on a telephone shows
only what is stored. The words are short; the receipt says the rest.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from flows.plan.terms import Measure
from flows.submissions.form.entries import Entry, Typed
from flows.submissions.form.layout import DONE, NOT_APPLICABLE, SHORTEST_ANSWER, ZERO, Field

FINE, EXPLAINED, EMPTY, OPTIONAL = "可以报送", "差异已说明", "未填", "可不填"
MONTH_EMPTY, TOTAL_EMPTY, NO_NUMBER = "本月未填", "累计未填", "应填数字"
BOTH, NO_REASON, NEGATIVE = "选项与数字矛盾", "请说明原因", "累计不能为负"
PART_LARGER = "分子大于分母"
FALLING, UNEQUAL, NO_DATE, OUT_OF_RANGE = (
    "累计小于上月",
    "与上月累计+本月不符",
    "缺完成日期",
    "应在0到100之间",
)
ALL_FINE = "校验：全部通过，可以报送"
TOLERANCE = Decimal("0.005")


def total_formula(cell: Mapping[Field, str], empty: str) -> str:
    """The check of a row with 本月 and 累计, from its cells' addresses."""
    places = (Field.PREVIOUS, Field.IN_MONTH, Field.RUNNING_TOTAL, Field.CHOICE, Field.REASON)
    previous, month, total, choice, reason = (cell[field] for field in places)
    said = f"LEN(TRIM({reason}))>={SHORTEST_ANSWER}"
    differs = f"AND(ISNUMBER({previous}),ABS(N({total})-N({previous})-N({month}))>{TOLERANCE})"
    falls = f"OR(N({month})<0,AND(ISNUMBER({previous}),N({total})<N({previous})))"
    return (
        f'=IF({choice}="{NOT_APPLICABLE}",IF({month}&{total}<>"","{BOTH}",IF({said},"{FINE}","{NO_REASON}")),'
        f'IF(AND({choice}="{ZERO}",N({month})<>0),"{BOTH}",'
        f'IF({total}="",IF(AND({choice}="{ZERO}",N({previous})=0),"{FINE}",'
        f'IF(AND({month}="",{choice}=""),"{empty}","{TOTAL_EMPTY}")),'
        f'IF(AND({month}="",{choice}=""),"{MONTH_EMPTY}",'
        f'IF(NOT(AND(ISNUMBER({total}),OR({month}="",ISNUMBER({month})))),"{NO_NUMBER}",'
        f'IF({total}<0,"{NEGATIVE}",'
        f'IF({falls},IF({said},"{EXPLAINED}","{FALLING}"),'
        f'IF({differs},IF({said},"{EXPLAINED}","{UNEQUAL}"),"{FINE}"))))))))'
    )


def level_formula(cell: str, choice: str, reason: str, is_rate: bool) -> str:
    """The check of a row with one number: a level, a rate or a part of a share."""
    said = f"LEN(TRIM({reason}))>={SHORTEST_ANSWER}"
    ranged = f'IF(OR({cell}<0,{cell}>100),"{OUT_OF_RANGE}","{FINE}")' if is_rate else f'"{FINE}"'
    return (
        f'=IF({choice}="{NOT_APPLICABLE}",IF({cell}<>"","{BOTH}",IF({said},"{FINE}","{NO_REASON}")),'
        f'IF({choice}="{ZERO}",IF(N({cell})=0,"{FINE}","{BOTH}"),'
        f'IF({cell}="","{EMPTY}",IF(NOT(ISNUMBER({cell})),"{NO_NUMBER}",{ranged}))))'
    )


def share_formula(cell: str) -> str:
    """The check of the percentage that the sheet works out itself."""
    return f'=IF({cell}="","{EMPTY}",IF({cell}>100,"{PART_LARGER}","{FINE}"))'


def milestone_formula(done: str, done_on: str) -> str:
    """The check of a yes-or-no row."""
    return f'=IF({done}="","{EMPTY}",IF(AND({done}="{DONE}",{done_on}=""),"{NO_DATE}","{FINE}"))'


def total_verdict(previous: Decimal | None, entry: Entry, empty: str) -> str:
    """What `total_formula` shows for these entries."""
    month, total = (entry.values.get(m, "") for m in (Measure.IN_MONTH, Measure.RUNNING_TOTAL))
    if entry.choice == NOT_APPLICABLE:
        return BOTH if f"{month}{total}" else FINE if _said(entry) else NO_REASON
    if entry.choice == ZERO and _n(month) != 0:
        return BOTH
    if total == "":
        zero = FINE if not previous else TOTAL_EMPTY
        return zero if entry.choice == ZERO else empty if month == "" else TOTAL_EMPTY
    return _filled(previous, month, total, entry)


def _filled(previous: Decimal | None, month: Typed, total: Typed, entry: Entry) -> str:
    if month == "" and not entry.choice:
        return MONTH_EMPTY
    if not _is_number(total) or not (month == "" or _is_number(month)):
        return NO_NUMBER
    return _sums(previous, _n(month), _n(total), _said(entry))


def _said(entry: Entry) -> bool:
    return len(entry.reason.strip()) >= SHORTEST_ANSWER


def _sums(previous: Decimal | None, month: Decimal, total: Decimal, said: bool) -> str:
    if total < 0:
        return NEGATIVE
    if month < 0 or (previous is not None and total < previous):
        return EXPLAINED if said else FALLING
    if previous is not None and abs(total - previous - month) > TOLERANCE:
        return EXPLAINED if said else UNEQUAL
    return FINE


def level_verdict(measure: Measure, entry: Entry, is_rate: bool) -> str:
    """What `level_formula` shows for these entries."""
    value = entry.values.get(measure, "")
    if entry.choice == NOT_APPLICABLE:
        return BOTH if value != "" else FINE if _said(entry) else NO_REASON
    if entry.choice == ZERO:
        return FINE if _n(value) == 0 else BOTH
    if value == "":
        return EMPTY
    if not _is_number(value):
        return NO_NUMBER
    return OUT_OF_RANGE if is_rate and not 0 <= _n(value) <= 100 else FINE


def share_verdict(rate: float | str) -> str:
    """What `share_formula` shows for this percentage."""
    return EMPTY if isinstance(rate, str) else PART_LARGER if rate > 100 else FINE


def milestone_verdict(entry: Entry) -> str:
    """What `milestone_formula` shows for these entries."""
    done = entry.values.get(Measure.DONE, "")
    return EMPTY if done == "" else NO_DATE if done == DONE and entry.done_on is None else FINE


def _is_number(typed: Typed) -> bool:
    return isinstance(typed, Decimal | int)


def summary_formula(first: str, last: str) -> str:
    """One line over a sheet: how many rows still need the clerk."""
    cells = f"{first}:{last}"
    good = "+".join(f'COUNTIF({cells},"{word}")' for word in (FINE, EXPLAINED, OPTIONAL))
    waits = f'COUNTIF({cells},"?*")-COUNTIF({cells},"?")-COUNTIF({cells},"校验")-({good})'
    return f'=IF({waits}=0,"{ALL_FINE}","校验：还有 "&({waits})&" 行需要处理")'


def summary(verdicts: list[str]) -> str:
    """What `summary_formula` shows over these verdicts."""
    waits = sum(v not in (FINE, EXPLAINED, OPTIONAL) for v in verdicts)
    return f"校验：还有 {waits} 行需要处理" if waits else ALL_FINE


def _n(typed: Typed) -> Decimal:
    """Excel's N(): the number, or zero for anything else."""
    try:
        return Decimal(typed) if isinstance(typed, Decimal | int) else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
