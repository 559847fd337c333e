"""The year's scores as a document tells them (年度得分): who stands where, how each score came about, what is near."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.documents.document import Frames
from flows.documents.provenance import Count, Fact, Source, derived, facts_of
from flows.indicators.scores import printed_score
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.policy import Annual
from flows.plan.terms import Grade

GRADE_LABEL = {grade.value: grade.label for grade in Grade}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One row of SCORE_LINES beside its indicator."""

    indicator: Indicator
    county: str
    ytd: float | None
    target: float
    attainment_pct: float | None
    state: str
    points: float | None
    gain: float | None
    score_then: float | None
    grade_then: str | None
    rank_then: int | None


@dataclass(frozen=True, slots=True)
class CountyScore:
    """One row of SCORES with its lines; `name` is the county's printed name. `held_back_by` names the headline indicators
    that it missed, where its score alone would be that of 优秀."""

    county: str
    name: str
    known: int
    expected: int
    points: float | None
    late: int
    missing: int
    open_queries: int
    deducted: float
    score: float | None
    lowest: float | None
    highest: float | None
    rank: int | None
    tied: bool | None
    grade: str
    beyond_limit: bool
    lines: tuple[ScoreLine, ...]
    held_back_by: tuple[str, ...]

    @property
    def label(self) -> str:
        """优秀, 达标, 不达标, 暂不评定."""
        return GRADE_LABEL[self.grade]

    @property
    def short(self) -> list[ScoreLine]:
        """What falls short of the annual target, furthest first."""
        short = [
            line for line in self.lines if line.points is not None and (line.attainment_pct or 0.0) < 100
        ]
        return sorted(short, key=lambda line: line.attainment_pct or 0.0)

    @property
    def unknown(self) -> list[str]:
        """Indicators whose year-end figure is not known."""
        return [line.indicator.name for line in self.lines if line.points is None]

    def deduction(self, number: int, each: float) -> Fact:
        """The points deducted for a number of late or missing reports or open queries."""
        return derived(number * each, Source("", self.county, "", "deduction"), number=number, each=each)

    def is_capped(self, annual: Annual) -> bool:
        """Whether the deductions together are more than the policy deducts at most."""
        late, missing = (
            self.late * annual.deduct_per_late_report,
            self.missing * annual.deduct_per_missing_report,
        )
        return late + missing + self.open_queries * annual.deduct_per_open_query > annual.deduct_at_most

    @property
    def turning(self) -> list[ScoreLine]:
        """Lines where one unit more would change the grade."""
        return [line for line in self.lines if line.grade_then not in {None, self.grade}]

    @property
    def overtaking(self) -> list[ScoreLine]:
        """Lines where one unit more would change the place."""
        return [line for line in self.lines if line.rank_then not in {None, self.rank}]


@dataclass(frozen=True, slots=True)
class Assessment:
    """All counties in annex order; `limit` is how many may be 优秀."""

    counties: tuple[CountyScore, ...]
    limit: Count

    @property
    def by_place(self) -> tuple[CountyScore, ...]:
        """Ranked first to last, those without a score at the end in annex order."""
        return tuple(sorted(self.counties, key=lambda c: c.rank or len(self.counties) + 1))

    def names(self, grade: str) -> list[str]:
        """Printed names of the counties with this grade, best first."""
        return [c.name for c in self.by_place if c.grade == grade]

    @property
    def beyond_limit(self) -> list[str]:
        """Those whose score is that of 优秀 but who are 达标 for the limit."""
        return [c.name for c in self.by_place if c.beyond_limit]

    @property
    def held_back(self) -> list[CountyScore]:
        """Those whose score is that of 优秀 but who missed a headline target, best first."""
        return [c for c in self.by_place if c.held_back_by]

    @property
    def turning(self) -> list[CountyScore]:
        """Those of whom one unit more changes the grade, best first."""
        return [c for c in self.by_place if c.turning]

    @property
    def overtaking(self) -> list[CountyScore]:
        """Those of whom one unit more changes the place, best first."""
        return [c for c in self.by_place if c.overtaking]


def assessment(frames: Frames, catalogue: Catalogue) -> Assessment:
    """The scores of a year from its frames."""
    share, year = catalogue.policy.annual.excellent_share_at_most_pct, str(catalogue.plan.year)
    limit = int(len(catalogue.counties) * share // 100)
    return Assessment(
        counties=tuple(
            CountyScore(
                **facts_of(row, year, row["county"]),
                name=catalogue.name_of(row["county"]),
                lines=_lines(frames.score_lines, row["county"], catalogue, year),
                held_back_by=_held_back_by(row, frames.score_lines, catalogue),
            )
            for row in frames.scores.iter_rows(named=True)
        ),
        limit=Count(limit, Source(year, column="excellent_limit")),
    )


def _held_back_by(row: dict[str, Any], lines: pl.DataFrame, catalogue: Catalogue) -> tuple[str, ...]:
    annual = catalogue.policy.annual
    if row["score"] is None or printed_score(row["score"]) < annual.excellent_at_least:
        return ()
    short = lines.filter(pl.col("county") == row["county"], pl.col("ytd") < pl.col("target"))
    missed = set(short["indicator"]) & set(annual.headline_indicators)
    return tuple(catalogue.indicator[i].name for i in annual.headline_indicators if i in missed)


def _lines(frame: pl.DataFrame, county: str, catalogue: Catalogue, year: str) -> tuple[ScoreLine, ...]:
    rows = frame.filter(county=county).drop("unit").iter_rows(named=True)
    return tuple(
        facts_of(
            ScoreLine(**{**row, "indicator": catalogue.indicator[row["indicator"]]}),
            year,
            county,
            row["indicator"],
        )
        for row in rows
    )
