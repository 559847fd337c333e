"""The city as a whole (总体情况): each indicator with its coverage, and who is not in the sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.documents.figures import Figure, Figures
from flows.documents.filters import listed
from flows.documents.provenance import Count, Fact, Source
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY, ReportedBy, Rule, State

NAMED = 6  # counties left out of a sum that are named; of more, the first and how many there are


@dataclass(frozen=True, slots=True)
class CityLine:
    """An indicator's city figure: `absent` did not report, `blocked` reported what cannot be used, `without_value` are
    those whose number of the period itself is not known (names)."""

    indicator: Indicator
    figure: Figure
    absent: tuple[str, ...]
    blocked: tuple[str, ...]
    without_value: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The indicator's printed name."""
        return self.indicator.name

    @property
    def task(self) -> Count:
        """The number of its task in the plan; 0: it belongs to no single one."""
        return Count(self.indicator.task, Source(indicator=self.indicator.id, column="plan.task"))

    @property
    def minimum(self) -> Fact:
        """What every county has to reach, of an indicator of that rule."""
        return Fact(float(self.indicator.target or 0), Source("", CITY, self.indicator.id, "plan.target"))

    @property
    def pace(self) -> str:
        """The figure's: ahead, behind, undecided or unknown."""
        return self.figure.pace

    @property
    def coverage(self) -> str:
        """（不含开鲁县，9个地区已报8个）, or nothing where all are in the sum."""
        f = self.figure
        if f.reported == f.expected:
            return ""
        if self.indicator.rule is Rule.MEAN:
            return f"（{f.expected}个月中{f.reported}个月有数）"
        left_out = [f"不含{listed(self.absent, NAMED)}"] if self.absent else []
        left_out += [f"{listed(self.blocked, NAMED)}数据待核"] if self.blocked else []
        counted = f"{f.reported}个有可用数据" if self.blocked else f"已报{f.reported}个"
        return f"（{'，'.join([*left_out, f'{f.expected}个地区{counted}'])}）"

    @property
    def value_coverage(self) -> str:
        """（库伦旗、奈曼旗报送不全，未计入）: whose number of the period itself is not known; nothing where that is known
        of all, or of all in the running total, whose coverage says it."""
        if self.figure.value_reported == self.figure.reported:
            return ""
        return f"（{listed(self.without_value, NAMED)}报送不全，未计入）"

    @property
    def lacking(self) -> str:
        """库伦旗未报, 开鲁县数据待核: why the sum is no more than a lower bound."""
        why = [f"{listed(self.absent, NAMED)}未报"] if self.absent else []
        why += [f"{listed(self.blocked, NAMED)}数据待核"] if self.blocked else []
        return "、".join(why)

    @property
    def verb(self) -> str:
        """What is said to have been done of it in a period: 新增 where its name says so."""
        return "新增" if "新增" in self.name else "完成"


@dataclass(frozen=True, slots=True)
class Overall:
    """Section 一: the annex's indicators, those every county must reach, the departments' own, and the figures without a
    target that the office wants besides (`free`: 其中 and others).

    `headline` are the annex indicators of the plan's overall goals (总体要求), described one by one.
    """

    annex: tuple[CityLine, ...]
    each_county: tuple[CityLine, ...]
    departments: tuple[CityLine, ...]
    free: tuple[CityLine, ...]

    @property
    def headline(self) -> tuple[CityLine, ...]:
        """城镇新增就业 and 转移就业: the annex indicators that belong to no single task."""
        return tuple(line for line in self.annex if line.indicator.task == 0)

    def parts_of(self, whole: CityLine) -> tuple[CityLine, ...]:
        """The figures without a target that are parts (其中) of a line."""
        return tuple(line for line in self.free if line.indicator.of == whole.indicator.id)

    @property
    def free_besides(self) -> tuple[CityLine, ...]:
        """The figures without a target that are no part of a headline line."""
        told = {line.indicator.id for line in self.headline}
        return tuple(line for line in self.free if line.indicator.of not in told)

    @property
    def free_of_departments(self) -> tuple[CityLine, ...]:
        """The figures without a target that departments report."""
        return tuple(line for line in self.free if line.indicator.reporter)

    @property
    def others(self) -> tuple[CityLine, ...]:
        """The annex indicators besides the headline."""
        return tuple(line for line in self.annex if line.indicator.task != 0)


def overall(figures: Figures, catalogue: Catalogue) -> Overall:
    """The city's figures in plan order, sorted by who stands behind them."""
    lines = [_line(i, figures, catalogue) for i in catalogue.indicators]
    counted = [line for line in lines if not line.indicator.is_free]
    return Overall(
        annex=tuple(line for line in counted if line.indicator.in_annex),
        each_county=tuple(line for line in counted if line.indicator.rule is Rule.EACH_COUNTY),
        departments=tuple(line for line in counted if line.indicator.reported_by is ReportedBy.DEPARTMENT),
        free=tuple(line for line in lines if line.indicator.is_free),
    )


def names_by_pace(lines: Sequence[CityLine], pace: str) -> list[str]:
    """Names of the lines that print so: ahead, behind, undecided or unknown."""
    return [line.name for line in lines if line.pace == pace]


def _line(indicator: Indicator, figures: Figures, catalogue: Catalogue) -> CityLine:
    counties = figures.counties(indicator.id)
    return CityLine(
        indicator=indicator,
        figure=figures.of(indicator.id),
        absent=tuple(
            catalogue.name_of(f.county) for f in counties if f.ytd is None and f.state == State.MISSING
        ),
        blocked=tuple(catalogue.name_of(f.county) for f in counties if f.state == State.BLOCKED),
        without_value=tuple(
            catalogue.name_of(f.county)
            for f in counties
            if f.value is None and f.state != State.NOT_APPLICABLE
        ),
    )
