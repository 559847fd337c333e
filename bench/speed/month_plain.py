"""What the month's commands do, without Prefect: python -m bench.speed.month_plain intake|monthly|sheets|notices|in_one.

The very functions that the flows' tasks are made of, in the same order; nothing of the work is left out but its record.
"""

import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date

from bench.speed.measure import clocked, say
from flows.office import Office
from flows.settings import Settings

MONTH, ON = "2025-06", date(2025, 7, 8)


def intake() -> Callable[[], object]:
    """Read what lies in the inbox."""
    from flows.clock import now
    from flows.submissions import ingest as reception

    settings = Settings()
    return lambda: reception.ingest_all(reception.scan_inbox(settings, [], now()), settings)


def monthly() -> Callable[[], object]:
    """The bulletin."""
    from flows.documents import composing, evidence, publishing

    settings = Settings()

    def made() -> object:
        document = composing.compose(
            "monthly_dispatch", evidence.gather(settings, MONTH), Office(settings).typesetter
        )
        return publishing.publish(
            document, publishing.folder_of(settings, MONTH, "monthly_dispatch", None, None)
        )

    return made


def sheets() -> Callable[[], object]:
    """Every county's sheet, on all cores."""
    from flows.documents import county_batches, evidence
    from flows.documents import worker_pool as crew

    settings, afresh = Settings(), multiprocessing.get_context("spawn")

    def made() -> object:
        found = evidence.gather(settings, MONTH)
        whose = [c.id for c in found.catalogue.counties]
        work = county_batches.batches(found, settings, whose, None, crew.at_once(len(whose), settings))
        with ProcessPoolExecutor(crew.cores(settings), afresh) as pool:
            done = [one for some in pool.map(county_batches.write, work) for one in some]
        names = {c.id: c.name for c in found.catalogue.counties}
        return county_batches.counted(done, names, found.period)

    return made


def notices() -> Callable[[], object]:
    """Reminders, urgings and proposals due on the day."""
    from flows.documents import notices as noticing

    settings = Settings()
    return lambda: noticing.write_out(settings, noticing.work_out(settings, MONTH, ON))


def in_one() -> Callable[[], object]:
    """All four, one after the other."""
    return lambda: [one()() for one in (intake, monthly, sheets, notices)]


if __name__ == "__main__":
    work = {"intake": intake, "monthly": monthly, "sheets": sheets, "notices": notices, "in_one": in_one}
    say(**clocked(work[sys.argv[1]]())[1])
