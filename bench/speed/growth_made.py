"""A warehouse of N counties' reports over Y years up to 2025, booked without workbooks.

Run as a child, DIAODU_DATA and DIAODU_PLAN naming folders: python -m bench.speed.growth_made COUNTIES YEARS. See growth.py.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from bench.large_plan import make
from bench.speed.measure import say
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.load import load
from flows.plan.observation import Observation, Reading
from flows.plan.terms import Measure, State
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.ledger import record

LAST_YEAR = 2025


def main(counties: int, years: int) -> None:
    """Write the plan and the warehouse; say how many observations it has and its size."""
    settings = Settings()
    (folder,) = settings.plan_folders
    make(counties, folder)
    catalogue, observations = load(folder), 0
    settings.data.mkdir(parents=True, exist_ok=True)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        for n, reading in enumerate(_readings(catalogue, years)):
            year, month = int(reading.month[:4]), int(reading.month[5:])
            received_at = datetime(year + month // 12, month % 12 + 1, 3, 9, 0, n % 60)
            record(warehouse, f"{n:064x}", received_at, f"{n}.xlsx", [("", reading)])
            observations += len(reading.observations)
    say(observations=observations, file_mb=settings.warehouse.stat().st_size / 1e6)


def _readings(catalogue: Catalogue, years: int) -> Iterator[Reading]:
    for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
        for month in range(1, 13):
            for county in catalogue.counties:
                asked = [i for i in catalogue.indicators_of(county) if county.id in i.county_targets]
                cells = tuple(cell for i in asked for cell in _cells(i, county.id, month))
                yield Reading(county.id, f"{year}-{month:02d}", True, cells, (), ())


def _cells(indicator: Indicator, county: str, month: int) -> Iterator[Observation]:
    """A twelfth of the year's target, and as many twelfths as months are over."""
    twelfth = Decimal(int(indicator.county_targets[county]) // 12)
    for measure, value in ((Measure.IN_MONTH, twelfth), (Measure.RUNNING_TOTAL, twelfth * month)):
        yield Observation(
            county, indicator.id, measure, value, State.REPORTED, "月报", f"C{month}", str(value)
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
