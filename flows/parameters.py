"""The parameters of the flows as Prefect's page shows them: Chinese titles, and lists to choose from.

The lists come from the plans; where these cannot be read, the page takes any text, and the run says what is wrong.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from flows.plan.agenda import periods
from flows.plan.load import Plans, plans
from flows.plan.period import Frequency
from flows.plan.plan_file import PlanError
from flows.settings import Settings


def _choices(title: str, listed: Callable[[Plans], Iterator[str]] = lambda _: iter(())) -> Any:
    """A field with its title and what may be chosen. Prefect sets a title of its own, over which this one stands."""
    try:
        names = sorted(set(listed(plans(Settings()))))
    except PlanError:
        names = []
    schema: dict[str, Any] = {"title": title} | ({"enum": names} if names else {})
    return Field(json_schema_extra=schema)


def _counties(plans: Plans) -> Iterator[str]:
    return (county.name for plan in plans.catalogues for county in plan.counties)


def _periods(frequency: Frequency) -> Callable[[Plans], Iterator[str]]:
    def listed(plans: Plans) -> Iterator[str]:
        years = (plan.plan.year for plan in plans.catalogues)
        return (str(p) for year in years for p in periods(year) if p.frequency is frequency)

    return listed


Month = Annotated[str, _choices("报告月", _periods(Frequency.MONTH))]
Quarter = Annotated[str, _choices("报告季度", _periods(Frequency.QUARTER))]
HalfYear = Annotated[str, _choices("报告期", _periods(Frequency.HALF_YEAR))]
Year = Annotated[str, _choices("年份", _periods(Frequency.YEAR))]
County = Annotated[str, _choices("旗县市区", _counties)]
Early = Annotated[bool, _choices("提前出")]
AsOf = Annotated[datetime | None, _choices("数据截止时间")]
Day = Annotated[date | None, _choices("办理日期")]
