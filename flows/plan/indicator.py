"""An indicator (指标): one promised number with the sentence of the plan that promises it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flows.plan.terms import Bound, ReportedBy, Rule
from flows.plan.unit import decimals


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the plan.

    `target` is the city's, in `unit`; None where the plan sets none (a limit then stands in the policy).
    `county_targets` holds the annex's split by county id (empty where the annex has none); for
    `each_county` it holds the same number for every county of county level.
    `reporter` is the department that sends it, None where counties do.
    """

    id: str
    name: str
    task: int
    target: Decimal | None
    unit: str
    bound: Bound
    rule: Rule
    reported_by: ReportedBy
    reporter: str | None
    quote: str
    annex: str = ""
    numerator: str = ""
    denominator: str = ""
    part_unit: str = ""
    county_targets: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def decimals(self) -> int:
        """How many decimals its values carry."""
        return decimals(self.unit)

    @property
    def in_annex(self) -> bool:
        """Whether the annex splits it by county."""
        return bool(self.annex)
