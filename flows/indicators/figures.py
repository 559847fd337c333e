"""The figures of a period (汇总): from the reports in force to rank and mark; and the frames beside them.

`figures` is the contract of `diaodu figures`; `trend` (逐月走势) and `city_own` (市级去重数) go to the documents with it.
`changed_figures` (更正) compares what an issued document carried with the figures in force.
"""

from collections.abc import Mapping

import polars as pl

from flows.indicators.amounts import amounts, amounts_by_period, expected_rows
from flows.indicators.cells import match_rows, reported
from flows.indicators.exact import hundredths, in_units
from flows.indicators.marks import with_mark
from flows.indicators.pace import is_total, with_own_figure, with_pace, with_seasonal_pace
from flows.indicators.rank import with_rank, with_rank_change
from flows.plan.catalogue import Catalogue
from flows.plan.frames import CorrectedFigureSchema, FigureSchema, polars_schema, validated
from flows.plan.period import Period
from flows.plan.terms import CITY, Measure, State
from flows.plan.units import decimals, round_half_up

_KEY = ["county", "indicator"]
_PLACES = {"attainment_pct": 1, "gap_pp": 1}  # as documents print them; value and ytd by their unit
_COMPARED = ("state", "value", "ytd", "attainment_pct", "gap_pp", "rank", "tied", "mark")


def figures(
    by_cell: pl.DataFrame, open_queries: pl.DataFrame, catalogue: Catalogue, period: Period
) -> pl.DataFrame:
    """FigureSchema: one row per county × indicator of the plan.

    In plan order of indicators, of each 'city' first and the counties in annex order. `by_cell` is the frame
    CellSchema, whatever months it holds; `open_queries` has a row (county, indicator) per unanswered query. Null
    means not known or not applicable, never zero; `state` says which.
    """
    rows = expected_rows(catalogue)
    running = _months_running(catalogue, period)
    periods = {period, period.previous, period.year_ago, *running}
    by_period = {p: _with_plan(rows, found) for p, found in amounts_by_period(by_cell, rows, periods).items()}

    now = _paced(by_period[period], catalogue, period)
    earlier = [_paced(by_period[month], catalogue, month) for month in running]
    marked = with_mark(now, open_queries, earlier, catalogue.policy.marks)
    placed = with_rank_change(with_rank(marked), _paced_before(by_period, period))
    compared = _with_earlier(placed, by_period[period.previous], "value", "previous_value")
    compared = _with_earlier(compared, by_period[period.year_ago], "ytd", "ytd_year_ago")
    compared = _with_city_year_before(compared, catalogue, period)
    compared = with_own_figure(compared, city_own(by_cell, catalogue, period))
    return validated(FigureSchema, _in_print(compared, catalogue, period))


def _with_plan(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The amounts beside unit, rule, bound and target; they are in the order of `rows`, so no join is needed."""
    return pl.concat([rows, found.drop(_KEY)], how="horizontal")


def _paced(amounts_of: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    return with_seasonal_pace(with_pace(amounts_of, period), catalogue, period)


def _months_running(catalogue: Catalogue, period: Period) -> list[Period]:
    """The months before the last one that turn its yellow into red; fewer where the year is younger."""
    back = range(1, catalogue.policy.marks.red_after_yellow_months)
    return [Period.month(period.year, period.last - n) for n in back if n < period.last]


def _paced_before(by_period: Mapping[Period, pl.DataFrame], period: Period) -> pl.DataFrame | None:
    """The period before with its pace; None across the year's end, where the targets start anew."""
    before = period.previous
    return with_pace(by_period[before], before) if before.year == period.year else None


def _with_earlier(figures_now: pl.DataFrame, earlier: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Add `name`: the earlier amounts' `column` (value or ytd), of the same rows; null where it is not known.

    A city sum is given only if the very same counties stand behind it then and now: eight counties less nine
    is not a fall. Nothing is invented where the earlier period is not held.
    """
    joined = figures_now.with_columns(then=earlier[column])
    known_once = pl.col(column).is_null() != pl.col("then").is_null()
    unlike = joined.filter(known_once, pl.col("county") != CITY)["indicator"].unique().to_list()
    other_counties = (pl.col("county") == CITY) & pl.col("indicator").is_in(unlike)
    return joined.with_columns(pl.when(~other_counties).then("then").alias(name)).drop("then")


def _with_city_year_before(compared: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """Fill ytd_year_ago of complete city sums from the plan folder's totals of the city, where its counties' are not held."""
    history = catalogue.year_before
    known = {
        i: float(t)
        for c, i in history.totals
        if c == CITY and (t := history.total(CITY, i, period.last)) is not None
    }
    of_city = pl.col("indicator").replace_strict(known, default=None, return_dtype=pl.Float64)
    is_complete = (
        (pl.col("county") == CITY)
        & (pl.col("state") == State.REPORTED.value)
        & pl.col("ytd_year_ago").is_null()
    )
    is_this_plan = pl.lit(period.year == catalogue.plan.year)
    return compared.with_columns(
        ytd_year_ago=pl.when(is_complete & is_this_plan).then(of_city).otherwise("ytd_year_ago")
    )


def _in_print(compared: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """The columns of the contract; small_target (基数小) marks the counties that are ranked on few units."""
    of_county = is_total() & (pl.col("county") != CITY)
    small = pl.col("target") <= catalogue.policy.ranking.small_target_at_most
    return compared.with_columns(
        period=pl.lit(str(period)), small_target=pl.when(of_county).then(small)
    ).select(pl.col(name).cast(kind) for name, kind in polars_schema(FigureSchema).items())


def trend(by_cell: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """One row per county × indicator × month, January to the period's last month; month runs fastest.

    Columns: county, indicator, month ('YYYY-MM'), value (in the month), ytd, state, reported, expected,
    value_reported; order and meaning as in `figures` of that month.
    """
    rows = expected_rows(catalogue)
    months = [Period.month(period.year, m) for m in range(1, period.last + 1)]
    dated = [
        found.with_row_index("row").with_columns(month=pl.lit(str(month)))
        for month, found in amounts_by_period(by_cell, rows, months).items()
    ]
    return pl.concat(dated).sort("row", "month").select(
        "county", "indicator", "month", "value", "ytd", "state", "reported", "expected", "value_reported"
    )  # fmt: skip


def city_own(by_cell: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """The city's own de-duplicated figures beside the sums of its counties: a person counts once a year.

    One row per indicator of which the policy has a department report the city's own figure, in plan order.
    Columns: indicator, own_ytd and sum_of_counties (running totals of the period's last month, null if
    unknown), difference = own_ytd − sum_of_counties, reported and expected (counties behind the sum). The
    difference is null unless every expected county is in the sum.
    """
    policy = catalogue.policy.city_own_figures
    rows = expected_rows(catalogue).filter(pl.col("indicator").is_in(policy.indicators))
    city = amounts(by_cell, rows, period).filter(pl.col("county") == CITY)
    own_rows = city.select("county", "indicator", reporter=pl.lit(policy.reporter)).with_row_index("row")
    cells = match_rows(by_cell, own_rows)
    own = reported(cells, own_rows, period.months[-1], Measure.RUNNING_TOTAL)["value"]
    difference = in_units(hundredths("own_ytd") - hundredths("sum_of_counties"))
    complete = pl.col("reported") == pl.col("expected")
    return (
        city.rename({"ytd": "sum_of_counties"})
        .with_columns(own_ytd=own)
        .with_columns(difference=pl.when(complete).then(difference))
        .select("indicator", "own_ytd", "sum_of_counties", "difference", "reported", "expected")
    )


def changed_figures(issued: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """CorrectedFigureSchema: the figures of an issued document (the ledger's, county × indicator) that would be printed otherwise
    from `figures` (FigureSchema of the same period), in the order of `figures`; empty where nothing changed.

    Two numbers are the same when they are printed the same; a null is printed as missing, never as zero.
    """
    then = {(row["county"], row["indicator"]): row for row in issued.iter_rows(named=True)}
    rows = [
        {name: row[name] for name in ("county", "indicator", "unit", *_COMPARED)}
        | {f"{name}_before": then[row["county"], row["indicator"]][name] for name in _COMPARED}
        for row in figures.iter_rows(named=True)
        if (row["county"], row["indicator"]) in then
    ]
    changed = [row for row in rows if any(_printed(row, n, "_before") != _printed(row, n) for n in _COMPARED)]
    return pl.DataFrame(changed, schema=polars_schema(CorrectedFigureSchema))


def _printed(row: dict[str, object], name: str, suffix: str = "") -> object:
    value = row[f"{name}{suffix}"]
    if not isinstance(value, float):
        return value
    return round_half_up(value, _PLACES.get(name, decimals(str(row["unit"]))))
