"""The year's score (年度得分): each indicator's attainment, capped, equally weighted, less deductions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from flows.indicators.grade import as_printed, grades, ranks
from flows.plan.catalogue import Catalogue
from flows.plan.frames import SCORE_LINES, SCORES
from flows.plan.policy import Annual
from flows.plan.terms import Grade

Lines = Mapping[str, list[dict[str, Any]]]


def assessed(
    figures: pl.DataFrame, reporting: pl.DataFrame, catalogue: Catalogue, on: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """SCORES and SCORE_LINES of a year from its FIGURES and REPORTING, counties in annex order.

    A report not due before `on` is not missing yet. A county of which an indicator is not known has no score,
    rank or grade; it is never judged as zero.
    """
    annual = catalogue.policy.annual
    so_far = reporting.filter((pl.col("status") != "missing") | (pl.col("due_on") < on))
    lines = {c.id: _lines(figures, c.id, annual) for c in catalogue.counties}
    rows = {county: _county(county, own, so_far, annual) for county, own in lines.items()}
    scores: dict[str, float | None] = {county: row["score"] for county, row in rows.items()}
    places, graded = ranks(scores), grades(scores, annual)
    for county, row in rows.items():
        best = row["score"] is not None and as_printed(row["score"]) >= annual.excellent_at_least
        row |= {
            "rank": places.get(county),
            "tied": list(places.values()).count(places[county]) > 1 if county in places else None,
            "grade": graded[county].value,
            "beyond_limit": best and graded[county] is not Grade.EXCELLENT,
        }
    with_one_more = _sensitivity(lines, rows, scores, annual)
    return _frame(list(rows.values()), SCORES), _frame(with_one_more, SCORE_LINES)


def _lines(figures: pl.DataFrame, county: str, annual: Annual) -> list[dict[str, Any]]:
    """The county's indicators with their points: min(attainment, cap); null where not known."""
    own = figures.filter(pl.col("county") == county, pl.col("target") > 0).to_dicts()
    return [
        row
        | {"points": None if (a := row["attainment_pct"]) is None else max(min(a, annual.capped_at_pct), 0.0)}
        for row in own
    ]


def _county(
    county: str, lines: list[dict[str, Any]], reporting: pl.DataFrame, annual: Annual
) -> dict[str, Any]:
    points = [line["points"] for line in lines if line["points"] is not None]
    record = reporting.filter(reporter=county)
    late, missing = (record.filter(status=status).height for status in ("late", "missing"))
    open_queries = int(record["open_queries"].sum())
    deducted = min(
        late * annual.deduct_per_late_report
        + missing * annual.deduct_per_missing_report
        + open_queries * annual.deduct_per_open_query,
        annual.deduct_at_most,
    )
    unknown, count = len(lines) - len(points), len(lines)
    return {
        "county": county, "known": len(points), "expected": count, "late": late, "missing": missing,
        "points": sum(points) / len(points) if points else None, "open_queries": open_queries, "deducted": deducted,
        "score": max(sum(points) / count - deducted, 0.0) if points and not unknown else None,
        "lowest": max(sum(points) / count - deducted, 0.0) if count else None,
        "highest": max((sum(points) + unknown * annual.capped_at_pct) / count - deducted, 0.0) if count else None,
    }  # fmt: skip


def _sensitivity(
    lines: Lines, rows: Mapping[str, dict[str, Any]], scores: Mapping[str, float | None], annual: Annual
) -> list[dict[str, Any]]:
    """Each line with what one unit more would make of the county's score, grade and rank, all else equal."""
    found = []
    for county, own in lines.items():
        for line in own:
            then = _one_more(line, len(own), rows[county], annual)
            changed = {**scores, county: then}
            found.append(
                line
                | {
                    "gain": None if then is None else then - (rows[county]["score"] or 0.0),
                    "score_then": then,
                    "grade_then": None if then is None else grades(changed, annual)[county].value,
                    "rank_then": ranks(changed).get(county),
                }
            )
    return found


def _one_more(line: dict[str, Any], count: int, row: dict[str, Any], annual: Annual) -> float | None:
    """The county's score if this indicator stood one unit higher; null where it has no score."""
    if row["score"] is None:
        return None
    raised = max(min((line["ytd"] + 1) * 100 / line["target"], annual.capped_at_pct), line["points"])
    whole: float = row["points"] + (raised - line["points"]) / count - row["deducted"]
    return max(whole, 0.0)


def _frame(rows: list[dict[str, Any]], declared: Mapping[str, str]) -> pl.DataFrame:
    schema = {name: getattr(pl, kind) for name, kind in declared.items()}
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
