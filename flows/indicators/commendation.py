"""Who may be proposed for commendation (建议通报表扬): quarters in a row, the score, and what speaks against it."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import polars as pl

from flows.indicators.exact import hundredths, quotient
from flows.indicators.scores import printed_score
from flows.plan.catalogue import Catalogue
from flows.plan.frames import CommendationSchema, polars_schema
from flows.plan.policy import Commendation
from flows.plan.terms import Mark, Rule

_GOOD = (Mark.GREEN.value, Mark.BLUE.value)


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
        row["vetoes"] = " ".join(_vetoes(row, policy))
        rows.append(row | {"proposed": not row["vetoes"]})
    schema = polars_schema(CommendationSchema)
    return pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)


def _is_clear(figures: pl.DataFrame, county: str) -> bool:
    """Whether every running total of the county is known and neither yellow nor red."""
    marks = figures.filter(county=county, rule=Rule.TOTAL.value)["mark"].to_list()
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


def _vetoes(row: dict[str, Any], policy: Commendation) -> list[str]:
    """The criteria that the county fails, by their names in the policy."""
    score = None if row["score"] is None else printed_score(row["score"])
    failed = {
        "quarters_in_a_row": row["quarters"] < policy.quarters_in_a_row,
        "score_at_least": score is None or score < policy.score_at_least,
        "late_reports_at_most": row["late"] > policy.late_reports_at_most,
        "missing_reports_at_most": row["missing"] > policy.missing_reports_at_most,
        "open_queries_at_most": row["open_queries"] > policy.open_queries_at_most,
        "revision_at_most_pct": (row["revision_pct"] or 0.0) > policy.revision_at_most_pct,
    }
    return [name for name, fails in failed.items() if fails]
