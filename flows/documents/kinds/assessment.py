"""The year's scores as a document tells them (年度得分): who stands where, how each score came about, what is near."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from flows.documents.document import Frames
from flows.documents.words import listed
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.policy import Annual
from flows.plan.terms import Grade
from flows.plan.units import round_half_up

GRADE_LABEL = {grade.value: grade.label for grade in Grade}
PLACES = 2


def score_text(value: float) -> str:
    """A score as printed, half up: 92.35."""
    return f"{round_half_up(value, PLACES):f}"


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
    """One row of SCORES with its lines; `name` is the county's printed name."""

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

    def deductions(self, annual: Annual) -> str:
        """How the deduction came about: 迟报2次扣1分，未报1次扣1分."""
        counted = (
            ("迟报", self.late, "次", annual.deduct_per_late_report),
            ("未报", self.missing, "次", annual.deduct_per_missing_report),
            ("待核实", self.open_queries, "条", annual.deduct_per_open_query),
        )
        said = [f"{what}{n}{unit}扣{plain_points(n * each)}分" for what, n, unit, each in counted if n]
        whole = "，".join(said) or "无"
        return f"{whole}，封顶{plain_points(annual.deduct_at_most)}分" if _over(self, annual) else whole

    @property
    def turning(self) -> list[ScoreLine]:
        """Lines where one unit more would change the grade."""
        return [line for line in self.lines if line.grade_then not in {None, self.grade}]

    @property
    def overtaking(self) -> list[ScoreLine]:
        """Lines where one unit more would change the place."""
        return [line for line in self.lines if line.rank_then not in {None, self.rank}]


def plain_points(value: float) -> str:
    """Points as written: 1, 0.5."""
    return f"{value:g}"


def _over(score: CountyScore, annual: Annual) -> bool:
    whole = score.late * annual.deduct_per_late_report + score.missing * annual.deduct_per_missing_report
    return whole + score.open_queries * annual.deduct_per_open_query > annual.deduct_at_most


@dataclass(frozen=True, slots=True)
class Assessment:
    """All counties in annex order; `limit` is how many may be 优秀."""

    counties: tuple[CountyScore, ...]
    limit: int

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
    def turning(self) -> list[str]:
        """Where one unit more changes a grade: 开鲁县（小微企业…）."""
        return [
            f"{c.name}（{listed([t.indicator.name for t in c.turning])}）" for c in self.by_place if c.turning
        ]

    @property
    def overtaking(self) -> list[str]:
        """Where one unit more changes a place but no grade."""
        return [
            f"{c.name}（{listed([t.indicator.name for t in c.overtaking])}）"
            for c in self.by_place
            if c.overtaking
        ]


def assessment(frames: Frames, catalogue: Catalogue) -> Assessment:
    """The scores of a year from its frames."""
    share = catalogue.policy.annual.excellent_share_at_most_pct
    return Assessment(
        counties=tuple(
            CountyScore(
                **row,
                name=catalogue.name_of(row["county"]),
                lines=_lines(frames.score_lines, row["county"], catalogue),
            )
            for row in frames.scores.iter_rows(named=True)
        ),
        limit=int(len(catalogue.counties) * share // 100),
    )


def _lines(frame: pl.DataFrame, county: str, catalogue: Catalogue) -> tuple[ScoreLine, ...]:
    rows: Sequence[dict[str, object]] = frame.filter(county=county).drop("unit").to_dicts()
    return tuple(
        ScoreLine(**{**row, "indicator": catalogue.indicator[str(row["indicator"])]})  # type: ignore[arg-type]
        for row in rows
    )
