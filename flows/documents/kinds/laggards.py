"""The indicators behind the clock (滞后指标), for the 季分析: since when, where, and what the reporters say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from flows.documents.figures import Figures
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.ranking import Placed
from flows.documents.kinds.tasks import Statements, words_of
from flows.documents.kinds.trend import IndicatorSeries
from flows.documents.provenance import Count, Fact, Source, count
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY
from flows.plan.units import round_half_up

COUNTIES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Laggard:
    """An indicator whose city total prints as behind the linear clock.

    `since` is the first month of the run of months behind that reaches to the period's end (1: since January), of months in
    which every county reported; `behind` counts the counties behind and `furthest` names the furthest of them; `average`
    is 今年以来月均; `said` are the problems reported by the lead department and by those counties, with their names.
    """

    line: CityLine
    since: Count
    behind: Count
    furthest: tuple[Placed, ...]
    average: Fact | None
    said: tuple[tuple[str, str], ...]


def laggards(
    lines: Sequence[CityLine],
    series: Sequence[IndicatorSeries],
    figures: Figures,
    statements: pl.DataFrame,
    catalogue: Catalogue,
    longest: int,
) -> tuple[Laggard, ...]:
    """Those of `lines` that are behind, the furthest first. `statements` are dated to the period's last month; one longer
    than `longest` characters is left to the attachment."""
    period = figures.of(lines[0].indicator.id).period if lines else ""
    words = words_of(statements, statements["month"].max()) if statements.height else {}  # type: ignore[arg-type]  # text
    found = [
        _laggard(line, one, figures, words, catalogue, longest, period)
        for line, one in zip(lines, series, strict=True)
        if line.pace == "behind"
    ]
    return tuple(sorted(found, key=lambda laggard: laggard.line.figure.gap_pp or 0.0))


def _laggard(
    line: CityLine,
    series: IndicatorSeries,
    figures: Figures,
    words: dict[tuple[str, int], Statements],
    catalogue: Catalogue,
    longest: int,
    period: str,
) -> Laggard:
    counties = {c.id: c for c in catalogue.counties}
    behind = [
        Placed(counties[f.county], f) for f in figures.counties(line.indicator.id) if f.pace == "behind"
    ]
    furthest = sorted(behind, key=lambda placed: placed.figure.gap_pp or 0.0)[:COUNTIES_NAMED]
    return Laggard(
        line=line,
        since=Count(_behind_since(series), Source(period, CITY, line.indicator.id, "behind_since")),
        behind=count(behind),
        furthest=tuple(furthest),
        average=series.city.monthly_average,
        said=_quoted_problems(line, furthest, words, catalogue, longest),
    )


def _behind_since(series: IndicatorSeries) -> int:
    """The first month of the last unbroken run of complete months that print as behind."""
    first = series.city.months[-1].month
    for month, attained, is_partial in reversed(series.city.attainment):
        if attained is None or is_partial or round_half_up(float(attained) - month * 100 / 12, 1) >= 0:
            break
        first = month
    return int(first)


def _names(text: str, indicator: Indicator, catalogue: Catalogue) -> bool:
    """Whether the text speaks of this annex indicator: three characters in a row that only its name has."""
    others = "|".join(one.name for one in catalogue.annex_indicators if one.id != indicator.id)
    runs = (indicator.name[at : at + 3] for at in range(len(indicator.name) - 2))
    return any(run in text and run not in others for run in runs)


def _quoted_problems(
    line: CityLine,
    furthest: Sequence[Placed],
    words: dict[tuple[str, int], Statements],
    catalogue: Catalogue,
    longest: int,
) -> tuple[tuple[str, str], ...]:
    """The lead department's problem with the task, then that of the first of the furthest counties that reported one with
    this indicator: a county's words are of all its work."""
    task = catalogue.task.get(line.indicator.task)
    lead = [(catalogue.name_of(task.lead), words.get((task.lead, task.number)))] if task else []
    local = [
        (placed.name, said)
        for placed in furthest
        if (said := words.get((placed.county.id, 0)))
        and _names(said.problem or "", line.indicator, catalogue)
    ]
    problems = (
        [
            (name, s.problem.rstrip("。；"))
            for name, s in some
            if s and s.problem and len(s.problem) <= longest
        ]
        for some in (lead, local)
    )
    return tuple(one for some in problems for one in some[:1])
