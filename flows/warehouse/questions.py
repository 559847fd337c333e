"""Problems on record as questions (待核实事项): by their 编号, or all that are open."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows.plan.observation import Question
from flows.plan.terms import Tier
from flows.warehouse.connection import Warehouse

LONG_AFTER = datetime(9999, 12, 31)  # as of the end of time: everything received so far
_TIERS = {str(tier): tier for tier in Tier}


def questions(warehouse: Warehouse, problem_ids: Sequence[str], as_of: datetime) -> dict[str, Question]:
    """Those of the problems that were raised by then, by their 编号."""
    rows = warehouse.select("questions", problem_ids=list(problem_ids), as_of=as_of)
    return {row["problem_id"]: _question(row, row["is_in_force"]) for row in rows.iter_rows(named=True)}


def open_questions(
    warehouse: Warehouse, first_month: str, last_month: str, as_of: datetime, reporter: str | None = None
) -> tuple[Question, ...]:
    """The queries in force that nobody has answered, of one reporter or of all, by month, reporter and 编号."""
    rows = warehouse.select("problems", first_month=first_month, last_month=last_month, as_of=as_of)
    return tuple(
        _question(row, True)
        for row in rows.iter_rows(named=True)
        if row["tier"] == Tier.QUERY and row["answer"] is None and reporter in (None, row["reporter"])
    )


def _question(row: dict[str, Any], in_force: bool) -> Question:
    question = Question(
        problem_id=row["problem_id"], reporter=row["reporter"], month=row["month"], tier=_TIERS[row["tier"]],
        in_force=in_force, sheet=row["sheet"], cell=row["cell"], said="", answer=row["answer"],
    )  # fmt: skip
    said = row["message"].removeprefix(f"{row['file_name']} · {question.place} · ")
    return replace(question, said=said)
