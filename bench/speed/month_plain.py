"""What the month's commands do, in one process: python -m bench.speed.month_plain intake|monthly|sheets|notices|in_one.

The Office's own methods, which the commands and the flows call.
"""

import sys
from collections.abc import Callable
from datetime import date

from bench.speed.measure import clocked, say
from flows.office import Office

MONTH, ON = "2025-06", date(2025, 7, 8)


def work_of(name: str) -> Callable[[], object]:
    """One of the four, or all of them one after the other."""
    office = Office()
    work: dict[str, Callable[[], object]] = {
        "intake": office.ingest,
        "monthly": lambda: office.make("monthly_dispatch", MONTH),
        "sheets": lambda: office.county_reports(MONTH),
        "notices": lambda: office.notices(MONTH, ON),
    }
    return work[name] if name in work else lambda: [one() for one in work.values()]


if __name__ == "__main__":
    say(**clocked(work_of(sys.argv[1]))[1])
