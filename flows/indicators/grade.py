"""Grades (等次): lower limits, and at most a share of the counties among the best."""

from collections.abc import Mapping

from flows.plan.policy import Annual
from flows.plan.terms import Grade
from flows.plan.units import round_half_up

PLACES = 2  # decimals at which scores are printed, compared and graded


def as_printed(score: float) -> float:
    """The score that counts: rounded half up as it is printed, so that what looks equal is equal."""
    return float(round_half_up(score, PLACES))


def ranks(scores: Mapping[str, float | None]) -> dict[str, int]:
    """Place by county, ties sharing it; those without a score have none."""
    known = {county: as_printed(s) for county, s in scores.items() if s is not None}
    return {county: 1 + sum(other > s for other in known.values()) for county, s in known.items()}


def grades(scores: Mapping[str, float | None], policy: Annual) -> dict[str, Grade]:
    """The grade by county. Counties that tie across the limit are all left out: at most means at most."""
    places = ranks(scores)
    limit = int(len(scores) * policy.excellent_share_at_most_pct // 100)
    return {county: _grade(score, _within(county, places, limit), policy) for county, score in scores.items()}


def _within(county: str, places: Mapping[str, int], limit: int) -> bool:
    """Whether everyone down to this county's place fits under the limit."""
    return county in places and sum(place <= places[county] for place in places.values()) <= limit


def _grade(score: float | None, within_limit: bool, policy: Annual) -> Grade:
    if score is None:
        return Grade.UNGRADED
    if as_printed(score) >= policy.excellent_at_least and within_limit:
        return Grade.EXCELLENT
    return Grade.PASSING if as_printed(score) >= policy.passing_at_least else Grade.FAILING
