"""How reports become the figure of a period: a function for each rule (汇总规则).

Each takes `cells`, the rows of its rule that have a reporter (see `cells.match_rows`), and the period, and adds

- `value`: the period's own figure (本期), in the unit; null where it cannot be known from the reports in force
- `ytd`: the figure for the year so far (累计), as of the period's last month; null where that is not known
- `state`: what the report of the period's last month says, see `State`
- `reported`, `expected`: how many reports stand behind `ytd`, of how many due (覆盖面)
- `value_reported`: the same count for `value`

Two rules, reported by counties, also have a sum for the city.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import polars as pl

from flows.indicators.cells import is_expected, is_known, reported
from flows.indicators.exact import ONE, hundredths, in_units, quotient
from flows.plan.period import Period
from flows.plan.terms import Measure, Rule, State


def total(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """累计: ytd = the running total reported for the last month; value = ytd less that of the month before the period.

    A missed month therefore costs the two periods it borders on and no later running total. A value may be
    zero or negative (核减). The year starts from a known zero. Never carried forward from an earlier month.
    Adds `start`, the running total before the period.
    """
    end = reported(cells, rows, period.months[-1], Measure.RUNNING_TOTAL).rename({"value": "ytd"})
    end = end.with_columns(start=_start(cells, rows, period))
    value = in_units(hundredths("ytd") - hundredths("start"))
    return _with_counts(end.with_columns(value=value))


def _start(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.Series | pl.Expr:
    if period.first == 1:
        return pl.lit(0.0)
    before = Period.month(period.year, period.first - 1)
    return reported(cells, rows, before.months[0], Measure.RUNNING_TOTAL)["value"]


def each_county(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """逐地达标: every county must reach the number; a county's row is that of a running total, judged by its own target.

    Adds `reached`, 1 or 0 at the period's end, and `newly`, its change within the period (−1 if a correction
    undid it); both null where the reports do not tell.
    """
    counted = total(cells, rows, period)
    before = (pl.col("start") >= pl.col("target")).cast(pl.Float64)
    counted = counted.with_columns(reached=(pl.col("ytd") >= pl.col("target")).cast(pl.Float64))
    return counted.with_columns(newly=pl.col("reached") - before)


def latest(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """期末数: value = ytd = the level at the end of the last month; an earlier level never stands in for it."""
    level = reported(cells, rows, period.months[-1], Measure.LEVEL)
    return _with_counts(level.with_columns(ytd="value"))


def share(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """占比: value = ytd = 100 × numerator ÷ denominator of the period's last month, 0–100; never an average of shares.

    Null if either part is unknown or the denominator is 0. The row's state is the graver of its two parts'. 0 of 0
    is 不适用 (there is nothing to have a share in); anything else of 0 cannot be right and is 数据待核.
    """
    month = period.months[-1]
    numerator = reported(cells, rows, month, Measure.NUMERATOR)
    denominator = reported(cells, rows, month, Measure.DENOMINATOR)
    both = numerator.with_columns(whole=denominator["value"], whole_state=denominator["state"])
    percent = quotient(hundredths("value") * 100, hundredths("whole"))
    both = both.with_columns(state=_state_of_share(), value=pl.when(pl.col("whole") != 0).then(percent))
    return _with_counts(both.with_columns(ytd="value"))


def _state_of_share() -> pl.Expr:
    nothing = (pl.col("whole") == 0) & (pl.col("value") == 0)
    state = (
        pl.when(nothing)
        .then(pl.lit(State.NOT_APPLICABLE.value))
        .when(pl.col("whole") == 0)
        .then(pl.lit(State.BLOCKED.value))
        .otherwise(pl.col("state"))
    )
    for graver in (State.NOT_APPLICABLE, State.MISSING, State.BLOCKED):
        either = (pl.col("state") == graver.value) | (pl.col("whole_state") == graver.value)
        state = pl.when(either).then(pl.lit(graver.value)).otherwise(state)
    return state


def mean(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """期内平均: value = the mean of the period's monthly rates, ytd = the mean from January; each over the months known.

    The reports counted are months: `reported` of `expected` from January to the period's last month,
    `value_reported` of the period's own. `partial` says that a month is lacking. Where no month of the period
    is known the row has no figure at all: earlier months do not stand in for it.
    """
    months = {month: reported(cells, rows, month, Measure.RATE) for month in period.months_to_date}
    inside = _mean_of(rows, [months[m] for m in period.months])
    to_date = _mean_of(rows, list(months.values()))
    is_given = pl.col("value").is_not_null()
    both = inside.rename({"known": "value_reported"}).with_columns(
        ytd=to_date["value"], reported=to_date["known"], expected=to_date["due"]
    )
    return both.with_columns(
        ytd=pl.when(is_given).then("ytd"),
        reported=pl.when(is_given).then("reported").otherwise(0),
    ).with_columns(state=_state_of_mean())


def _mean_of(rows: pl.DataFrame, months: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows with value = mean of the months known, how many are `known` and `due`, and the last one's state."""
    stacked = pl.concat([m.select("row", "value", "state") for m in months])
    monthly = stacked.with_columns(known=is_known("value"), due=is_expected(), whole=hundredths("value"))
    by_row = monthly.group_by("row").agg(pl.col("whole", "known", "due").sum(), pl.col("state").last())
    average = pl.when(pl.col("known") > 0).then(quotient(pl.col("whole"), pl.col("known") * ONE))
    by_row = by_row.select("row", "known", "due", "state", value=average)
    return rows.join(by_row, on="row", how="left", maintain_order="left")


def _state_of_mean() -> pl.Expr:
    """As the last month says where the period is unknown; else whether a month from January on is lacking."""
    is_partial = pl.col("reported") < pl.col("expected")
    state = pl.when(is_partial).then(pl.lit(State.PARTIAL.value)).otherwise(pl.lit(State.REPORTED.value))
    return pl.when(pl.col("value").is_null()).then(pl.col("state")).otherwise(state)


def milestone(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """事项: value = ytd = 1 if done by the period's end, 0 if the last month's report says not done, else null.

    Any report of the year in force up to the last month can say that it is done; a later silence does not
    undo it. A date after the period's end is not done yet.
    """
    end = date(period.year, period.last, monthrange(period.year, period.last)[1])
    last = reported(cells, rows, period.months[-1], Measure.DONE)
    joined = last.join(_done(cells, period, end), on="row", how="left", maintain_order="left")
    is_answered = pl.col("value").is_not_null() | pl.col("done_on").is_not_null()
    value = pl.when(pl.col("done")).then(1.0).when(is_answered).then(0.0)
    state = pl.when(pl.col("done")).then(pl.lit(State.REPORTED.value)).otherwise(pl.col("state"))
    return _with_counts(joined.with_columns(value=value, ytd=value, state=state))


def _done(cells: pl.DataFrame, period: Period, end: date) -> pl.DataFrame:
    """The rows that a report in force, January to the last month, calls done by `end`; columns row, done."""
    in_time = pl.col("month").is_in(period.months_to_date) & (pl.col("measure") == Measure.DONE.value)
    has_date = pl.col("done_on").is_not_null()
    says_done = pl.when(pl.col("value").is_null()).then(has_date).otherwise(pl.col("value") >= 1)
    is_reported = pl.col("state") == State.REPORTED.value
    done = cells.filter(in_time, is_reported, says_done, ~has_date | (pl.col("done_on") <= end))
    return done.select("row", done=pl.lit(True)).unique()


def _with_counts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        reported=is_known("ytd"), expected=is_expected(), value_reported=is_known("value")
    )


def city_total(county_rows: pl.DataFrame) -> pl.DataFrame:
    """累计, the city's sums by indicator: ytd and value each over the counties that know theirs; null if none does."""
    by_indicator = county_rows.group_by("indicator", maintain_order=True)
    return by_indicator.agg(_sum("ytd"), _sum("value"))


def city_each_county(county_rows: pl.DataFrame) -> pl.DataFrame:
    """逐地达标 by indicator: ytd = the counties that have reached it, value = how many of them in this period."""
    return city_total(county_rows.select("indicator", ytd="reached", value="newly"))


def _sum(column: str) -> pl.Expr:
    known = pl.col(column).count() > 0
    return pl.when(known).then(in_units(hundredths(column).sum())).alias(column)


# Rule → the figures of its reporters, and for the rules that counties report the city's sum of them.
OF_REPORTERS: Mapping[Rule, Callable[[pl.DataFrame, pl.DataFrame, Period], pl.DataFrame]] = {
    Rule.TOTAL: total,
    Rule.LATEST: latest,
    Rule.SHARE: share,
    Rule.MEAN: mean,
    Rule.EACH_COUNTY: each_county,
    Rule.MILESTONE: milestone,
}
OF_CITY: Mapping[Rule, Callable[[pl.DataFrame], pl.DataFrame]] = {
    Rule.TOTAL: city_total,
    Rule.EACH_COUNTY: city_each_county,
    Rule.LATEST: city_total,  # of levels without a target that counties report
}
