"""What a missed month leaves unknown (缺报影响): the running total stands, the month's own number does not."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from flows.documents.filters import month
from flows.documents.kinds.reporting import LATE, MISSING
from flows.documents.provenance import Count, count
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import ReportedBy


@dataclass(frozen=True, slots=True)
class Gap:
    """A county and the months it did not report, of the period and of the month before it."""

    name: str
    months: tuple[int, ...]
    period: Period

    @property
    def at_end(self) -> bool:
        """Whether the period's last month is among them: then the county is in no running total."""
        return self.period.last in self.months

    @property
    def before_period(self) -> bool:
        """Whether the month before the period is among them: then the period's own number is not known."""
        return self.period.first - 1 in self.months

    @property
    def unknown_months(self) -> list[int]:
        """The months whose own number is not known: those missed, and the one after each."""
        return sorted({m for missed in self.months for m in (missed, missed + 1)})


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The reports of a period: how many were due and in time; (name, months) of the late and the missing."""

    period: Period
    due: Count
    on_time: Count
    late: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    by_month: tuple[tuple[str, tuple[str | None, ...]], ...]
    gaps: tuple[Gap, ...]

    @property
    def late_count(self) -> Count:
        """How many reports came late."""
        return self._count("late")

    @property
    def missing_count(self) -> Count:
        """How many reports did not come."""
        return self._count("missing")

    @property
    def months(self) -> list[str]:
        """The period's months: 4月, 5月, 6月."""
        return [month(number) for number in range(self.period.first, self.period.last + 1)]

    @property
    def not_due(self) -> list[str]:
        """The months for which nobody had to report yet."""
        by_month = zip(*(statuses for _, statuses in self.by_month), strict=True)
        return [name for name, statuses in zip(self.months, by_month, strict=True) if not any(statuses)]

    def _count(self, status: str) -> Count:
        return count(name for name, statuses in self.by_month for one in statuses if one == status)


def punctuality(reporting: pl.DataFrame, catalogue: Catalogue, period: Period, as_of: date) -> Punctuality:
    """The reporting record of the period's months; None for a report that was not due yet by `as_of`."""
    due = reporting.filter((pl.col("status") != MISSING) | (pl.col("due_on") < as_of))
    status = {(r["reporter"], r["month"]): r["status"] for r in due.iter_rows(named=True)}
    by_month = tuple(
        (r.name, tuple(status.get((r.id, month)) for month in period.months)) for r in catalogue.reporters
    )
    known = [(name, one) for name, statuses in by_month for one in statuses if one is not None]
    return Punctuality(
        period=period,
        due=count(known),
        on_time=count(name for name, one in known if one == "on_time"),
        late=_who(by_month, LATE, period),
        missing=_who(by_month, MISSING, period),
        by_month=by_month,
        gaps=_gaps(status, catalogue, period),
    )


def _who(
    by_month: tuple[tuple[str, tuple[str | None, ...]], ...], wanted: str, period: Period
) -> tuple[tuple[str, str], ...]:
    found = (
        (name, [month(period.first + at) for at, status in enumerate(statuses) if status == wanted])
        for name, statuses in by_month
    )
    return tuple((name, "、".join(months)) for name, months in found if months)


def _gaps(status: dict[tuple[str, str], str], catalogue: Catalogue, period: Period) -> tuple[Gap, ...]:
    looked_at = range(max(1, period.first - 1), period.last + 1)
    counties = [r for r in catalogue.reporters if r.kind is ReportedBy.COUNTY]
    gaps = (
        Gap(
            c.name,
            tuple(m for m in looked_at if status.get((c.id, f"{period.year}-{m:02d}")) == MISSING),
            period,
        )
        for c in counties
    )
    return tuple(gap for gap in gaps if gap.months)
