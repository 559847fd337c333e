"""Facts of a report on a quarter or a half-year (季分析、半年总结): the month's, and what only a longer period shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows.documents.document import Frames
from flows.documents.figures import Figure, Figures
from flows.documents.kinds.laggards import Laggard, laggards
from flows.documents.kinds.monthly import QUOTED, QUOTED_UP_TO, MonthlyFacts, monthly_facts
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.punctuality import Punctuality, punctuality
from flows.documents.kinds.ranking import CountyRanking
from flows.documents.kinds.tasks import latest_statements, select_quotes
from flows.documents.kinds.trend import (
    IndicatorSeries,
    MonthlySeries,
    YearEndForecast,
    indicator_series,
    year_end_forecasts,
)
from flows.documents.provenance import Count, Fact, Source, count, derived
from flows.indicators.exact import fraction, share_pct
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period
from flows.plan.units import round_half_up

LARGEST_NAMED = 3
BELOW_TASK_PP = 1.0  # a share is named when it is this far below the task's, as printed
Quotes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A county's share (0–100) of what the reporting counties did and of their tasks; both None if it is not among them."""

    name: str
    county: str
    of_sum_pct: Fact | None
    of_task_pct: Fact | None

    @property
    def over(self) -> float | None:
        """By how many points it gives more than its task's share; negative: less."""
        if self.of_sum_pct is None or self.of_task_pct is None:
            return None
        return self.of_sum_pct - self.of_task_pct


@dataclass(frozen=True)
class Structure:
    """Which counties an indicator's running total is made of (结构和贡献)."""

    indicator: Indicator
    shares: tuple[Share, ...]

    @property
    def known(self) -> Count:
        """How many counties stand behind both shares."""
        return count(share for share in self.shares if share.of_sum_pct is not None)

    @property
    def largest(self) -> list[Share]:
        """The counties with the largest shares, the largest first."""
        known = [share for share in self.shares if share.of_sum_pct is not None]
        return sorted(known, key=lambda share: -(share.of_sum_pct or 0.0))[:LARGEST_NAMED]

    @property
    def below_task(self) -> list[Share]:
        """The counties whose share is at least BELOW_TASK_PP points below their task's, as printed."""
        return [s for s in self.shares if s.over is not None and round_half_up(s.over, 1) <= -BELOW_TASK_PP]


def structure(indicator: Indicator, figures: Figures, catalogue: Catalogue) -> Structure:
    """Every county with a task in annex order; both shares are of the same counties, those with a number and a task."""
    rows = [f for f in figures.counties(indicator.id) if f.target]
    both = [(fraction(f.ytd), fraction(f.target)) for f in rows if f.ytd is not None and f.target]
    done, task = (float(sum(side)) for side in zip(*both, strict=True)) if both else (0.0, 0.0)
    return Structure(
        indicator,
        tuple(
            Share(
                catalogue.name_of(f.county),
                f.county,
                None if f.ytd is None or not done else _share(f, f.ytd, done),
                None if f.ytd is None or not done or not f.target else _share(f, f.target, task),
            )
            for f in rows
        ),
    )


def _share(figure: Figure, part: float, whole: float) -> Fact:
    source = Source(figure.period, figure.county, figure.indicator, "share_pct")
    return derived(share_pct(part, whole), source, part=part, whole=whole)


@dataclass(frozen=True, slots=True)
class HalfYearProgress:
    """Names of the totals by whether half the annual target is done (时间过半、任务过半); a partial sum below it decides
    nothing."""

    done: tuple[str, ...]
    short: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def all_done(self) -> bool:
        """Whether 任务过半 may be said of all of them."""
        return bool(self.done) and not self.short and not self.undecided

    @property
    def total(self) -> Count:
        """How many indicators there are."""
        return count((*self.done, *self.short, *self.undecided))


def half_year_progress(lines: Sequence[CityLine]) -> HalfYearProgress:
    """By the unrounded attainment: 49.96 % is not half, though it prints as 50.0."""
    names: dict[str, list[str]] = {"done": [], "short": [], "undecided": []}
    for line in lines:
        attained = line.figure.attainment_pct
        undecided = attained is None or line.figure.is_partial
        half = "done" if attained is not None and attained >= 50 else "undecided" if undecided else "short"
        names[half].append(line.name)
    return HalfYearProgress(*(tuple(some) for some in names.values()))


@dataclass(frozen=True)
class ReviewFacts:
    """Everything a report on a quarter or a half-year says; pure of clock and files.

    `outlook` are the headline's forecasts, `outlook_of_others` those of the other lines that have one. `harder` are the
    indicators that need more a month from now on than they did so far, with that average. `practice`,
    `trouble` and `intent` are counties' own words with their names: of those that lead, of those with most red marks,
    and of these again.
    """

    month: MonthlyFacts
    indicator_series: tuple[IndicatorSeries, ...]
    structure: tuple[Structure, ...]
    outlook: tuple[YearEndForecast, ...]
    outlook_of_others: tuple[YearEndForecast, ...]
    laggards: tuple[Laggard, ...]
    punctuality: Punctuality
    halfway: HalfYearProgress
    harder: tuple[tuple[CityLine, Fact], ...]
    practice: Quotes
    trouble: Quotes
    intent: Quotes


def review_facts(frames: Frames, catalogue: Catalogue, period: Period, as_of: date) -> ReviewFacts:
    """The facts of one period as known on a day; every number comes from the frames."""
    latest = replace(frames, statements=latest_statements(frames.statements, period))
    month, figures = monthly_facts(latest, catalogue, period), Figures(frames.figures, catalogue)
    headline, annex = month.overall.headline, month.overall.annex
    series = [indicator_series(frames.trend, figures, catalogue, line.indicator) for line in annex]
    leading, red = _leading(month.county_ranking), [row.county.name for row in month.county_ranking.red]
    return ReviewFacts(
        month=month,
        indicator_series=tuple(one for one in series if one.indicator.task == 0),
        structure=tuple(structure(line.indicator, figures, catalogue) for line in headline),
        outlook=year_end_forecasts(frames.forecast, headline),
        outlook_of_others=tuple(
            one for one in year_end_forecasts(frames.forecast, month.overall.others) if one.reason is None
        ),
        laggards=laggards(annex, series, figures, latest.statements, catalogue, QUOTED_UP_TO),
        punctuality=punctuality(frames.reporting, catalogue, period, as_of),
        halfway=half_year_progress(annex),
        harder=_harder(annex, [one.city for one in series]),
        practice=select_quotes(month.county_words, "progress", leading, QUOTED, QUOTED_UP_TO),
        trouble=select_quotes(month.county_words, "problem", red, QUOTED, QUOTED_UP_TO),
        intent=select_quotes(month.county_words, "next_step", red, QUOTED, QUOTED_UP_TO),
    )


def _leading(ranking: CountyRanking) -> list[str]:
    """The counties that lead the first of the plan's overall goals."""
    return [county.name for one in ranking.headline[:1] for county in one.first]


def _harder(lines: Sequence[CityLine], series: Sequence[MonthlySeries]) -> tuple[tuple[CityLine, Fact], ...]:
    averages = ((line, one.monthly_average) for line, one in zip(lines, series, strict=True))
    return tuple(
        (line, average)
        for line, average in averages
        if average is not None and (line.figure.required_monthly or 0.0) > average
    )
