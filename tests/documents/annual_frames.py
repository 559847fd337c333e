"""The year 2025 as frames: every county at a share of its targets at the quarters' ends, through the real rollup."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl

from flows.documents.document import Frames
from flows.indicators.figures import city_own, figures
from flows.indicators.scores import annual_scores, commendations
from flows.plan import frames as declared
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY, FIGURE_MEASURES, Bound, Rule
from tests.documents.sample_frames import framed

YEAR = Period.parse("2025")
NEW_YEAR = date(2026, 1, 8)
# What each county has done of its targets by the year's end, in percent; 库伦旗 never sends December.
DONE = {
    "horqin": 102, "holingol": 99, "kailu": 70, "horqin_left_middle": 95, "horqin_left_rear": 91,
    "hure": 99, "naiman": 80, "jarud": 101, "development_zone": 88,
}  # fmt: skip
SILENT = "hure"
QUARTER_ENDS = (3, 6, 9, 12)


def year_frames(catalogue: Catalogue) -> Frames:
    """The year as of 8 January: 开鲁县 late twice, 奈曼旗 without May and June, an open query at 科左中旗."""
    cells = _cells(catalogue)
    none_open = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})
    year = figures(cells, none_open, catalogue, YEAR)
    record = _reporting(catalogue)
    scores, lines = annual_scores(year, record, catalogue, NEW_YEAR)
    ends = [figures(cells, none_open, catalogue, Period.month(2025, m)) for m in QUARTER_ENDS]
    revised = {
        "month": "2025-05",
        "county": "jarud",
        "indicator": "urban_new_jobs",
        "first_value": 400.0,
        "value": 412.0,
    }
    return Frames(
        figures=year,
        reporting=record,
        statements=framed(declared.StatementSchema, []),
        problems=framed(declared.ProblemSchema, []),
        city_own=city_own(cells, catalogue, YEAR),
        scores=scores,
        score_lines=lines,
        commendation=commendations(ends, scores, framed(declared.RevisionSchema, [revised]), catalogue),
    )


def _cells(catalogue: Catalogue) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for month in QUARTER_ENDS:
        for i in catalogue.indicators:
            for county, target in i.county_targets.items():
                if not (county == SILENT and month == 12):
                    share = DONE[county] * month / 12 if i.rule is Rule.TOTAL else 100
                    rows.append(
                        _cell(
                            county, county, i.id, "running_total", month, round(float(target) * share / 100)
                        )
                    )
            if i.reporter:
                rows += [
                    _cell(i.reporter, CITY, i.id, m, month, v)
                    for m, v in _department(i.rule, i.bound, i.target)
                ]
    return framed(declared.CellSchema, rows)


def _department(rule: Rule, bound: Bound, target: Decimal | None) -> list[tuple[str, float]]:
    """What a department reports at any quarter's end: its target and one more, a good rate, a thing done."""
    value = float(target or 5) + (1 if bound is not Bound.AT_MOST else 0)
    if rule is Rule.SHARE:
        return [("numerator", value), ("denominator", 100.0)]
    measure = FIGURE_MEASURES[rule][0].value
    return [(measure, 1.0 if rule is Rule.MILESTONE else 5.3 if rule is Rule.MEAN else value)]


def _cell(
    reporter: str, county: str, indicator: str, measure: str, month: int, value: float
) -> dict[str, object]:
    return {"month": f"2025-{month:02d}", "reporter": reporter, "county": county, "indicator": indicator,
            "measure": measure, "value": value, "state": "reported"}  # fmt: skip


def _reporting(catalogue: Catalogue) -> pl.DataFrame:
    late = {("kailu", "2025-02"), ("kailu", "2025-03")}
    missing = {("naiman", "2025-05"), ("naiman", "2025-06"), (SILENT, "2025-12")}
    rows: list[dict[str, object]] = []
    for month in YEAR.months:
        for r in catalogue.reporters:
            status = "late" if (r.id, month) in late else "missing" if (r.id, month) in missing else "on_time"
            came = status != "missing"
            rows.append({
                "month": month, "reporter": r.id, "kind": str(r.kind), "due_on": date(2025, 12, 31),
                "status": status, "days_late": 2 if status == "late" else None, "versions": 1 if came else None,
                "first_received_at": datetime(2026, 1, 2) if came else None, "is_sample": True if came else None,
                "open_queries": int(r.id == "horqin_left_middle" and month == "2025-12") if came else None,
                "errors": 0 if came else None,
            })  # fmt: skip
    return framed(declared.ReportingSchema, rows)
