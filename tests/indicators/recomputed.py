"""The figures of a period computed a second time, in fractions and plain Python, by a path that shares no code with
`flows.indicators`: what a test holds the program's figures against."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period
from flows.plan.terms import CITY, Bound, Rule

Cells = dict[
    tuple[str, str, str, str], tuple[Fraction | None, str, date | None]
]  # month, county, indicator, measure
ABSENT = (None, "missing", None)


class Recomputed:
    """Figures out of cells: `rows` as the program's reports hold them."""

    def __init__(self, catalogue: Catalogue, rows: list[tuple[Any, ...]], period: Period) -> None:
        self.catalogue, self.period = catalogue, period
        self.cells: Cells = {
            (month, county, indicator, measure): (
                None if v is None else Fraction(Decimal(str(v))),
                state,
                done_on,
            )
            for month, _, county, indicator, measure, v, state, done_on in rows
        }

    def number(self, month: int, county: str, indicator: str, measure: str) -> Fraction | None:
        value, state, _ = self.cells.get(
            (f"{self.period.year}-{month:02d}", county, indicator, measure), ABSENT
        )
        return Fraction(0) if state == "confirmed_zero" else value if state == "reported" else None

    def amounts(self, county: str, indicator: Indicator) -> tuple[Fraction | None, Fraction | None, int, int]:
        """Value, ytd, and how many reports stand behind ytd and behind value."""
        last, first = self.period.last, self.period.first
        match indicator.rule:
            case Rule.TOTAL | Rule.EACH_COUNTY if county == CITY and indicator.reporter is None:
                return self._sum(indicator)
            case Rule.TOTAL | Rule.EACH_COUNTY:
                ytd = self.number(last, county, indicator.id, "running_total")
                before = (
                    Fraction(0)
                    if first == 1
                    else self.number(first - 1, county, indicator.id, "running_total")
                )
                value = None if ytd is None or before is None else ytd - before
            case Rule.LATEST:
                value = ytd = self.number(last, county, indicator.id, "level")
            case Rule.SHARE:
                part, whole = (
                    self.number(last, county, indicator.id, m) for m in ("numerator", "denominator")
                )
                value = ytd = None if part is None or not whole else part / whole * 100
            case Rule.MEAN:
                rates = [self.number(m, county, indicator.id, "rate") for m in range(1, last + 1)]
                inside, so_far = ([r for r in some if r is not None] for some in (rates[first - 1 :], rates))
                if not inside:
                    return None, None, 0, 0
                return sum(inside) / len(inside), sum(so_far) / len(so_far), len(so_far), len(inside)
            case Rule.MILESTONE:
                months = (f"{self.period.year}-{m:02d}" for m in range(1, last + 1))
                done = [self.cells.get((m, county, indicator.id, "done"), ABSENT)[0] == 1 for m in months]
                known = self.number(last, county, indicator.id, "done") is not None
                value = ytd = Fraction(1) if any(done) else Fraction(0) if known else None
        return value, ytd, int(ytd is not None), int(value is not None)

    def _sum(self, indicator: Indicator) -> tuple[Fraction | None, Fraction | None, int, int]:
        counties = [self.amounts(c.id, indicator) for c in self.catalogue.counties_of(indicator)]
        targets = [Fraction(indicator.county_targets[c.id]) for c in self.catalogue.counties_of(indicator)]
        if indicator.rule is Rule.EACH_COUNTY:
            counties = [self._reached(own, target) for own, target in zip(counties, targets, strict=True)]
        values, ytds = ([own[n] for own in counties if own[n] is not None] for n in (0, 1))
        known = [sum(own[n] for own in counties) for n in (2, 3)]
        return sum(values) if values else None, sum(ytds) if ytds else None, known[0], known[1]

    @staticmethod
    def _reached(
        own: tuple[Fraction | None, Fraction | None, int, int], target: Fraction
    ) -> tuple[Fraction | None, Fraction | None, int, int]:
        value, ytd, known, value_known = own
        if ytd is None:
            return None, None, known, value_known
        now = Fraction(ytd >= target)
        return None if value is None else now - (ytd - value >= target), now, known, value_known

    def figure(self, county: str, indicator: Indicator, target: float | None) -> dict[str, Any]:
        """What the program's row must hold; every number is exact and becomes a double once, at the end."""
        value, ytd, known, value_known = self.amounts(county, indicator)
        due = None if target is None else Fraction(Decimal(str(target)))
        exact: dict[str, Fraction | None] = dict.fromkeys(
            ("attainment_pct", "gap_pp", "seasonal_gap_pp", "required_monthly")
        )
        if ytd is not None and due and indicator.bound is not Bound.AT_MOST:
            exact["attainment_pct"] = ytd / due * 100
        if ytd is not None and due and indicator.rule is Rule.TOTAL:
            exact["gap_pp"] = exact["attainment_pct"] - Fraction(self.period.last * 100, 12)
            curve = self.catalogue.policy.seasonal.get(indicator.id)
            if curve:
                exact["seasonal_gap_pp"] = exact["attainment_pct"] - Fraction(
                    str(curve.cumulative_pct[self.period.last - 1])
                )
            is_sum = county == CITY and indicator.reporter is None
            partial = is_sum and known < len(self.catalogue.counties_of(indicator))
            if ytd >= due:
                exact["required_monthly"] = Fraction(0)
            elif self.period.last < 12 and not partial:
                exact["required_monthly"] = (due - ytd) / (12 - self.period.last)
        numbers = exact | {"value": value, "ytd": ytd}
        return {n: None if v is None else float(v) for n, v in numbers.items()} | {
            "reported": known, "value_reported": value_known,
        }  # fmt: skip

    def ranks(self, indicator: Indicator) -> dict[str, int]:
        """Rank by county: leaders in turn, each taking along who is less than a unit behind or level with one taken."""
        done = {c.id: self.amounts(c.id, indicator)[1] for c in self.catalogue.counties_of(indicator)}
        due = {c: Fraction(indicator.county_targets[c]) for c in done}
        left = sorted(
            (c for c, v in done.items() if v is not None), key=lambda c: (-done[c] / due[c], due[c])
        )
        ranks: dict[str, int] = {}
        while left:
            group = [left[0]]
            for c in left[1:]:
                behind = done[group[0]] / due[group[0]] - done[c] / due[c]
                level = done[group[-1]] / due[group[-1]] == done[c] / due[c]
                if not level and behind >= max(1 / due[group[0]], 1 / due[c]):
                    break
                group.append(c)
            ranks |= dict.fromkeys(group, len(ranks) + 1)
            left = left[len(group) :]
        return ranks

    def mark(self, county: str, indicator: Indicator, target: float | None) -> str | None:
        """The mark without open queries, from exact gaps of this month and the ones before."""
        marks, month = self.catalogue.policy.marks, self.period.last
        gaps = self._gaps(county, indicator, target)
        if gaps is None:
            return None
        is_behind = max(gaps) <= Fraction(str(marks.yellow_at_most_pp))
        is_sum = county == CITY and indicator.reporter is None
        if (
            is_sum
            and self.amounts(county, indicator)[2] < len(self.catalogue.counties_of(indicator))
            and is_behind
        ):
            return None
        earlier = [
            Recomputed.of(self, m)._is_behind(county, indicator, target)
            for m in range(month - marks.red_after_yellow_months + 1, month)
        ]
        if max(gaps) <= Fraction(str(marks.red_at_most_pp)) or (is_behind and all(earlier)):
            return "red"
        if is_behind:
            return "yellow"
        return "blue" if gaps[0] >= Fraction(str(marks.blue_at_least_pp)) else "green"

    def _is_behind(self, county: str, indicator: Indicator, target: float | None) -> bool:
        if self.period.last < 1:
            return False
        gaps = self._gaps(county, indicator, target)
        is_sum = county == CITY and indicator.reporter is None
        partial = is_sum and self.amounts(county, indicator)[2] < len(self.catalogue.counties_of(indicator))
        limit = Fraction(str(self.catalogue.policy.marks.yellow_at_most_pp))
        return gaps is not None and not partial and max(gaps) <= limit

    def _gaps(self, county: str, indicator: Indicator, target: float | None) -> list[Fraction] | None:
        """The gap to pace and, where there is a curve, the gap to the season."""
        ytd = self.amounts(county, indicator)[1]
        if ytd is None or not target or indicator.rule is not Rule.TOTAL:
            return None
        attainment = ytd / Fraction(Decimal(str(target))) * 100
        gaps = [attainment - Fraction(self.period.last * 100, 12)]
        if curve := self.catalogue.policy.seasonal.get(indicator.id):
            gaps.append(attainment - Fraction(str(curve.cumulative_pct[self.period.last - 1])))
        return gaps

    @classmethod
    def of(cls, other: "Recomputed", month: int) -> "Recomputed":
        """The same cells as of the end of another month."""
        again = cls(other.catalogue, [], Period(other.period.year, month, 1))
        again.cells = other.cells
        return again
