"""The year's score and grade (年度得分、评估等次): each indicator's attainment, capped, equally weighted, less deductions."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import dataframely as dy
import polars as pl

from flows.indicators.exact import fraction
from flows.plan.catalogue import Catalogue
from flows.plan.frames import ScoreLineSchema, ScoreSchema, polars_schema
from flows.plan.policy import Annual
from flows.plan.terms import Grade
from flows.plan.units import round_half_up

PLACES = 2  # decimals at which scores are printed, compared and graded

Lines = Mapping[str, list[dict[str, Any]]]
Scores = Mapping[str, Fraction | None]


def annual_scores(
    figures: pl.DataFrame, reporting: pl.DataFrame, catalogue: Catalogue, on: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """ScoreSchema and ScoreLineSchema of a year from its figures and reporting record, counties in annex order.

    A report not due before `on` is not missing yet. A county of which an indicator is not known has no score,
    rank or grade; it is never judged as zero.
    """
    annual = catalogue.policy.annual
    so_far = reporting.filter((pl.col("status") != "missing") | (pl.col("due_on") < on))
    lines = {c.id: _lines(figures, c.id, annual) for c in catalogue.counties}
    rows = {county: _county_row(county, own, so_far, annual) for county, own in lines.items()}
    scores: Scores = {county: row["score"] for county, row in rows.items()}
    rank, grade = ranks(scores), grades(scores, annual)
    for county, row in rows.items():
        excels = row["score"] is not None and printed_score(row["score"]) >= annual.excellent_at_least
        row |= {
            "rank": rank.get(county),
            "tied": list(rank.values()).count(rank[county]) > 1 if county in rank else None,
            "grade": grade[county].value,
            "beyond_limit": excels and grade[county] is not Grade.EXCELLENT,
        }
    with_one_more = [row for county in lines for row in _sensitivity(county, lines, rows, scores, annual)]
    return _frame(list(rows.values()), ScoreSchema), _frame(with_one_more, ScoreLineSchema)


def printed_score(score: Fraction | float) -> float:
    """The score that counts: rounded half up as it is printed, so that what looks equal is equal."""
    return float(round_half_up(float(score), PLACES))


def ranks(scores: Mapping[str, Fraction | float | None]) -> dict[str, int]:
    """Rank by county, ties sharing it; those without a score have none."""
    known = {county: printed_score(s) for county, s in scores.items() if s is not None}
    return {county: 1 + sum(other > s for other in known.values()) for county, s in known.items()}


def grades(scores: Mapping[str, Fraction | float | None], policy: Annual) -> dict[str, Grade]:
    """The grade by county: lower limits, and 优秀 for at most a share of the counties.

    Counties that tie across the limit are all left out: at most means at most.
    """
    rank = ranks(scores)
    limit = len(scores) * fraction(policy.excellent_share_at_most_pct) // 100
    within = {c for c, own in rank.items() if sum(other <= own for other in rank.values()) <= limit}
    return {county: _grade(score, county in within, policy) for county, score in scores.items()}


def _grade(score: Fraction | float | None, is_within_limit: bool, policy: Annual) -> Grade:
    if score is None:
        return Grade.UNGRADED
    if printed_score(score) >= policy.excellent_at_least and is_within_limit:
        return Grade.EXCELLENT
    return Grade.PASSING if printed_score(score) >= policy.passing_at_least else Grade.FAILING


def _lines(figures: pl.DataFrame, county: str, annual: Annual) -> list[dict[str, Any]]:
    """The county's indicators with their points: min(attainment, cap); null where not known."""
    own = figures.filter(pl.col("county") == county, pl.col("target") > 0).to_dicts()
    return [row | {"points": _points(row["ytd"], row["target"], annual)} for row in own]


def _points(ytd: float | None, target: float, annual: Annual, more: int = 0) -> Fraction | None:
    """The points of an indicator, if `more` units were done than were."""
    if ytd is None:
        return None
    attainment = (fraction(ytd) + more) * 100 / fraction(target)
    return max(min(attainment, fraction(annual.capped_at_pct)), Fraction(0))


def _county_row(
    county: str, lines: list[dict[str, Any]], reporting: pl.DataFrame, annual: Annual
) -> dict[str, Any]:
    points = [line["points"] for line in lines if line["points"] is not None]
    record = reporting.filter(reporter=county)
    late, missing = (record.filter(status=status).height for status in ("late", "missing"))
    open_queries = int(record["open_queries"].sum())
    deducted = min(
        late * fraction(annual.deduct_per_late_report)
        + missing * fraction(annual.deduct_per_missing_report)
        + open_queries * fraction(annual.deduct_per_open_query),
        fraction(annual.deduct_at_most),
    )
    unknown, count = len(lines) - len(points), len(lines)
    at_best = sum(points) + unknown * fraction(annual.capped_at_pct)
    lowest = max(sum(points) / Fraction(count) - deducted, Fraction(0)) if count else None
    return {
        "county": county, "known": len(points), "expected": count, "late": late, "missing": missing,
        "points": sum(points) / len(points) if points else None, "open_queries": open_queries, "deducted": deducted,
        "score": lowest if points and not unknown else None, "lowest": lowest,
        "highest": max(at_best / count - deducted, Fraction(0)) if count else None,
    }  # fmt: skip


def _sensitivity(
    county: str, lines: Lines, rows: Mapping[str, dict[str, Any]], scores: Scores, annual: Annual
) -> list[dict[str, Any]]:
    """A county's lines with what one unit more would make of its score, grade and rank, all else equal."""
    row, result = rows[county], []
    for line in lines[county]:
        then = _score_with_one_more(line, len(lines[county]), row, annual)
        changed = {**scores, county: then}
        result.append(
            line
            | {
                "gain": None if then is None else then - row["score"],
                "score_then": then,
                "grade_then": None if then is None else grades(changed, annual)[county].value,
                "rank_then": ranks(changed).get(county),
            }
        )
    return result


def _score_with_one_more(
    line: dict[str, Any], count: int, row: dict[str, Any], annual: Annual
) -> Fraction | None:
    """The county's score if this indicator stood one unit higher; null where it has no score."""
    raised = _points(line["ytd"], line["target"], annual, more=1)
    if row["score"] is None or raised is None:
        return None
    score: Fraction = row["points"] + (raised - line["points"]) / count - row["deducted"]
    return max(score, Fraction(0))


def _frame(rows: list[dict[str, Any]], schema: type[dy.Schema]) -> pl.DataFrame:
    columns = polars_schema(schema)
    plain = [{n: float(v) if isinstance(v := row[n], Fraction) else v for n in columns} for row in rows]
    return pl.DataFrame(plain, schema=columns)
