"""The frames that cross packages, as dataframely schemas: grain as primary key, types, null, ranges.

`validated` is called at run time at three borders (observations into the figures, figures out, facts to the documents), and
in tests for every frame; `polars_schema` gives the types to whoever builds a frame. Units: `_pct` is 0–100, `_pp` percentage
points, amounts are in the indicator's own unit. Raises dataframely's ValidationError, which is a fault of the program.
"""

from collections.abc import Iterable

import polars as pl

from flows.plan.schemas import dy
from flows.plan.terms import Bound, Grade, Mark, Measure, Rule, State, StatementKind, Tier

_MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"
ROWS_VALIDATED = 500_000
_PERIOD = r"^20\d\d(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$"


def polars_schema(schema: type[dy.Schema]) -> pl.Schema:
    """Column → Polars type, in the schema's order."""
    return pl.Schema({name: column.dtype for name, column in schema.columns().items()})


def validated(schema: type[dy.Schema], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, valid; above ROWS_VALIDATED only its columns and types are checked.

    A city's year of 2,000 cells costs 10 ms, the country's 3.8 million 2 s.
    """
    if frame.height > ROWS_VALIDATED:
        return frame.match_to_schema(polars_schema(schema))
    return schema.validate(frame)


def _term(terms: Iterable[str], *, nullable: bool = False, primary_key: bool = False) -> dy.String:
    """A text column that holds one of the terms."""
    allowed = [str(term) for term in terms]
    return dy.String(nullable=nullable, primary_key=primary_key, check=lambda text: text.is_in(allowed))


class CellSchema(dy.Schema):
    """A row is one number (or state) in force: month × reporter × county × indicator × measure.

    value is in the unit of the measure; null means there is no number, and `state` says why. Department figures have
    county 'city'. done_on is the date of a milestone, null for all else.
    """

    month = dy.String(primary_key=True, regex=_MONTH)
    reporter = dy.String(primary_key=True)
    county = dy.String(primary_key=True)
    indicator = dy.String(primary_key=True)
    measure = _term(Measure, primary_key=True)
    value = dy.Float64(nullable=True)
    state = _term(State)
    done_on = dy.Date(nullable=True)

    @dy.rule()
    def only_a_report_has_a_number(cls) -> pl.Expr:
        """A missing, blocked or inapplicable cell carries no number."""
        reported = cls.state.col.is_in([State.REPORTED.value, State.CONFIRMED_ZERO.value])
        return cls.value.col.is_null() | reported


class FigureContractSchema(dy.Schema):
    """A row is period × county × indicator, county 'city' being the total: the contract of `diaodu figures`.

    value is the period's own, ytd the year so far, both in `unit`. rank is null for whoever is not ranked. reported of
    expected reports stand behind ytd.
    """

    period = dy.String(primary_key=True, regex=_PERIOD)
    county = dy.String(primary_key=True)
    indicator = dy.String(primary_key=True)
    unit = dy.String()
    value = dy.Float64(nullable=True)
    ytd = dy.Float64(nullable=True)
    target = dy.Float64(nullable=True)
    attainment_pct = dy.Float64(nullable=True)
    pace_pct = dy.Float64(nullable=True, min=0, max=100)
    gap_pp = dy.Float64(nullable=True)
    rank = dy.Int64(nullable=True, min=1)
    state = _term(State)
    reported = dy.Int64(min=0)
    expected = dy.Int64(min=0)

    @dy.rule()
    def no_more_reported_than_expected(cls) -> pl.Expr:
        """The coverage of a figure is at most 100 %."""
        return cls.reported.col <= cls.expected.col


class FigureSchema(FigureContractSchema):
    """A row is that of FigureContractSchema with what the documents say besides; all null where it is not known.

    value_reported counts the reporters whose own value of the period is known. previous_value is that of the period
    before (环比), ytd_year_ago the running total a year earlier (同比). required_monthly (尚需月均) is in the unit, 0 once
    the target is reached; met says whether it is, on its own bound. ranked counts the counties with a rank, rank_change the
    places gained since the period before (negative: lost).
    """

    rule = _term(Rule)
    bound = _term(Bound)
    value_reported = dy.Int64(min=0)
    previous_value = dy.Float64(nullable=True)
    ytd_year_ago = dy.Float64(nullable=True)
    seasonal_pct = dy.Float64(nullable=True, min=0, max=100)
    seasonal_gap_pp = dy.Float64(nullable=True)
    required_monthly = dy.Float64(nullable=True, min=0)
    met = dy.Bool(nullable=True)
    mark = _term(Mark, nullable=True)
    ranked = dy.Int64(nullable=True, min=0)
    tied = dy.Bool(nullable=True)
    rank_change = dy.Int64(nullable=True)
    small_target = dy.Bool(nullable=True)

    @dy.rule()
    def rank_within_the_ranked(cls) -> pl.Expr:
        """Nobody is placed lower than there are counties with a rank."""
        return cls.rank.col.is_null() | (cls.rank.col <= cls.ranked.col)


class ReportingSchema(dy.Schema):
    """A row is month × reporter: the reporting record (报送情况).

    received_at is of the version in force; the times, versions, days_late (null unless late), counts, file and hash are
    null where nothing was received.
    """

    month = dy.String(primary_key=True, regex=_MONTH)
    reporter = dy.String(primary_key=True)
    kind = dy.String()
    due_on = dy.Date()
    first_received_at = dy.Datetime(nullable=True)
    received_at = dy.Datetime(nullable=True)
    versions = dy.Int64(nullable=True, min=1)
    status = _term(("on_time", "late", "missing"))
    days_late = dy.Int64(nullable=True, min=1)
    open_queries = dy.Int64(nullable=True, min=0)
    errors = dy.Int64(nullable=True, min=0)
    file_name = dy.String(nullable=True)
    sha256 = dy.String(nullable=True)
    is_sample = dy.Bool(nullable=True)


class StatementSchema(dy.Schema):
    """A row is month × reporter × task × kind: a reporter's own words. task 0 is a county's own statement."""

    month = dy.String(primary_key=True, regex=_MONTH)
    reporter = dy.String(primary_key=True)
    task = dy.Int32(primary_key=True, min=0)
    kind = _term(StatementKind, primary_key=True)
    text = dy.String()
    sheet = dy.String()
    cell = dy.String()


class ProblemSchema(dy.Schema):
    """A row is one problem of a submission in force; a null answer means it is still open."""

    problem_id = dy.String(primary_key=True)
    month = dy.String(regex=_MONTH)
    reporter = dy.String()
    county = dy.String()
    indicator = dy.String()
    rule = dy.String()
    tier = _term(Tier)
    sheet = dy.String()
    cell = dy.String()
    message = dy.String()
    remedy = dy.String()
    answer = dy.String(nullable=True)
    file_name = dy.String()


class ScoreLineSchema(dy.Schema):
    """A row is county × indicator: how one indicator counts in a county's year.

    points (0–100, capped by policy) are null where the year-end figure is not known. gain is what one unit more adds to the
    score, 0 once the cap is reached; score_then, grade_then and rank_then are the county's with that unit, all else equal.
    """

    county = dy.String(primary_key=True)
    indicator = dy.String(primary_key=True)
    unit = dy.String()
    ytd = dy.Float64(nullable=True)
    target = dy.Float64(min_exclusive=0)
    attainment_pct = dy.Float64(nullable=True)
    state = _term(State)
    points = dy.Float64(nullable=True, min=0)
    gain = dy.Float64(nullable=True, min=0)
    score_then = dy.Float64(nullable=True, min=0)
    grade_then = _term(Grade, nullable=True)
    rank_then = dy.Int64(nullable=True, min=1)


class ScoreSchema(dy.Schema):
    """A row is a county: its score of the year (points) and how it came about.

    points is the mean of the known indicators. score, rank and tied are null and grade is ungraded while an indicator is not
    known; lowest and highest are then what the score may become. beyond_limit: reaches 优秀, but the share of 优秀 is used up.
    """

    county = dy.String(primary_key=True)
    known = dy.Int64(min=0)
    expected = dy.Int64(min=0)
    points = dy.Float64(nullable=True, min=0)
    late = dy.Int64(min=0)
    missing = dy.Int64(min=0)
    open_queries = dy.Int64(min=0)
    deducted = dy.Float64(min=0)
    score = dy.Float64(nullable=True, min=0)
    lowest = dy.Float64(nullable=True, min=0)
    highest = dy.Float64(nullable=True, min=0)
    rank = dy.Int64(nullable=True, min=1)
    tied = dy.Bool(nullable=True)
    grade = _term(Grade)
    beyond_limit = dy.Bool()


class CommendationSchema(dy.Schema):
    """A row is a county: whether it may be proposed for commendation, with what speaks against it.

    quarters counts quarter-ends in a row, back from the year's end, without yellow, red or unknown. revised_* is the largest
    correction of a running total in the year, null where there was none. short holds the indicators whose target is not
    reached and vetoes the names of the criteria that are not met, joined by a space.
    """

    county = dy.String(primary_key=True)
    proposed = dy.Bool()
    score = dy.Float64(nullable=True, min=0)
    quarters = dy.Int64(min=0)
    late = dy.Int64(min=0)
    missing = dy.Int64(min=0)
    open_queries = dy.Int64(min=0)
    revised_indicator = dy.String(nullable=True)
    revised_month = dy.String(nullable=True)
    revision_pct = dy.Float64(nullable=True, min=0)
    short = dy.String()
    vetoes = dy.String()


class RevisionSchema(dy.Schema):
    """A row is one running total of a county that a later file changed: the first reported and the one in force."""

    month = dy.String(primary_key=True, regex=_MONTH)
    county = dy.String(primary_key=True)
    indicator = dy.String(primary_key=True)
    first_value = dy.Float64(nullable=True)
    value = dy.Float64(nullable=True)


class CorrectedCellSchema(dy.Schema):
    """A row is one number not in force as it was at an earlier moment: month × reporter × county × indicator × measure.

    state_before is null where nothing had been received then.
    """

    month = dy.String(primary_key=True, regex=_MONTH)
    reporter = dy.String(primary_key=True)
    county = dy.String(primary_key=True)
    indicator = dy.String(primary_key=True)
    measure = _term(Measure, primary_key=True)
    value_before = dy.Float64(nullable=True)
    state_before = _term(State, nullable=True)
    value = dy.Float64(nullable=True)
    state = _term(State)
    reason = dy.String(nullable=True)
    sheet = dy.String()
    cell = dy.String()
    file_name = dy.String()
    received_at = dy.Datetime()


class CorrectedFigureSchema(dy.Schema):
    """A row is county × indicator: a figure that an issued document carried and that would be printed otherwise now."""

    county = dy.String(primary_key=True)
    indicator = dy.String(primary_key=True)
    unit = dy.String()
    state_before = _term(State)
    state = _term(State)
    value_before = dy.Float64(nullable=True)
    value = dy.Float64(nullable=True)
    ytd_before = dy.Float64(nullable=True)
    ytd = dy.Float64(nullable=True)
    attainment_pct_before = dy.Float64(nullable=True)
    attainment_pct = dy.Float64(nullable=True)
    gap_pp_before = dy.Float64(nullable=True)
    gap_pp = dy.Float64(nullable=True)
    rank_before = dy.Int64(nullable=True, min=1)
    rank = dy.Int64(nullable=True, min=1)
    tied_before = dy.Bool(nullable=True)
    tied = dy.Bool(nullable=True)
    mark_before = _term(Mark, nullable=True)
    mark = _term(Mark, nullable=True)
