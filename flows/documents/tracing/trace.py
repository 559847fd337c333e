"""The way back of a printed number (溯源): record of the document → figure → rule and target → cells → files.

A document's manifest records every number on its pages with its source; a trace starts there and is as of that
document's data cut. A figure that no document printed yet is traced from the figures in force.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from flows.documents.evidence import Evidence, Gatherer
from flows.documents.manifest import printed_blocks
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.history import HISTORY_FILE
from flows.plan.issued import UnknownDocumentError
from flows.plan.period import Period
from flows.plan.terms import CITY, FIGURE_MEASURES, Measure, Rule, State
from flows.warehouse.connection import Warehouse
from flows.warehouse.stored_files import find_stored

NO_FILE = "no_file"  # of a cell: its reporter's workbook of that month was not received
_AS_REPORTED = ("corrected", "amended")  # blocks that print what a workbook said before and says now


class UntraceableError(ValueError):
    """Nobody reports this indicator for this county: says which counties there are."""

    def __init__(self, indicator: Indicator, county: str, known: list[str]) -> None:
        super().__init__(f"{county}没有“{indicator.name}”这项数，可查：{'、'.join(known)}")


class NotPrintedError(ValueError):
    """The document has no such number, or one that stands for several figures: says which. Or its manifest is from
    before numbers were recorded."""

    def __init__(
        self, document: str, number: str, found: Sequence["PrintedNumber"], *, is_recorded: bool = True
    ) -> None:
        if not is_recorded:
            super().__init__(
                f"{document} 是以前的程序做的，没有记下印出的各个数，不能由数查起；请写报告期、指标、地区"
            )
            return
        each = dict.fromkeys(f"  {p.period} {p.indicator} {p.county}（“{p.context}”）" for p in found)
        several = "\n".join(["是几项数，请写明报告期、指标、地区：", *each])
        super().__init__(f"{document} 里的“{number}”{several if found else '不是指标数，或没有印出'}")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number on a page, as the document's manifest records it: its digits, the text of its paragraph or row without
    white space, and the figure (period, county, indicator, column) with its unrounded value."""

    document: str
    as_of: datetime
    text: str
    context: str
    period: str
    county: str
    indicator: str
    column: str
    value: float


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
    """All that stands behind one figure: where it is printed, its row of figures, the counties it adds up, their cells.

    `printed` is empty where no document of the period printed it. `parts` are the counties' rows of a city total, empty
    otherwise. `cells` are in the order month from the last back, then annex order; `beside` is a department's own
    figure of the city, which is not in the sum; `year_ago` are the cells of the same month of the year before, where the
    figure is compared with it: of a workbook, or of the plan folder's history.csv.
    """

    catalogue: Catalogue
    period: Period
    cut: datetime
    indicator: Indicator
    county: str
    printed: tuple[PrintedNumber, ...]
    figure: dict[str, object]
    parts: tuple[dict[str, object], ...]
    cells: tuple[Cell, ...]
    beside: tuple[Cell, ...]
    year_ago: tuple[Cell, ...] = ()

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


def printed_numbers(reports: Path, document: str) -> Iterator[PrintedNumber]:
    """The numbers of a document (its folder below `reports`) that are figures of the plan, in the order of its pages; none
    of a document whose manifest is from before numbers were recorded."""
    file = reports / document / "manifest.json"
    as_of = datetime.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["as_of"])
    for block in printed_blocks(file):
        for one in block["printed"]:
            if {"period", "county", "indicator", "value"} <= one.keys():
                source = (
                    one["period"],
                    one["county"],
                    one["indicator"],
                    _column(block["id"], one),
                    one["value"],
                )
                yield PrintedNumber(document, as_of, one["text"], block["text"], *source)


def _column(block: str, number: dict[str, str]) -> str:
    """What a number is a value of. Earlier programs called whatever a workbook reports `value`, as the figures call the
    month's own: such a number is no figure to compare."""
    if block in _AS_REPORTED and number["column"] in {"value", "value_before"}:
        return f"reported_{number['column']}"
    return number["column"]


def printed_as(reports: Path, document: str, number: str) -> PrintedNumber:
    """The figure behind a number on a page; NotPrintedError where the document has none, or several of those digits,
    UnknownDocumentError where there is no such document."""
    if not (reports / document / "manifest.json").exists():
        raise UnknownDocumentError(document)
    found = [p for p in printed_numbers(reports, document) if p.text == number.rstrip("%")]
    if len({(p.period, p.county, p.indicator) for p in found}) != 1:
        is_recorded = bool(printed_blocks(reports / document / "manifest.json"))
        raise NotPrintedError(document, number, found, is_recorded=is_recorded)
    return found[0]


def _printed(
    reports: Path, period: Period, indicator: Indicator, county: str, as_of: datetime | None
) -> tuple[PrintedNumber, ...]:
    """Where the period's documents print the figure; of several data cuts, the last up to `as_of`."""
    names = [m.parent.relative_to(reports).as_posix() for m in reports.glob(f"{period}/*/manifest.json")]
    figure = (str(period), county, indicator.id)
    found = [
        number
        for name in sorted(names)
        for number in printed_numbers(reports, name)
        if (number.period, number.county, number.indicator) == figure
        and (number.as_of == as_of if as_of else "@" not in name)
    ]
    last = max((number.as_of for number in found), default=None)
    return tuple(number for number in found if number.as_of == last)


def trace(
    warehouse: Warehouse,
    folders: tuple[Path, Path],
    period: Period,
    indicator: Indicator,
    county: str,
    as_of: datetime | None,
    gatherer: Gatherer,
) -> Trace:
    """The way back of the figure of `county` (an id, or 'city') as of a moment (default: the data cut of the document
    that printed it, of the last change if none did); UntraceableError where the plan has none. `folders` are those of
    the files received and of the documents; `gatherer` is asked for the evidence."""
    raw, reports = folders
    printed = _printed(reports, period, indicator, county, as_of)
    evidence = gatherer(period, as_of or (printed[0].as_of if printed else None))
    rows = evidence.figures.filter(indicator=indicator.id)
    figure = rows.filter(county=county).to_dicts()
    if not figure:
        name = evidence.catalogue.name_of
        raise UntraceableError(indicator, name(county), [name(c) for c in rows["county"]])
    months = _months_behind(indicator.rule, period)
    earlier = period.year_ago.months[-1]
    reach = {"first_month": min(*months, earlier), "last_month": max(months)}
    behind = warehouse.select("cells_behind", as_of=evidence.cut, indicator=indicator.id, **reach)
    cells = _Cells(evidence, raw, indicator, behind.filter(pl.col("month").is_in([*months, earlier])))
    parts = rows.filter(pl.col("county") != CITY).to_dicts() if county == CITY else []
    counties = [str(row["county"]) for row in parts] or [county]
    return Trace(
        evidence.catalogue, period, evidence.cut, indicator, county, printed, figure[0], tuple(parts),
        tuple(cells.behind(counties, months)), tuple(cells.beside(period.months[-1])) if parts else (),
        tuple(cells.year_ago([*counties, CITY] if parts else counties)) if figure[0]["ytd_year_ago"] is not None else (),
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


@dataclass(frozen=True)
class _Cells:
    """The cells behind the figures of one indicator: the rows of sql/select/cells_behind.sql, with their files."""

    evidence: Evidence
    raw: Path
    indicator: Indicator
    rows: pl.DataFrame

    def behind(self, counties: Sequence[str], months: Sequence[str]) -> Iterator[Cell]:
        """A cell a county, month and measure; one that was not received too."""
        for county in counties:
            for month in months:
                for measure in FIGURE_MEASURES[self.indicator.rule]:
                    yield self._cell(month, county, str(measure))

    def year_ago(self, counties: Sequence[str]) -> Iterator[Cell]:
        """The running totals that the figure is compared with: as reported then, else as history.csv gives them."""
        catalogue, before = self.evidence.catalogue, self.evidence.period.year_ago
        month = before.months[-1]
        for county in counties:
            found = self._cell(month, county, str(FIGURE_MEASURES[self.indicator.rule][0]))
            given = catalogue.year_before.total(county, self.indicator.id, before.last)
            if found.value is None and given is not None:
                line = catalogue.year_before.lines[county, self.indicator.id]
                found = Cell(
                    month, found.reporter, county, found.measure, str(State.REPORTED), float(given), written=f"{given:f}",
                    cell=f"第{line}行“{before.last}月”", file_name=HISTORY_FILE, sha256=catalogue.sources[HISTORY_FILE],
                )  # fmt: skip
            if found.value is not None:
                yield found

    def beside(self, month: str) -> Iterator[Cell]:
        """The department's own figure of the city."""
        rows = self.rows.filter(county=CITY, month=month, measure=str(Measure.RUNNING_TOTAL))
        return (self._read(row) for row in rows.to_dicts())

    def _cell(self, month: str, county: str, measure: str) -> Cell:
        reporter = self.indicator.reporter or county
        rows = self.rows.filter(month=month, reporter=reporter, county=county, measure=measure).to_dicts()
        if rows:
            return self._read(rows[0])
        files = self.evidence.reporting.filter(pl.col("sha256").is_not_null(), month=month, reporter=reporter)
        return Cell(month, reporter, county, measure, NO_FILE if files.is_empty() else str(State.MISSING))

    def _read(self, row: dict[str, object]) -> Cell:
        problems = self.evidence.problems.filter(
            month=row["month"], reporter=row["reporter"], county=row["county"], indicator=self.indicator.id
        ).select("question_number", "tier", "cell", "message", "remedy", "answer")
        original = _original(self.raw, str(row["sha256"]))
        return Cell(**row, original=original, problems=tuple(problems.to_dicts()))  # type: ignore[arg-type]  # columns of the query


def _original(raw: Path, sha256: str) -> str | None:
    """Where the file lies as received, or its copy without personal data, hashed again."""
    stored = find_stored(raw, sha256)
    if stored is None or stored.path is None or not stored.is_unchanged:
        return None
    where = str(stored.path.relative_to(raw.parent))
    return where if stored.kept_sha256 == sha256 else f"{where}（去除个人信息的副本）"
