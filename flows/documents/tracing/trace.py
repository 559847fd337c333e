"""The way back of one printed number (溯源): figure → rule and target → cells → files, all as of one data cut."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from flows.documents.evidence import Evidence, gather
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period
from flows.plan.terms import CITY, FIGURE_MEASURES, Measure, Rule, State
from flows.warehouse.connection import Warehouse
from flows.warehouse.stored_files import find_stored

NO_FILE = "no_file"  # of a cell: its reporter's workbook of that month was not received


class UntraceableError(ValueError):
    """Nobody reports this indicator for this county: says which counties there are."""

    def __init__(self, indicator: Indicator, county: str, known: list[str]) -> None:
        super().__init__(f"{county}没有“{indicator.name}”这项数，可查：{'、'.join(known)}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a workbook (单元格) behind the figure, or the want of it (state `no_file`: all else is null)."""

    month: str
    reporter: str
    county: str
    measure: str
    state: str
    value: float | None = None
    reason: str = ""
    done_on: date | None = None
    sheet: str = ""
    cell: str = ""
    written: str = ""
    file_name: str = ""
    sha256: str | None = None
    received_at: datetime | None = None
    is_sample: bool = False
    is_part: bool = False  # of a file that somebody gathered
    version: int | None = None
    versions: int | None = None
    original: str | None = None  # where the received file lies; null if it is gone or its hash has changed
    problems: tuple[dict[str, str | None], ...] = ()


@dataclass(frozen=True)
class Trace:
    """All that stands behind one figure: its row of FIGURES, the counties it adds up, the cells of each.

    `parts` are the counties' rows of a city total, empty otherwise. `cells` are in the order month from the
    last back, then annex order; `beside` is a department's own figure of the city, which is not in the sum.
    """

    catalogue: Catalogue
    period: Period
    cut: datetime
    indicator: Indicator
    county: str
    figure: dict[str, object]
    parts: tuple[dict[str, object], ...]
    cells: tuple[Cell, ...]
    beside: tuple[Cell, ...]

    @property
    def missing(self) -> list[str]:
        """Names of those whose number at the period's end is not known."""
        end = self.period.months[-1]
        lacking = (State.REPORTED, State.CONFIRMED_ZERO, State.NOT_APPLICABLE)
        names = (
            c.county if c.county != CITY else c.reporter
            for c in self.cells
            if c.month == end and c.state not in lacking
        )
        return [self.catalogue.name_of(name) for name in dict.fromkeys(names)]


def trace(
    warehouse: Warehouse,
    raw: Path,
    catalogue: Catalogue,
    period: Period,
    indicator: Indicator,
    county: str,
    as_of: datetime | None = None,
) -> Trace:
    """The way back of the figure of `county` (an id, or 'city'); UntraceableError where the plan has none. `raw` is the
    folder of the files received."""
    evidence = gather(warehouse, catalogue, period, as_of)
    rows = evidence.figures.filter(indicator=indicator.id)
    figure = rows.filter(county=county).to_dicts()
    if not figure:
        name = evidence.catalogue.name_of
        raise UntraceableError(indicator, name(county), [name(c) for c in rows["county"]])
    months = _months_behind(indicator.rule, period)
    behind = warehouse.select(
        "cells_behind",
        as_of=evidence.cut,
        indicator=indicator.id,
        first_month=min(months),
        last_month=max(months),
    )
    behind = behind.filter(pl.col("month").is_in(months))
    parts = rows.filter(pl.col("county") != CITY).to_dicts() if county == CITY else []
    whose = [str(row["county"]) for row in parts] or [county]
    return Trace(
        evidence.catalogue, period, evidence.cut, indicator, county, figure[0], tuple(parts),
        tuple(_cells(evidence, raw, behind, indicator, whose, months)),
        tuple(_own_of_city(evidence, raw, behind, indicator, period)) if parts else (),
    )  # fmt: skip


def _months_behind(rule: Rule, period: Period) -> list[str]:
    """The months whose reports make the figure up, the last first."""
    match rule:
        case Rule.TOTAL | Rule.EACH_COUNTY:
            before = [f"{period.year}-{period.first - 1:02d}"] if period.first > 1 else []
            return [period.months[-1], *before]
        case Rule.MEAN | Rule.MILESTONE:
            return list(reversed(period.months_to_date))
        case Rule.LATEST | Rule.SHARE:
            return [period.months[-1]]


def _cells(
    evidence: Evidence,
    raw: Path,
    behind: pl.DataFrame,
    indicator: Indicator,
    whose: list[str],
    months: list[str],
) -> list[Cell]:
    return [
        _cell(evidence, raw, behind, indicator, month, county, measure)
        for county in whose
        for month in months
        for measure in FIGURE_MEASURES[indicator.rule]
    ]  # fmt: skip


def _cell(
    evidence: Evidence,
    raw: Path,
    behind: pl.DataFrame,
    indicator: Indicator,
    month: str,
    county: str,
    measure: Measure,
) -> Cell:
    reporter = indicator.reporter or county
    found = behind.filter(month=month, reporter=reporter, county=county, measure=str(measure)).to_dicts()
    if found:
        return _read(found[0], evidence, raw, indicator)
    came = not evidence.reporting.filter(
        pl.col("sha256").is_not_null(), month=month, reporter=reporter
    ).is_empty()
    return Cell(month, reporter, county, str(measure), str(State.MISSING) if came else NO_FILE)


def _read(row: dict[str, object], evidence: Evidence, raw: Path, indicator: Indicator) -> Cell:
    problems = evidence.problems.filter(
        month=row["month"], reporter=row["reporter"], county=row["county"], indicator=indicator.id
    ).select("question_number", "tier", "cell", "message", "remedy", "answer")
    original = _original(raw, str(row["sha256"]))
    return Cell(**row, original=original, problems=tuple(problems.to_dicts()))  # type: ignore[arg-type]


def _original(raw: Path, sha256: str) -> str | None:
    """Where the file lies as received, or its copy without personal data, hashed again."""
    kept = find_stored(raw, sha256)
    if kept is None or kept.path is None or not kept.is_unchanged:
        return None
    where = str(kept.path.relative_to(raw.parent))
    return where if kept.kept_sha256 == sha256 else f"{where}（去除个人信息的副本）"


def _own_of_city(
    evidence: Evidence, raw: Path, behind: pl.DataFrame, indicator: Indicator, period: Period
) -> list[Cell]:
    rows = behind.filter(county=CITY, month=period.months[-1], measure=str(Measure.RUNNING_TOTAL)).to_dicts()
    return [_read(row, evidence, raw, indicator) for row in rows]
