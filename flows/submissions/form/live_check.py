"""The column 校验: what is wrong with a row, at once and in the sheet itself.

A formula for the clerk's program and the same verdict in Python, because a preview on a telephone shows only what is
stored. The words are short; the receipt says the rest.
"""

from collections.abc import Mapping
from decimal import Decimal

from flows.plan.policy import Checks
from flows.plan.terms import Measure, Rule
from flows.submissions.form.form_spec import Entry, Line, Typed
from flows.submissions.form.layout import DONE, NOT_APPLICABLE, NOT_DONE, SHORTEST_ANSWER, ZERO, Field

FINE, EXPLAINED, EMPTY, OPTIONAL = "可以报送", "差异已说明", "未填", "可不填"
MONTH_EMPTY, TOTAL_EMPTY, NO_NUMBER, SLIP = "本月未填", "累计未填", "应填数字", "请核对计量单位"
BOTH, NO_REASON, NEGATIVE = "选项与数字矛盾", "请说明原因", "累计不能为负"
PART_LARGER, TAKEN_BACK = "分子大于分母", "以前已报完成"
FALLING, UNEQUAL, LESS = "累计小于上次", "与上月累计+本月不符", "小于上次累计+本月"
NO_DATE, OUT_OF_RANGE = "缺完成日期", "应在0到100之间"
SUMMARY = "校验："
ALL_FINE = f"{SUMMARY}全部通过，可以报送"
TOLERANCE = Decimal("0.005")
_SLIP = 10_000  # 万


def row_check(cell: Mapping[Field, str], line: Line, checks: Checks, entry: Entry) -> tuple[str, str]:
    """The formula of a row from its cells' addresses, and what it shows for these entries."""
    said = f"LEN(TRIM({cell[Field.REASON]}))>={SHORTEST_ANSWER}"
    if not line.measures:
        level = cell[Field.LEVEL]
        larger = f'IF({level}>100,"{PART_LARGER}","{FINE}")'
        formula = f'=IF({level}="","{EMPTY}",IF({level}="{NOT_APPLICABLE}","{FINE}",{larger}))'
        return formula, _share_verdict(share(entry))
    if line.measures == (Measure.DONE,):
        return _milestone_formula(cell, line, said), _milestone_verdict(line, entry)
    if Field.RUNNING_TOTAL in cell:
        return _total_formula(cell, line, checks, said), _total_verdict(line, checks, entry)
    return _level_formula(cell, line, checks, said), _level_verdict(line, checks, entry)


def _total_formula(cell: Mapping[Field, str], line: Line, checks: Checks, said: str) -> str:
    places = (Field.PREVIOUS, Field.IN_MONTH, Field.RUNNING_TOTAL, Field.CHOICE)
    previous, month, total, choice = (cell[field] for field in places)
    empty = OPTIONAL if line.optional else EMPTY
    differs = (
        f"ABS(N({total})-N({previous})-N({month}))"
        if line.months_back == 1
        else f"{previous}+N({month})-N({total})"
    )
    known = f"ISNUMBER({previous})"
    return (
        f'=IF({choice}="{NOT_APPLICABLE}",IF({month}&{total}<>"","{BOTH}",IF({said},"{FINE}","{NO_REASON}")),'
        f'IF(AND({choice}="{ZERO}",N({month})<>0),"{BOTH}",'
        f'IF({total}="",IF(AND({choice}="{ZERO}",N({previous})=0),"{FINE}",'
        f'IF(AND({month}="",{choice}=""),"{empty}","{TOTAL_EMPTY}")),'
        f'IF(AND({month}="",{choice}=""),"{MONTH_EMPTY}",'
        f'IF(NOT(AND(ISNUMBER({total}),OR({month}="",ISNUMBER({month})))),"{NO_NUMBER}",'
        f'IF({total}<0,"{NEGATIVE}",IF({_slip_formula(line, checks, total, month)},"{SLIP}",'
        f'IF(OR(N({month})<0,AND({known},N({total})<N({previous}))),IF({said},"{EXPLAINED}","{FALLING}"),'
        f'IF(AND({known},{differs}>{TOLERANCE}),IF({said},"{EXPLAINED}","{_differing(line)}"),"{FINE}")))))))))'
    )


def _differing(line: Line) -> str:
    return UNEQUAL if line.months_back == 1 else LESS


def _slip_formula(line: Line, checks: Checks, *cells: str) -> str:
    """Whether one of the cells is many times the target, or the first a small part of the last number."""
    most, beside = _most(line, checks), _beside(line)
    tests = [f"N({cell})>={most}" for cell in cells] if most else []
    if beside:
        value = cells[0]
        small = f"{value}*{checks.slip_times_target}<{beside}"
        tests.append(f"AND({value}>0,{small},{value}*{_SLIP * 100}>={beside * checks.slip_down_pct})")
    return f"OR({','.join(tests)})" if tests else "FALSE"


def _is_slip(line: Line, checks: Checks, *values: Decimal) -> bool:
    most, beside = _most(line, checks), _beside(line)
    value = values[0]
    if most and any(one >= most for one in values):
        return True
    return bool(
        beside
        and value > 0
        and value * checks.slip_times_target < beside
        and value * _SLIP * 100 >= beside * checks.slip_down_pct
    )


def _most(line: Line, checks: Checks) -> Decimal | None:
    if line.rule not in (Rule.TOTAL, Rule.LATEST) or not line.target or line.unit in ("%", "个百分点"):
        return None
    return line.target * checks.slip_times_target


def _beside(line: Line) -> Decimal | None:
    """What a number should be near: the last one, or the target where it stands near that all year."""
    if line.unit in ("%", "个百分点"):
        return None
    return line.previous or (line.target if line.rule is Rule.LATEST else None)


def _level_formula(cell: Mapping[Field, str], line: Line, checks: Checks, said: str) -> str:
    """A row with one number: a level, a rate or a part of a share."""
    level, choice = cell[Field.LEVEL], cell[Field.CHOICE]
    if line.unit == "%":
        checked = f'IF(OR({level}<0,{level}>100),"{OUT_OF_RANGE}","{FINE}")'
    else:
        checked = f'IF({_slip_formula(line, checks, level)},"{SLIP}","{FINE}")'
    return (
        f'=IF({choice}="{NOT_APPLICABLE}",IF({level}<>"","{BOTH}",IF({said},"{FINE}","{NO_REASON}")),'
        f'IF({choice}="{ZERO}",IF(N({level})=0,"{FINE}","{BOTH}"),'
        f'IF({level}="","{EMPTY}",IF(NOT(ISNUMBER({level})),"{NO_NUMBER}",{checked}))))'
    )


def _milestone_formula(cell: Mapping[Field, str], line: Line, said: str) -> str:
    done, done_on = cell[Field.DONE], cell[Field.DONE_ON]
    taken_back = f'IF({said},"{EXPLAINED}","{TAKEN_BACK}")' if line.previous else f'"{FINE}"'
    return (
        f'=IF({done}="","{EMPTY}",IF(AND({done}="{DONE}",{done_on}=""),"{NO_DATE}",'
        f'IF({done}="{NOT_DONE}",{taken_back},"{FINE}")))'
    )


def _total_verdict(line: Line, checks: Checks, entry: Entry) -> str:
    month, total = (entry.values.get(m, "") for m in (Measure.IN_MONTH, Measure.RUNNING_TOTAL))
    if entry.choice == NOT_APPLICABLE:
        return BOTH if f"{month}{total}" else FINE if _has_reason(entry) else NO_REASON
    if entry.choice == ZERO and _n(month) != 0:
        return BOTH
    if total == "":
        return _without_total(line, entry, month)
    if month == "" and not entry.choice:
        return MONTH_EMPTY
    numbers = _is_number(total) and (month == "" or _is_number(month))
    return _compared(line, checks, _n(month), _n(total), _has_reason(entry)) if numbers else NO_NUMBER


def _without_total(line: Line, entry: Entry, month: Typed) -> str:
    if entry.choice == ZERO:
        return TOTAL_EMPTY if line.previous else FINE
    return TOTAL_EMPTY if month != "" else OPTIONAL if line.optional else EMPTY


def _compared(line: Line, checks: Checks, month: Decimal, total: Decimal, said: bool) -> str:
    if total < 0:
        return NEGATIVE
    if _is_slip(line, checks, total, month):
        return SLIP
    if month < 0 or (line.previous is not None and total < line.previous):
        return EXPLAINED if said else FALLING
    if line.previous is None:
        return FINE
    apart = line.previous + month - total
    differs = abs(apart) if line.months_back == 1 else apart
    return FINE if differs <= TOLERANCE else EXPLAINED if said else _differing(line)


def _level_verdict(line: Line, checks: Checks, entry: Entry) -> str:
    value = entry.values.get(line.measures[0], "")
    if entry.choice == NOT_APPLICABLE:
        return BOTH if value != "" else FINE if _has_reason(entry) else NO_REASON
    if entry.choice == ZERO:
        return FINE if _n(value) == 0 else BOTH
    if value == "" or not _is_number(value):
        return EMPTY if value == "" else NO_NUMBER
    if line.unit == "%":
        return FINE if 0 <= _n(value) <= 100 else OUT_OF_RANGE
    return SLIP if _is_slip(line, checks, _n(value)) else FINE


def share(entry: Entry) -> float | str:
    """The percentage of the parts that were typed; 不适用 for 0 of 0; empty where it cannot be worked out."""
    part, whole = (entry.values.get(m) for m in (Measure.NUMERATOR, Measure.DENOMINATOR))
    if not isinstance(part, int | Decimal) or not isinstance(whole, int | Decimal):
        return ""
    if whole > 0:
        return round(float(part * 100 / whole), 2)
    return NOT_APPLICABLE if part == 0 else ""


def _share_verdict(rate: float | str) -> str:
    if rate == "":
        return EMPTY
    return PART_LARGER if not isinstance(rate, str) and rate > 100 else FINE


def _milestone_verdict(line: Line, entry: Entry) -> str:
    done = entry.values.get(Measure.DONE, "")
    if done == "":
        return EMPTY
    if done == DONE and entry.done_on is None:
        return NO_DATE
    if done == NOT_DONE and line.previous:
        return EXPLAINED if _has_reason(entry) else TAKEN_BACK
    return FINE


def summary_formula(first: str, last: str) -> str:
    """One line over a sheet: how many rows still need the clerk."""
    cells = f"{first}:{last}"
    good = "+".join(f'COUNTIF({cells},"{word}")' for word in (FINE, EXPLAINED, OPTIONAL))
    waits = f'COUNTIF({cells},"?*")-COUNTIF({cells},"?")-COUNTIF({cells},"校验")-({good})'
    return f'=IF({waits}=0,"{ALL_FINE}","{SUMMARY}还有 "&({waits})&" 行需要处理")'


def summary(verdicts: list[str]) -> str:
    """What `summary_formula` shows over these verdicts."""
    waits = sum(v not in (FINE, EXPLAINED, OPTIONAL) for v in verdicts)
    return f"{SUMMARY}还有 {waits} 行需要处理" if waits else ALL_FINE


def _has_reason(entry: Entry) -> bool:
    return len(entry.reason.strip()) >= SHORTEST_ANSWER


def _is_number(typed: Typed) -> bool:
    return isinstance(typed, Decimal | int)


def _n(typed: Typed) -> Decimal:
    """Excel's N(): the number, or zero for anything else."""
    return Decimal(typed) if isinstance(typed, Decimal | int) else Decimal(0)
