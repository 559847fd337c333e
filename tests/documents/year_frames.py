"""A year of made-up reports as frames: everybody in step with the season, and whoever is told to be silent."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

import polars as pl

from flows.documents.document import Frames
from flows.indicators.figures import city_own, figures, trend
from flows.indicators.forecast import forecast
from flows.plan import frames as declared
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import Rule
from tests.documents.sample_frames import framed

# Per cent of the annual target done after each month, by default: half of it by June to the unit.
IN_STEP = (6.0, 14.0, 25.0, 34.0, 42.0, 50.0, 60.0, 70.0, 78.0, 86.0, 94.0, 100.0)


def year_frames(
    catalogue: Catalogue,
    period: Period,
    *,
    silent: Collection[tuple[str, int]] = (),
    pace: Mapping[str, float] | None = None,
    words: bool = True,
) -> Frames:
    """Frames of the period; `silent` are (county, month), `pace` multiplies a county's work."""
    cells = _cells(catalogue, period, silent, pace or {})
    nothing_queried = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})
    found = figures(cells, nothing_queried, catalogue, period)
    return Frames(
        figures=found,
        reporting=_reporting(catalogue, period, silent),
        statements=_statements(catalogue, period, silent if words else None),
        problems=framed(declared.ProblemSchema, []),
        city_own=city_own(cells, catalogue, period),
        trend=trend(cells, catalogue, period),
        forecast=forecast(found, catalogue, period),
    )


def _cells(
    catalogue: Catalogue, period: Period, silent: Collection[tuple[str, int]], pace: Mapping[str, float]
) -> pl.DataFrame:
    rows: list[dict[str, object]] = [
        {
            "month": f"2025-{month:02d}", "reporter": county, "county": county, "indicator": indicator.id,
            "measure": "running_total", "state": "reported",
            "value": float(round(float(target) * IN_STEP[month - 1] * pace.get(county, 1.0) / 100)),
        }
        for month in range(1, period.last + 1)
        for indicator in catalogue.indicators
        if indicator.rule is Rule.TOTAL
        for county, target in indicator.county_targets.items()
        if (county, month) not in silent
    ]  # fmt: skip
    return framed(declared.CellSchema, rows)


def _reporting(catalogue: Catalogue, period: Period, silent: Collection[tuple[str, int]]) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for month in range(1, period.last + 1):
        for reporter in catalogue.reporters:
            row: dict[str, object] = {
                "month": f"2025-{month:02d}", "reporter": reporter.id, "kind": str(reporter.kind),
                "due_on": date(2025, month % 12 + 1, 5), "status": "missing",
            }  # fmt: skip
            if (reporter.id, month) not in silent:
                at = datetime(2025, month % 12 + 1, 3, 9)
                row |= {"status": "on_time", "first_received_at": at, "received_at": at, "versions": 1,
                        "open_queries": 0, "errors": 0, "is_sample": True, "file_name": "月报.xlsx",
                        "sha256": f"{len(rows):064x}"}  # fmt: skip
            rows.append(row)
    return framed(declared.ReportingSchema, rows)


def _statements(
    catalogue: Catalogue, period: Period, silent: Collection[tuple[str, int]] | None
) -> pl.DataFrame:
    kinds = {"progress": "开展专场招聘", "problem": "岗位与求职者不匹配", "next_step": "组织订单式培训"}
    rows: list[dict[str, object]] = []
    if silent is not None:
        rows = [
            {"month": f"2025-{month:02d}", "reporter": county.id, "task": 0, "kind": kind,
             "text": f"{county.name}{month}月{text}。"}
            for month in range(1, period.last + 1)
            for county in catalogue.counties
            if (county.id, month) not in silent
            for kind, text in kinds.items()
        ]  # fmt: skip
    return framed(declared.StatementSchema, rows)
