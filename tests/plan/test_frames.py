"""The frames that cross packages: what their schemas refuse."""

from datetime import date

import dataframely as dy
import polars as pl
import pytest

from flows.plan import frames
from flows.plan.frames import (
    CellSchema,
    FigureSchema,
    ReportingSchema,
    StatementSchema,
    polars_schema,
    validated,
)

CELL = {"month": "2025-06", "reporter": "kailu", "county": "kailu", "indicator": "urban_new_jobs",
        "measure": "running_total", "value": 5.0, "state": "reported", "done_on": None}  # fmt: skip
FIGURE = {"period": "2025-06", "county": "kailu", "indicator": "urban_new_jobs", "unit": "人", "state": "reported",
          "reported": 1, "expected": 1, "value_reported": 1, "rule": "total", "bound": "at_least"}  # fmt: skip


def frame(schema: type[dy.Schema], *rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=polars_schema(schema))


@pytest.mark.parametrize("change", [
    {"value": None, "state": "missing"}, {"value": 0.0, "state": "confirmed_zero"}, {"done_on": date(2025, 6, 30)},
    {"month": "2025-12"}, {"measure": "done"},
])  # fmt: skip
def test_a_cell_of_every_kind_is_valid(change: dict[str, object]) -> None:
    assert validated(CellSchema, frame(CellSchema, CELL | change)).height == 1


@pytest.mark.parametrize(("change", "rule"), [
    ({"state": "missing"}, "only_a_report_has_a_number"), ({"state": "blocked"}, "only_a_report_has_a_number"),
    ({"state": "lost"}, "check"), ({"measure": "weight"}, "check"), ({"month": "2025-13"}, "regex"),
    ({"county": None}, "nullability"), ({"state": None}, "nullability"),
])  # fmt: skip
def test_a_cell_that_says_two_things_is_refused(change: dict[str, object], rule: str) -> None:
    with pytest.raises(dy.exc.ValidationError, match=rule):
        validated(CellSchema, frame(CellSchema, CELL | change))


def test_one_cell_stands_once() -> None:
    with pytest.raises(dy.exc.ValidationError, match="primary_key"):
        validated(CellSchema, frame(CellSchema, CELL, CELL | {"value": 6.0}))


@pytest.mark.parametrize(("change", "rule"), [
    ({"reported": 2}, "no_more_reported_than_expected"), ({"rank": 2, "ranked": 1}, "rank_within_the_ranked"),
    ({"rank": 0, "ranked": 1}, "min"), ({"pace_pct": 100.1}, "max"), ({"required_monthly": -0.01}, "min"),
    ({"mark": "orange"}, "check"), ({"period": "2025-Q5"}, "regex"), ({"unit": None}, "nullability"),
])  # fmt: skip
def test_a_figure_that_cannot_be_is_refused(change: dict[str, object], rule: str) -> None:
    assert validated(FigureSchema, frame(FigureSchema, FIGURE | {"rank": 1, "ranked": 1})).height == 1
    with pytest.raises(dy.exc.ValidationError, match=rule):
        validated(FigureSchema, frame(FigureSchema, FIGURE | change))


def test_a_column_of_another_type_is_refused() -> None:
    statements = pl.DataFrame(schema=polars_schema(StatementSchema)).with_columns(
        pl.col("task").cast(pl.Int64)
    )
    with pytest.raises(dy.exc.SchemaError, match="task"):
        validated(StatementSchema, statements)


def test_above_the_limit_only_columns_and_types_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = frame(CellSchema, CELL, CELL)
    monkeypatch.setattr(frames, "ROWS_VALIDATED", 2)
    with pytest.raises(dy.exc.ValidationError):
        validated(CellSchema, twice)
    monkeypatch.setattr(frames, "ROWS_VALIDATED", 1)
    assert validated(CellSchema, twice).equals(twice)
    with pytest.raises(pl.exceptions.SchemaError):
        validated(CellSchema, twice.drop("state"))


@pytest.mark.parametrize("name", [n for n in dir(frames) if n.endswith("Schema")])
def test_every_frame_has_a_grain_and_says_what_a_row_is(name: str) -> None:
    schema = getattr(frames, name)
    assert schema.primary_key()
    assert "A row is" in (schema.__doc__ or "")
    assert schema.create_empty().schema == polars_schema(schema)


def test_the_record_of_nothing_received_is_valid() -> None:
    row = {
        "month": "2025-06",
        "reporter": "kailu",
        "kind": "county",
        "due_on": date(2025, 7, 7),
        "status": "missing",
    }
    assert validated(ReportingSchema, frame(ReportingSchema, row)).height == 1
