"""The evidence of a document (依据): every frame it is made from, as of one data cut."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

import polars as pl

from flows.indicators.cells import with_year_before
from flows.indicators.figures import city_own, figures, trend
from flows.indicators.forecast import forecast, own_curves
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.document_kinds import carries_figures
from flows.plan.frames import CellSchema, ReportingSchema, StatementSchema, polars_schema, validated
from flows.plan.period import Frequency, Period
from flows.plan.terms import CITY
from flows.plan.units import format_number, round_half_up
from flows.plan.workdays import Deadlines, deadlines
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued


@dataclass(frozen=True)
class Evidence:
    """The frames of one period as of `cut`, each with the grain that catalogue.frames states.

    `trend` and `forecast` are the rollup's, empty for a single month, whose documents do not ask for them;
    `notice_outcomes` is of a year alone.
    """

    catalogue: Catalogue
    period: Period
    cut: datetime
    deadlines: Deadlines
    by_cell: pl.DataFrame
    figures: pl.DataFrame
    reporting: pl.DataFrame
    statements: pl.DataFrame
    problems: pl.DataFrame
    city_own: pl.DataFrame
    trend: pl.DataFrame
    forecast: pl.DataFrame
    revisions: pl.DataFrame
    amended: pl.DataFrame
    notice_outcomes: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def missing(self) -> list[str]:
        """Names of those who have not reported the period's last month."""
        silent = self.reporting.filter(month=self.period.months[-1], status="missing")["reporter"]
        return [self.catalogue.name_of(reporter) for reporter in silent]

    def headline(self, county: str | None = None) -> list[dict[str, object]]:
        """The totals of the city, or of one county, as an operator's table: one row an indicator of the annex."""
        annex = [i.id for i in self.catalogue.annex_indicators]
        rows = self.figures.filter(pl.col("county") == (county or CITY), pl.col("indicator").is_in(annex))
        return [
            self._headline(row, self.catalogue.indicator[row["indicator"]])
            for row in rows.iter_rows(named=True)
        ]

    def _headline(self, row: Mapping[str, Any], indicator: Indicator) -> dict[str, object]:
        """As the documents write it: nothing reported is not nought."""

        def figure(value: float | None) -> str:
            return "未报" if value is None else format_number(value, indicator.unit) + indicator.unit

        share = row["attainment_pct"]
        return {
            "指标": indicator.name,
            "本期": figure(row["value"]),
            "累计": figure(row["ytd"]),
            "完成率": "—" if share is None else f"{round_half_up(share, 1)}%",
            "已报": f"{row['reported']}/{row['expected']}",
        }


_KEPT: WeakKeyDictionary[Warehouse, dict[tuple[object, ...], Evidence]] = WeakKeyDictionary()
_MOST_KEPT = 4
Gatherer = Callable[[Period, datetime | None], Evidence]


class NothingReceivedError(RuntimeError):
    """No document can be made before anything was received: says what to do."""

    def __init__(self, period: Period) -> None:
        super().__init__(f"{period.long_label}还没有收到任何报表：先把报表放进收件箱，再运行 diaodu intake")


class TooEarlyError(RuntimeError):
    """A period that is not over, or of which hardly anything was reported: what there is, and how to draft it all the same."""

    def __init__(self, period: Period, why: str, reported: int, due: int) -> None:
        super().__init__(
            f"{period.long_label}{why}：{period.last_month.label}报表应报{due}份，已报{reported}份。"
            "请到期、收齐后再出；确要先出一份看看，加 --early（网页上选“提前出”）"
        )


def require_due(catalogue: Catalogue, period: Period, reporting: pl.DataFrame, today: date) -> None:
    """Raise TooEarlyError for a document that nobody should put up for approval on that day: its period is not over, or
    less of its last month was reported than the policy asks for."""
    last = reporting.filter(month=period.months[-1])
    reported = last.filter(pl.col("status") != "missing").height
    if f"{today:%Y-%m}" <= period.months[-1]:
        raise TooEarlyError(period, "还没有结束", reported, last.height)
    if reported * 100 < last.height * catalogue.policy.reporting.least_reported_pct:
        raise TooEarlyError(period, "报来的报表太少", reported, last.height)


def data_cut(warehouse: Warehouse, period: Period) -> datetime:
    """The default data cut (数据截止时间): the moment of the last file accepted or answer noted down, so that the
    same data always gives the same document."""
    last = last_change(warehouse)
    if last is None:
        raise NothingReceivedError(period)
    return last


def last_change(warehouse: Warehouse, up_to: datetime = datetime.max) -> datetime | None:
    """The last moment, up to one given, at which anything that documents show changed; None before any."""
    last: datetime | None = warehouse.select("last_change", up_to=up_to)["last_change_at"][0]
    return last


def data_version(warehouse: Warehouse) -> tuple[object, ...]:
    """What is another one after every report accepted and answer noted down, and after nothing else that is gathered."""
    return warehouse.select("last_change", up_to=datetime.max).row(0)


def gather(
    warehouse: Warehouse, catalogue: Catalogue, period: Period, as_of: datetime | None = None
) -> Evidence:
    """Everything a document of this period rests on as of a moment (default: the data cut): last year's numbers for
    comparison, this year's for the rest. The last few are kept for as long as the warehouse is open and no report, answer
    or issued document is added."""
    cut = as_of or data_cut(warehouse, period)
    if period.frequency is Frequency.YEAR:  # also shows what became of notices
        return _gathered(warehouse, catalogue, period, cut)
    kept = _KEPT.setdefault(warehouse, {})
    key = period, cut, id(catalogue), data_version(warehouse), len(issued(warehouse))
    found = kept.pop(key, None)
    if found is None:
        found = _gathered(warehouse, catalogue, period, cut)
        while len(kept) >= _MOST_KEPT:
            del kept[next(iter(kept))]
    kept[key] = found  # last, as the one used last
    return found


def _gathered(warehouse: Warehouse, catalogue: Catalogue, period: Period, cut: datetime) -> Evidence:
    this_year = _reach(period, cut)
    by_cell = _by_cell(warehouse, catalogue, period, cut)
    problems = warehouse.select("problems", **this_year)
    found = figures(by_cell, open_queries(problems), catalogue, period)
    longer = period.length > 1
    return Evidence(
        catalogue=catalogue,
        period=period,
        cut=cut,
        deadlines=deadlines(period.months[-1], catalogue.policy.reporting),
        by_cell=by_cell,
        figures=found,
        reporting=validated(
            ReportingSchema, reporting(warehouse.select("received", **this_year), problems, catalogue, period)
        ),
        statements=validated(StatementSchema, warehouse.select("statements", **this_year)),
        problems=problems,
        city_own=city_own(by_cell, catalogue, period),
        trend=trend(by_cell, catalogue, period) if longer else pl.DataFrame(),
        forecast=forecast(found, catalogue, period, own_curves(by_cell, catalogue))
        if longer
        else pl.DataFrame(),
        revisions=warehouse.select("revisions", **this_year),
        amended=_amended(warehouse, period, cut),
        notice_outcomes=warehouse.select("notice_outcomes", **this_year)
        if period.frequency is Frequency.YEAR
        else pl.DataFrame(),
    )


def figures_of(warehouse: Warehouse, catalogue: Catalogue, period: Period, cut: datetime) -> pl.DataFrame:
    """The figures of a period alone, as `gather` has them."""
    by_cell = _by_cell(warehouse, catalogue, period, cut)
    problems = warehouse.select("problems", **_reach(period, cut))
    return figures(by_cell, open_queries(problems), catalogue, period)


def _by_cell(warehouse: Warehouse, catalogue: Catalogue, period: Period, cut: datetime) -> pl.DataFrame:
    """The cells in force of this year and the last."""
    reach = _reach(period, cut) | {"first_month": f"{period.year - 1}-01"}
    return validated(CellSchema, with_year_before(warehouse.select("by_cell", **reach), catalogue))


def _reach(period: Period, cut: datetime) -> dict[str, object]:
    """The parameters of a query: what was known at a moment of the year's months up to the period's last."""
    return {"as_of": cut, "first_month": f"{period.year}-01", "last_month": period.months[-1]}


def _amended(warehouse: Warehouse, period: Period, cut: datetime) -> pl.DataFrame:
    """What changed in the year's earlier months since the last document of this frequency was issued; empty before one."""
    earlier = [
        document
        for document in issued(warehouse)
        if carries_figures(document.kind)
        and document.issued_at <= cut
        and _is_before(document.period, period)
    ]
    if not earlier or period.first == 1:
        return pl.DataFrame()
    return warehouse.select(
        "corrected",
        before=max(document.as_of for document in earlier),
        as_of=cut,
        first_month=f"{period.year}-01",
        last_month=str(Period.month(period.year, period.first - 1)),
    )


def _is_before(written: str, period: Period) -> bool:
    other = Period.parse(written)
    return (other.year, other.length) == (period.year, period.length) and other.first < period.first


def reporting_of(
    warehouse: Warehouse, catalogue: Catalogue, period: Period, as_of: datetime | None
) -> pl.DataFrame:
    """The reporting record alone, which can be asked for before anything was received."""
    last = last_change(warehouse)
    reach = _reach(period, as_of or last or datetime(period.year, 1, 1))
    return reporting(
        warehouse.select("received", **reach), warehouse.select("problems", **reach), catalogue, period
    )


def open_queries(problems: pl.DataFrame) -> pl.DataFrame:
    """The queries nobody has answered yet, a row each."""
    return problems.filter(pl.col("tier") == "query", pl.col("answer").is_null())


def reporting(
    received: pl.DataFrame, problems: pl.DataFrame, catalogue: Catalogue, period: Period
) -> pl.DataFrame:
    """The reporting record (报送情况) from January to the period's last month: who sent what, when, how late."""
    due = {month: deadlines(month, catalogue.policy.reporting).due_on for month in period.months_to_date}
    expected = pl.DataFrame(
        [(month, r.id, str(r.kind), due[month]) for month in due for r in catalogue.reporters],
        schema={"month": pl.String, "reporter": pl.String, "kind": pl.String, "due_on": pl.Date},
        orient="row",
    )
    days = (pl.col("first_received_at").dt.date() - pl.col("due_on")).dt.total_days()
    status = pl.when(days > 0).then(pl.lit("late")).when(days <= 0).then(pl.lit("on_time"))
    return (
        expected.join(received, on=["month", "reporter"], how="left", maintain_order="left")
        .join(_counts(problems), on=["month", "reporter"], how="left", maintain_order="left")
        .with_columns(
            status=status.otherwise(pl.lit("missing")),
            days_late=pl.when(days > 0).then(days),
            open_queries=_count_if_received("open_queries"),
            errors=_count_if_received("errors"),
        )
        .select(*ReportingSchema.column_names())
        .cast(polars_schema(ReportingSchema))
    )


def _counts(problems: pl.DataFrame) -> pl.DataFrame:
    still_open = (pl.col("tier") == "query") & pl.col("answer").is_null()
    return problems.group_by("month", "reporter").agg(
        open_queries=still_open.sum(), errors=(pl.col("tier") == "error").sum()
    )


def _count_if_received(column: str) -> pl.Expr:
    """No problems in a file received is a true zero; where no file came there is nothing to count."""
    return pl.when(pl.col("sha256").is_not_null()).then(pl.coalesce(pl.col(column), pl.lit(0)))
