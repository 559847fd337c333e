"""Problems on record as questions (待核实事项): by their 编号, or all that are open."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flows.plan.observation import Question
from flows.plan.terms import Tier
from flows.warehouse.connection import Warehouse

LONG_AFTER = datetime(9999, 12, 31)  # as of the end of time: everything received so far
_TIERS = {str(tier): tier for tier in Tier}
_FORMER = re.compile(r"[0-9a-f]{12}(-\w+)?-\d{2,}")
_LOOKALIKES = str.maketrans("OIL", "011")


def questions(warehouse: Warehouse, numbers: Sequence[str], as_of: datetime) -> dict[str, Question]:
    """Those of the questions that were raised by then, by the 编号 as it was typed: also one that an earlier program
    gave, or one with small letters, O for 0, I or L for 1."""
    typed = {n if _FORMER.fullmatch(n) else n.upper().translate(_LOOKALIKES): n for n in numbers}
    rows = warehouse.select("questions", numbers=list(typed), as_of=as_of)
    return {
        typed[row["asked_number"]]: _question(row, row["is_in_force"]) for row in rows.iter_rows(named=True)
    }


def open_questions(
    warehouse: Warehouse, first_month: str, last_month: str, as_of: datetime, reporter: str | None = None,
    tier: Tier = Tier.QUERY,
) -> tuple[Question, ...]:  # fmt: skip
    """The queries in force that nobody has answered, of one reporter or of all, by month, reporter and 编号; or the
    errors in force, which no answer settles."""
    rows = warehouse.select("problems", first_month=first_month, last_month=last_month, as_of=as_of)
    return tuple(
        _question(row, True)
        for row in rows.iter_rows(named=True)
        if row["tier"] == tier and row["answer"] is None and reporter in (None, row["reporter"])
    )


def _question(row: dict[str, Any], in_force: bool) -> Question:
    question = Question(
        number=row["question_number"], reporter=row["reporter"], month=row["month"], tier=_TIERS[row["tier"]],
        in_force=in_force, sheet=row["sheet"], cell=row["cell"], description="", answer=row["answer"],
    )  # fmt: skip
    description = row["message"].removeprefix(f"{row['file_name']} · {question.place} · ")
    return replace(question, description=description)
