"""The year's end in words (趋势研判): what the forecast allows to be said of the target, and where it is silent."""

from dataclasses import dataclass

import polars as pl

from flows.documents.filters import amount
from flows.documents.kinds.overall import CityLine
from flows.documents.provenance import Fact, facts_of
from flows.plan.terms import CITY
from flows.plan.units import round_half_up

# Why the rollup is silent, as a sentence ends.
WHY_SILENT = {
    "over": "全年已结束，以实际数为准",
    "early": "年初以来不足3个月，资料不足，不作预测",
    "no_curve": "没有公布的逐月资料可作依据，资料不足，不作预测",
    "missing": "末月数据未报，资料不足，不作预测",
    "partial": "各地报送不全，资料不足，不作预测",
}


@dataclass(frozen=True, slots=True)
class Ahead:
    """One indicator's forecast of the year's end, in its unit; None throughout where `silence` says why."""

    line: CityLine
    low: Fact | None
    middle: Fact | None
    high: Fact | None
    silence: str | None

    @property
    def whole(self) -> tuple[Fact, Fact, Fact]:
        """Low, middle and high to the unit's decimals; only of a forecast that speaks."""
        if self.low is None or self.middle is None or self.high is None:
            raise ValueError(self.silence)
        decimals = self.line.indicator.decimals
        low, middle, high = (
            Fact(float(round_half_up(n, decimals)), n.source) for n in (self.low, self.middle, self.high)
        )
        return low, middle, high

    @property
    def range_words(self) -> str:
        """11900～14600人."""
        low, _, high = self.whole
        unit = self.line.indicator.unit
        return f"{amount(low, unit).removesuffix(unit)}～{amount(high, unit)}"

    @property
    def verdict(self) -> str:
        """What the range says of the annual target."""
        target = self.line.figure.target
        if target is None:
            return "没有年度任务可比"
        if (self.low or 0.0) >= target:
            return "区间下限不低于年度任务，预计可以完成"
        if (self.high or 0.0) < target:
            return "区间上限低于年度任务，照此进度难以完成"
        return "年度任务在区间之内，能否完成尚不确定"


def ahead(forecast: pl.DataFrame, lines: tuple[CityLine, ...]) -> tuple[Ahead, ...]:
    """The forecasts of these lines, in their order; lines the rollup does not know are left out."""
    rows = {
        row["indicator"]: facts_of(row, "", CITY, row["indicator"]) for row in forecast.iter_rows(named=True)
    }
    found = ((line, rows[line.indicator.id]) for line in lines if line.indicator.id in rows)
    return tuple(Ahead(line, row["low"], row["middle"], row["high"], row["reason"]) for line, row in found)
