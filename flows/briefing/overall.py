"""The city as a whole (总体情况): each indicator with its coverage, and who is not in the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.briefing.figures import Figure, Figures
from flows.catalogue.catalogue import Catalogue
from flows.catalogue.indicator import Indicator
from flows.catalogue.terms import ReportedBy, Rule, State
from flows.catalogue.unit import rounded


@dataclass(frozen=True, slots=True)
class CityLine:
    """An indicator's city figure: `absent` did not report, `blocked` reported what cannot be used (names).

    `reported_pct` is what those in the sum have done of their own targets together (0–100): the city's
    attainment where all are in it, and the fair measure where some are not. Null for what is not a total.
    """

    indicator: Indicator
    figure: Figure
    absent: tuple[str, ...]
    blocked: tuple[str, ...]
    reported_pct: float | None = None

    @property
    def name(self) -> str:
        """The indicator's printed name."""
        return self.indicator.name

    @property
    def gap(self) -> float | None:
        """较时序 in 个百分点, of those in the sum; null for what is not a total or not known."""
        if self.reported_pct is None or self.figure.pace_pct is None:
            return self.figure.gap_pp
        return self.reported_pct - self.figure.pace_pct

    @property
    def seasonal_gap(self) -> float | None:
        """The same against the seasonal curve, where there is one."""
        if self.reported_pct is None or self.figure.seasonal_pct is None:
            return self.figure.seasonal_gap_pp
        return self.reported_pct - self.figure.seasonal_pct

    @property
    def is_ahead(self) -> bool:
        """Whether it prints as level with the linear clock or ahead of it."""
        return self.gap is not None and rounded(self.gap, 1) >= 0

    @property
    def short_coverage(self) -> str:
        """8/9, and how many stand behind the month's own number where they are fewer."""
        whole = f"{self.figure.reported}/{self.figure.expected}"
        if self.figure.value_reported == self.figure.reported:
            return whole
        return f"{whole}（本月数{self.figure.value_reported}/{self.figure.expected}）"

    @property
    def coverage(self) -> str:
        """（8/9个地区报送，未含开鲁县）, or nothing where all are in the sum."""
        if self.figure.reported == self.figure.expected:
            return ""
        if self.indicator.rule is Rule.MEAN:
            return f"（{self.figure.reported}/{self.figure.expected}个月有数）"
        left_out = [f"未含{'、'.join(self.absent)}"] if self.absent else []
        left_out += [f"{'、'.join(self.blocked)}数据待核"] if self.blocked else []
        return f"（{'，'.join([f'{self.figure.reported}/{self.figure.expected}个地区报送', *left_out])}）"


@dataclass(frozen=True, slots=True)
class Overall:
    """Section 一: the annex's indicators, those every county must reach, and the departments' own.

    `headline` are the annex indicators of the plan's overall goals (总体要求), told one by one.
    """

    annex: tuple[CityLine, ...]
    each_county: tuple[CityLine, ...]
    departments: tuple[CityLine, ...]

    @property
    def headline(self) -> tuple[CityLine, ...]:
        """城镇新增就业 and 转移就业: the annex indicators that belong to no single task."""
        return tuple(line for line in self.annex if line.indicator.task == 0)

    @property
    def others(self) -> tuple[CityLine, ...]:
        """The annex indicators besides the headline."""
        return tuple(line for line in self.annex if line.indicator.task != 0)

    @property
    def is_partial(self) -> bool:
        """Whether any annex total lacks a county."""
        return any(line.figure.reported < line.figure.expected for line in self.annex)


def overall(figures: Figures, catalogue: Catalogue) -> Overall:
    """The city's figures in plan order, sorted by who stands behind them."""
    counted = [_line(i, figures, catalogue) for i in catalogue.indicators]
    return Overall(
        annex=tuple(line for line in counted if line.indicator.in_annex),
        each_county=tuple(line for line in counted if line.indicator.rule is Rule.EACH_COUNTY),
        departments=tuple(line for line in counted if line.indicator.reported_by is ReportedBy.DEPARTMENT),
    )


def named(lines: Sequence[CityLine], ahead: bool | None) -> list[str]:
    """Names of the lines that print as ahead (True) or behind (False), or cannot be compared (None)."""
    return [line.name for line in lines if (None if line.gap is None else line.is_ahead) is ahead]


def _reported_pct(city: Figure, counties: Sequence[Figure]) -> float | None:
    """100 × running totals ÷ annual targets of the counties in the sum."""
    inside = [f for f in counties if f.ytd is not None and f.target]
    if city.gap_pp is None or not inside:
        return None
    if len(inside) == city.expected:
        return city.attainment_pct
    return sum(f.ytd or 0 for f in inside) * 100 / sum(f.target or 0 for f in inside)


def _line(indicator: Indicator, figures: Figures, catalogue: Catalogue) -> CityLine:
    counties = figures.counties(indicator.id)
    return CityLine(
        indicator=indicator,
        figure=figures.of(indicator.id),
        absent=tuple(
            catalogue.name_of(f.county) for f in counties if f.ytd is None and f.state == State.MISSING
        ),
        blocked=tuple(catalogue.name_of(f.county) for f in counties if f.state == State.BLOCKED),
        reported_pct=_reported_pct(figures.of(indicator.id), counties),
    )
