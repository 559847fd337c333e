"""Structure (结构和贡献): which counties the city's running total is made of, beside their share of the task."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.documents.figures import Figure, Figures
from flows.documents.provenance import Fact, Source, derived
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.units import round_half_up

NAMED = 3  # so many of the largest are named


@dataclass(frozen=True, slots=True)
class Share:
    """A county's share (0–100) of what the reporting counties did, None if unknown, and of the city's task."""

    name: str
    county: str
    of_sum_pct: Fact | None
    of_task_pct: Fact

    @property
    def over(self) -> float | None:
        """By how many points it gives more than its task's share; negative: less."""
        return None if self.of_sum_pct is None else self.of_sum_pct - self.of_task_pct


def shares(indicator: Indicator, figures: Figures, catalogue: Catalogue) -> tuple[Share, ...]:
    """Every county with a task in annex order; the sum is that of the counties known."""
    rows = figures.counties(indicator.id)
    done = sum(f.ytd for f in rows if f.ytd is not None)
    asked = sum(f.target for f in rows if f.target is not None)
    return tuple(
        Share(
            catalogue.name_of(f.county),
            f.county,
            None if f.ytd is None or not done else _share(f, f.ytd, done),
            _share(f, f.target, asked),
        )
        for f in rows
        if f.target and asked
    )


def _share(figure: Figure, part: float, whole: float) -> Fact:
    source = Source(figure.period, figure.county, figure.indicator, "share_pct")
    return derived(part * 100 / whole, source, part=part, whole=whole)


def largest(of: Sequence[Share]) -> list[Share]:
    """The counties that give most, the largest first."""
    known = [share for share in of if share.of_sum_pct is not None]
    return sorted(known, key=lambda share: -(share.of_sum_pct or 0.0))[:NAMED]


def below_task(of: Sequence[Share], by_pp: float = 1.0) -> list[Share]:
    """The counties that give less than their task's share by so many points, as printed."""
    return [share for share in of if share.over is not None and round_half_up(share.over, 1) <= -by_pp]
