"""What a quarter or a half-year says (季分析、半年总结): the month's facts, and what only a longer period shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows.documents.document import Frames
from flows.documents.figures import Figures
from flows.documents.kinds.contribution import Share, below_task, largest, shares
from flows.documents.kinds.course import Course, Courses, courses
from flows.documents.kinds.gaps import Punctuality, punctuality
from flows.documents.kinds.half_year import Halfway, halfway
from flows.documents.kinds.latest_statements import latest_words, quoted
from flows.documents.kinds.monthly import QUOTED, QUOTED_UP_TO, MonthlyFacts, monthly_facts
from flows.documents.kinds.outlook import Ahead, ahead
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.standing import Standing
from flows.documents.provenance import Fact
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Structure:
    """Who an indicator's running total is made of."""

    indicator: Indicator
    shares: tuple[Share, ...]

    @property
    def largest(self) -> list[Share]:
        """The counties that give most."""
        return largest(self.shares)

    @property
    def below_task(self) -> list[Share]:
        """The counties that give clearly less than their task's share."""
        return below_task(self.shares)


@dataclass(frozen=True)
class ReviewFacts:
    """Everything a report on a quarter or a half-year says; pure of clock and files.

    `practice`, `trouble` and `intent` are counties' own words with their names: of those that lead, of those
    with most red marks, and of these again.
    """

    month: MonthlyFacts
    courses: tuple[Courses, ...]
    structure: tuple[Structure, ...]
    outlook: tuple[Ahead, ...]
    punctuality: Punctuality
    halfway: Halfway
    harder: tuple[tuple[CityLine, Fact], ...]
    practice: Words
    trouble: Words
    intent: Words


def review_facts(frames: Frames, catalogue: Catalogue, period: Period, as_of: date) -> ReviewFacts:
    """The facts of one period as known on a day; every number comes from the rollup's frames."""
    said = replace(frames, statements=latest_words(frames.statements, period))
    month, figures = monthly_facts(said, catalogue, period), Figures(frames.figures)
    headline = month.overall.headline
    told = tuple(courses(frames.trend, figures, catalogue, line.indicator) for line in headline)
    all_courses = [
        courses(frames.trend, figures, catalogue, line.indicator).city for line in month.overall.annex
    ]
    leading, red = _leading(month.standing), [row.county.name for row in month.standing.red]
    return ReviewFacts(
        month=month,
        courses=told,
        structure=tuple(
            Structure(line.indicator, shares(line.indicator, figures, catalogue)) for line in headline
        ),
        outlook=ahead(frames.forecast, headline),
        punctuality=punctuality(frames.reporting, catalogue, period, as_of),
        halfway=halfway(month.overall.annex),
        harder=_harder(month.overall.annex, all_courses),
        practice=quoted(month.county_words, "progress", leading, QUOTED, QUOTED_UP_TO),
        trouble=quoted(month.county_words, "problem", red, QUOTED, QUOTED_UP_TO),
        intent=quoted(month.county_words, "next_step", red, QUOTED, QUOTED_UP_TO),
    )


def _leading(standing: Standing) -> list[str]:
    """The counties that lead the first of the plan's overall goals."""
    return [placed.name for ranking in standing.headline[:1] for placed in ranking.first]


def _harder(lines: Sequence[CityLine], so_far: Sequence[Course]) -> tuple[tuple[CityLine, Fact], ...]:
    """The indicators that need more a month from now on than they did so far, with what they did a month."""
    both = ((line, course.monthly_average) for line, course in zip(lines, so_far, strict=True))
    return tuple(
        (line, average)
        for line, average in both
        if average is not None and (line.figure.required_monthly or 0.0) > average
    )
