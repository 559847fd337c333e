"""The year before (上年数): the running totals that a plan folder's history.csv gives where the warehouse does not reach back.

For `load`; PlanError names file, line and remedy. A blank is unknown, never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from flows.plan.plan_file import PlanError, read_csv
from flows.plan.terms import CITY
from flows.plan.units import decimals

HISTORY_FILE = "history.csv"
MONTHS = tuple(f"{month}月" for month in range(1, 13))
_CITY_NAME = "全市"


@dataclass(frozen=True, slots=True)
class YearBefore:
    """Running totals of the year before by (county or 'city', indicator): of each twelve, January first, in the indicator's
    unit, None where unknown. `lines` says where in the file each stands, `sources` who published them."""

    totals: Mapping[tuple[str, str], tuple[Decimal | None, ...]] = field(default_factory=dict)
    lines: Mapping[tuple[str, str], int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def total(self, county: str, indicator: str, month: int) -> Decimal | None:
        """The running total after `month` (1–12); None where the file does not give it."""
        return self.totals.get((county, indicator), (None,) * 12)[month - 1]


def read_history(
    path: Path,
    counties: Mapping[str, str],
    units: Mapping[str, tuple[str, str]],
    allowed: Iterable[tuple[str, str]],
) -> YearBefore:
    """The file as it stands in a plan folder; empty where there is none.

    `counties` (their ids) and `units` (of indicators: id and unit) are by id and by name. `allowed` are the (county, indicator)
    that running totals can be given for.
    """
    rows = read_csv(path, ("county", "indicator", *MONTHS, "source")) if path.exists() else []
    totals: dict[tuple[str, str], tuple[Decimal | None, ...]] = {}
    lines: dict[tuple[str, str], int] = {}
    permitted = set(allowed)
    for number, row in enumerate(rows, 2):
        county = {**counties, _CITY_NAME: CITY}.get(row["county"])
        indicator, unit = units.get(row["indicator"], ("", ""))
        if county is None:
            raise PlanError(path, f"第 {number} 行 county", "counties.csv 里的地区或“全市”", row["county"])
        if not indicator:
            raise PlanError(path, f"第 {number} 行 indicator", "方案里的指标名称或 id", row["indicator"])
        if (county, indicator) not in permitted:
            found = f"{row['county']}·{row['indicator']}"
            raise PlanError(path, f"第 {number} 行", "由该地区（单位）按累计报送的指标", found)
        if (county, indicator) in totals:
            raise PlanError(
                path, f"第 {number} 行", "每个地区每项指标只有一行", f"与第 {lines[county, indicator]} 行重复"
            )
        if not row["source"].strip():
            raise PlanError(path, f"第 {number} 行 source", "数据来源（如：2024年12月通报）", "空白")
        totals[county, indicator] = tuple(_total(path, number, name, row[name], unit) for name in MONTHS)
        lines[county, indicator] = number
    return YearBefore(totals, lines, tuple(dict.fromkeys(row["source"].strip() for row in rows)))


def _total(path: Path, line: int, name: str, cell: str, unit: str) -> Decimal | None:
    """A cell as written; None where it is blank."""
    if not cell.strip():
        return None
    expected = (
        f"不小于零的累计数（单位：{unit}，{'最多两位小数' if decimals(unit) else '整数'}），不掌握的留空"
    )
    try:
        total = Decimal(cell.strip())
    except InvalidOperation:
        raise PlanError(path, f"第 {line} 行“{name}”", expected, cell) from None
    if not total.is_finite() or total < 0 or total != total.quantize(Decimal(1).scaleb(-decimals(unit))):
        raise PlanError(path, f"第 {line} 行“{name}”", expected, cell)
    return total
