"""The workbook that the documentation shows: an ordinary June with the slips that offices make, as it goes back.
Run by hand: `python -m tests.submissions.marked_example FILE`."""

import sys
from pathlib import Path

from flows.plan.load import load
from flows.submissions.form.form_spec import form_spec
from tests.submissions.conftest import KNOWN, PLAN, filled, total
from tests.submissions.test_returned import back

SLIPS = {
    "urban_new_jobs": total("110", "617"),  # 497 + 110 = 607
    "secondary_jobs": total("31", ""),
    "tertiary_jobs": total("约236", "1246"),
    "flexible_jobs": total("-3", "118", reason="与社保数据比对，核减重复统计3人"),
    "startup_loans": total("11.7", "3300000"),  # in 元
}


def example() -> bytes:
    """The workbook's bytes."""
    catalogue = load(PLAN)
    content = filled(form_spec(catalogue, "kailu", "2025-06", KNOWN), SLIPS)
    return back(catalogue, content)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(example())
