"""What the month's four commands do, in one process one after the other, as the day's agenda has them.

Run as a child, DIAODU_DATA naming the folder: python -m bench.speed.month_in_one. See month.py.
"""

from datetime import date

from bench.speed.measure import clocked, say
from flows.office import Office

MONTH, ON = "2025-06", date(2025, 7, 8)


def main() -> None:
    """Do all four, and say how many seconds each took."""
    office = Office()
    work = {
        "intake": office.ingest,
        "monthly": lambda: office.make("monthly_dispatch", MONTH),
        "sheets": lambda: office.county_reports(MONTH),
        "notices": lambda: office.notices(MONTH, ON),
    }
    say(**{name: clocked(one)[1]["seconds"] for name, one in work.items()})


if __name__ == "__main__":
    main()
