"""Writing what was received: a report is accepted with everything in it or refused."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import polars as pl

from flows.plan.observation import KnownTotals, Reading, Refusal, problem_id, submission_key
from flows.warehouse.connection import Warehouse

_OBSERVATION = {
    "county": pl.String,
    "indicator": pl.String,
    "measure": pl.String,
    "value": pl.String,  # exact text; the statement casts it
    "state": pl.String,
    "reason": pl.String,
    "done_on": pl.Date,
    "sheet": pl.String,
    "cell": pl.String,
    "written": pl.String,
}
_STATEMENT = {"task": pl.Int64, "kind": pl.String, "text": pl.String, "sheet": pl.String, "cell": pl.String}
_PROBLEM = dict.fromkeys(
    ("problem_id", "rule", "tier", "county", "indicator", "sheet", "cell", "message", "remedy"), pl.String
)


def record(
    warehouse: Warehouse,
    sha256: str,
    received_at: datetime,
    file_name: str,
    reports: Sequence[tuple[str, Reading | Refusal]],
) -> None:
    """Add one file in one transaction: each report in it with all that was read from it, or its refusal. A report
    comes with whose part of the file it is, empty where the file is that one report."""
    with warehouse.transaction():
        for part, outcome in reports:
            key = submission_key(sha256, part)
            if isinstance(outcome, Refusal):
                _add_refused(warehouse, key, received_at, file_name, part, outcome)
            else:
                _add_accepted(warehouse, key, received_at, file_name, outcome)


def _add_refused(
    warehouse: Warehouse, key: str, received_at: datetime, file_name: str, part: str, refusal: Refusal
) -> None:
    warehouse.add(
        "submission", sha256=key, received_at=received_at, file_name=file_name, status="refused",
        reporter=part or None, month=None, is_sample=False, refusal=refusal.reason,
    )  # fmt: skip


def _add_accepted(
    warehouse: Warehouse, key: str, received_at: datetime, file_name: str, reading: Reading
) -> None:
    warehouse.add(
        "submission", sha256=key, received_at=received_at, file_name=file_name, status="accepted",
        reporter=reading.reporter, month=reading.month, is_sample=reading.is_sample, refusal=None,
    )  # fmt: skip
    problems = _problems(key, file_name, reading)
    warehouse.add_rows("observation", _observations(reading), sha256=key)
    warehouse.add_rows("statement", _statements(reading), sha256=key)
    warehouse.add_rows("problem", problems, sha256=key)
    own = zip(problems["problem_id"], (p.answer for p in reading.problems), strict=True)
    for number, answer in (*own, *((a.problem_id, a.text) for a in reading.answers)):
        if answer is not None:
            warehouse.add(
                "answer",
                problem_id=number,
                answered_at=received_at,
                answer=answer,
                answered_by=reading.reporter,
            )


def _observations(reading: Reading) -> pl.DataFrame:
    rows = [
        (o.county, o.indicator, str(o.measure), None if o.value is None else str(o.value), str(o.state),
         o.reason, o.done_on, o.sheet, o.cell, o.written)
        for o in reading.observations
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_OBSERVATION, orient="row")


def _statements(reading: Reading) -> pl.DataFrame:
    rows = [(s.task, str(s.kind), s.text, s.sheet, s.cell) for s in reading.statements]
    return pl.DataFrame(rows, schema=_STATEMENT, orient="row")


def _problems(key: str, file_name: str, reading: Reading) -> pl.DataFrame:
    rows = [
        (problem_id(key, n), p.rule, str(p.tier), p.county, p.indicator, p.sheet, p.cell,
         p.message(file_name), p.remedy)
        for n, p in enumerate(reading.problems, 1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_PROBLEM, orient="row")


def known_totals(
    warehouse: Warehouse, reporter: str, month: str, as_of: datetime, but_for: str = ""
) -> dict[tuple[str, str], KnownTotals]:
    """The numbers in force around a month, by (county, indicator): what a new report is checked against.
    Exact; None where nothing was reported in the same year. Other reporters' rows hold `current` alone.
    `but_for` is the hash of the file that is checked: read again, it is not checked against itself."""
    rows = warehouse.select(
        "neighbouring_totals", reporter=reporter, month=month, as_of=as_of, sha256=but_for
    )
    return {
        (row["county"], row["indicator"]): KnownTotals(
            previous=_exact(row["previous"]),
            following=_exact(row["following"]),
            current=_exact(row["current"]),
            earlier=(_exact(row["second_before"]), _exact(row["third_before"])),
            months_back=row["months_back"] or 1,
            months_ahead=row["months_ahead"] or 1,
        )
        for row in rows.iter_rows(named=True)
    }


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
