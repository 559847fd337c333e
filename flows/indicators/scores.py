"""The year's score and grade (年度得分、评估等次), and who may be proposed for commendation (建议通报表扬).

A score is each indicator's attainment, capped, equally weighted, less deductions. A commendation asks for quarters in a
row, a score, and nothing that speaks against it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import takewhile
from typing import Any

import polars as pl

from flows.indicators.exact import fraction, hundredths, quotient
from flows.plan.catalogue import Catalogue
from flows.plan.frames import CommendationSchema, ScoreLineSchema, ScoreSchema, polars_schema
from flows.plan.policy import Annual, Commendation
from flows.plan.schemas import dy
from flows.plan.terms import Grade, Mark, Rule
from flows.plan.units import round_half_up

PLACES = 2  # decimals at which scores are printed, compared and graded
_GOOD = (Mark.GREEN.value, Mark.BLUE.value)

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
    missed = frozenset(county for county, own in lines.items() if any(_misses(line, annual) for line in own))
    rank, grade = ranks(scores), grades(scores, annual, missed)
    for county, row in rows.items():
        excels = row["score"] is not None and printed_score(row["score"]) >= annual.excellent_at_least
        row |= {
            "rank": rank.get(county),
            "tied": list(rank.values()).count(rank[county]) > 1 if county in rank else None,
            "grade": grade[county].value,
            "beyond_limit": excels and county not in missed and grade[county] is not Grade.EXCELLENT,
        }
    with_one_more = [
        row for county in lines for row in _sensitivity(county, lines, rows, scores, missed, annual)
    ]
    return _frame(list(rows.values()), ScoreSchema), _frame(with_one_more, ScoreLineSchema)


def printed_score(score: Fraction | float) -> float:
    """The score that counts: rounded half up as it is printed, so that what looks equal is equal."""
    return float(round_half_up(float(score), PLACES))


def ranks(scores: Mapping[str, Fraction | float | None]) -> dict[str, int]:
    """Rank by county, ties sharing it; those without a score have none."""
    known = {county: printed_score(s) for county, s in scores.items() if s is not None}
    return {county: 1 + sum(other > s for other in known.values()) for county, s in known.items()}


def grades(
    scores: Mapping[str, Fraction | float | None], policy: Annual, missed: Collection[str] = ()
) -> dict[str, Grade]:
    """The grade by county: lower limits, and 优秀 for at most a share of the counties, of those that did not miss a
    headline target.

    Counties that tie across the limit are all left out: at most means at most.
    """
    rank = ranks({county: score for county, score in scores.items() if county not in missed})
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


def _misses(line: Mapping[str, Any], annual: Annual, more: int = 0) -> bool:
    """Whether it is a headline indicator known to have missed its target, had `more` units been done."""
    if line["indicator"] not in annual.headline_indicators or line["ytd"] is None:
        return False
    return fraction(line["ytd"]) + more < fraction(line["target"])


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
    county: str,
    lines: Lines,
    rows: Mapping[str, dict[str, Any]],
    scores: Scores,
    missed: frozenset[str],
    annual: Annual,
) -> list[dict[str, Any]]:
    """A county's lines with what one unit more would make of its score, grade and rank, all else equal."""
    row, result = rows[county], []
    for line in lines[county]:
        then = _score_with_one_more(line, len(lines[county]), row, annual)
        changed = {**scores, county: then}
        misses = any(_misses(other, annual, more=int(other is line)) for other in lines[county])
        missed_then = missed - {county} | ({county} if misses else set())
        result.append(
            line
            | {
                "gain": None if then is None else then - row["score"],
                "score_then": then,
                "grade_then": None if then is None else grades(changed, annual, missed_then)[county].value,
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


def commendations(
    quarters: Sequence[pl.DataFrame], scores: pl.DataFrame, revisions: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """CommendationSchema: a row a county in annex order, with what speaks against it beside what speaks for it.

    `quarters` are the figures at the quarters' ends, oldest first; `scores` is ScoreSchema, `revisions` RevisionSchema.
    """
    policy = catalogue.policy.commendation
    by_county = {row["county"]: row for row in scores.iter_rows(named=True)}
    rows = []
    for county in (c.id for c in catalogue.counties):
        row = by_county[county] | _largest(revisions, county)
        row["quarters"] = sum(1 for _ in takewhile(bool, (_is_clear(q, county) for q in reversed(quarters))))
        row["short"] = " ".join(_short(quarters[-1], county))
        headline = set(catalogue.policy.annual.headline_indicators)
        row["vetoes"] = " ".join(
            _vetoes(row, policy, misses_headline=bool(headline & set(row["short"].split())))
        )
        rows.append(row | {"proposed": not row["vetoes"]})
    schema = polars_schema(CommendationSchema)
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)


def _is_clear(figures: pl.DataFrame, county: str) -> bool:
    """Whether every running total of the county is known and neither yellow nor red."""
    marks = figures.filter(pl.col("target").is_not_null(), county=county, rule=Rule.TOTAL.value)[
        "mark"
    ].to_list()
    return bool(marks) and all(mark in _GOOD for mark in marks)


def _short(figures: pl.DataFrame, county: str) -> list[str]:
    return figures.filter(pl.col("county") == county, ~pl.col("met"))["indicator"].to_list()


def _largest(revisions: pl.DataFrame, county: str) -> dict[str, Any]:
    """The largest correction of a running total, as a share of what was first reported; nulls where none was."""
    changed = revisions.filter(pl.col("county") == county, pl.col("first_value") != pl.col("value"))
    first, moved = hundredths("first_value"), (hundredths("value") - hundredths("first_value")).abs()
    share = pl.when(first == 0).then(100.0).otherwise(quotient(moved * 100, first.abs()))
    by_size = changed.with_columns(pct=share).sort(
        "pct", "month", "indicator", descending=[True, False, False]
    )
    if by_size.is_empty():
        return {"revised_indicator": None, "revised_month": None, "revision_pct": None}
    row = by_size.row(0, named=True)
    return {"revised_indicator": row["indicator"], "revised_month": row["month"], "revision_pct": row["pct"]}


def _vetoes(row: dict[str, Any], policy: Commendation, *, misses_headline: bool) -> list[str]:
    """The criteria that the county fails, by their names in the policy."""
    score = None if row["score"] is None else printed_score(row["score"])
    failed = {
        "headline_indicators": misses_headline,
        "quarters_in_a_row": row["quarters"] < policy.quarters_in_a_row,
        "score_at_least": score is None or score < policy.score_at_least,
        "late_reports_at_most": row["late"] > policy.late_reports_at_most,
        "missing_reports_at_most": row["missing"] > policy.missing_reports_at_most,
        "open_queries_at_most": row["open_queries"] > policy.open_queries_at_most,
        "revision_at_most_pct": (row["revision_pct"] or 0.0) > policy.revision_at_most_pct,
    }
    return [name for name, fails in failed.items() if fails]
