"""Writing what was received: a report is accepted with everything in it or refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import polars as pl

from flows.plan.observation import KnownTotals, Problem, Reading, Refusal, numbered
from flows.plan.origin import Origin
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY

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
_PROBLEM = {"position": pl.Int64} | dict.fromkeys(
    ("question_number", "rule", "tier", "county", "indicator", "measure", "aspect", "compared_values", "sheet",
     "cell", "message", "remedy"),
    pl.String,
)  # fmt: skip
NOT_RECORDED = 2**31 - 1  # as a submission's id: later than all


def record(
    warehouse: Warehouse,
    sha256: str,
    received_at: datetime,
    file_name: str,
    reports: Sequence[tuple[str, Reading | Refusal]],
    origin: Origin | None = None,
) -> None:
    """Add one file in one transaction: each report in it with all that was read from it, or its refusal. A report
    comes with whose part of the file it is, empty where the file is that one report. `origin` is by which way the file
    came, null where that was not noted."""
    with warehouse.transaction():
        for submission_id, (part, outcome) in enumerate(reports, warehouse.last_submission_id + 1):
            source = {
                "submission_id": submission_id,
                "file_sha256": sha256,
                "part_reporter": part,
                "received_at": received_at,
                "file_name": file_name,
                "origin_kind": str(origin.kind) if origin else None,
                "origin_name": origin.name if origin else None,
            }
            if isinstance(outcome, Refusal):
                warehouse.add(
                    "submission", **source, status="refused", reporter=part or None, month=None, is_sample=False,
                    refusal=outcome.reason,
                )  # fmt: skip
            else:
                _add_accepted(warehouse, source, outcome)


def _add_accepted(warehouse: Warehouse, source: Mapping[str, object], reading: Reading) -> None:
    warehouse.add(
        "submission", **source, status="accepted", reporter=reading.reporter, month=reading.month,
        is_sample=reading.is_sample, refusal=None,
    )  # fmt: skip
    submission_id = source["submission_id"]
    problems = list(numbered(reading.reporter, reading.month, reading.problems))
    warehouse.add_rows("observation", _observations(reading), submission_id=submission_id)
    said = [(s.task, str(s.kind), s.text, s.sheet, s.cell) for s in reading.statements]
    statements = pl.DataFrame(said, schema=_STATEMENT, orient="row")
    warehouse.add_rows("statement", statements, submission_id=submission_id)
    warehouse.add_rows("problem", _problems(problems, str(source["file_name"])), submission_id=submission_id)
    answers = [(number, problem.answer) for number, problem in problems]
    for number, text in (*answers, *((answer.number, answer.text) for answer in reading.answers)):
        if text is not None:
            row = {"question_number": number, "answered_at": source["received_at"], "answer": text}
            warehouse.add("answer", **row, answered_by=reading.reporter, **BY_NOBODY)


def _observations(reading: Reading) -> pl.DataFrame:
    rows = [
        (o.county, o.indicator, str(o.measure), None if o.value is None else str(o.value), str(o.state),
         o.reason, o.done_on, o.sheet, o.cell, o.written)
        for o in reading.observations
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_OBSERVATION, orient="row")


def _problems(problems: Sequence[tuple[str, Problem]], file_name: str) -> pl.DataFrame:
    rows = [
        (position, number, p.rule, str(p.tier), p.county, p.indicator, str(p.measure), p.aspect,
         "\n".join(p.values), p.sheet, p.cell, p.message(file_name), p.remedy)
        for position, (number, p) in enumerate(problems, 1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_PROBLEM, orient="row")


def first_id(warehouse: Warehouse, sha256: str) -> int:
    """The id of the first report recorded of the file with these bytes; NOT_RECORDED where there is none yet."""
    ids = warehouse.select("submission", sha256=sha256, as_of=datetime.max)["submission_id"]
    return ids[0] if len(ids) else NOT_RECORDED


def known_totals(
    warehouse: Warehouse, reporter: str, month: str, as_of: datetime, before_id: int = NOT_RECORDED
) -> dict[tuple[str, str], KnownTotals]:
    """The numbers in force around a month, by (county, indicator): what a new report is checked against.
    Exact; None where nothing was reported in the same year. Other reporters' rows hold `current` alone.
    `before_id` is the first id of the file that is checked: read again, it is not checked against itself or against
    what came in the same second after it."""
    rows = warehouse.select(
        "neighbouring_totals", reporter=reporter, month=month, as_of=as_of, before_id=before_id
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
