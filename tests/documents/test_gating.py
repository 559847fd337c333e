"""The gate on documents made from the sample: what is right passes, however few have reported."""

from datetime import datetime

import pytest

from flows.documents.composing import compose
from flows.office import Office
from flows.settings import Settings


@pytest.mark.parametrize(
    ("month", "as_of"),
    [
        ("2025-01", None),
        ("2025-06", None),
        ("2025-06", datetime(2025, 7, 2, 18, 0)),  # hardly anybody has reported
        ("2025-06", datetime(2025, 7, 4, 12, 0)),  # a sentence goes from page 1 to page 2
    ],
)
def test_a_months_bulletin_has_no_fault(office: Settings, month: str, as_of: datetime | None) -> None:
    assert (
        compose("monthly_dispatch", Office(office).gather(month, as_of), Office(office).typesetter).faults
        == ()
    )


@pytest.mark.parametrize(
    "kind_and_period", [("quarterly_analysis", "2025-Q2"), ("half_year_summary", "2025-H1")]
)
def test_the_great_table_of_the_other_reports_is_whole(
    office: Settings, kind_and_period: tuple[str, str]
) -> None:
    kind, period = kind_and_period
    assert compose(kind, Office(office).gather(period), Office(office).typesetter).faults == ()
