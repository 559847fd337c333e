"""June 2025 as frames: made-up submissions through the real rollup, with every state a bulletin must tell."""

from datetime import date, datetime
from decimal import Decimal

import dataframely as dy
import polars as pl

from flows.documents.document import Frames
from flows.indicators.figures import city_own, figures
from flows.plan import frames as declared
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period
from flows.plan.terms import CITY, Rule

JUNE = Period.parse("2025-06")
SHARE_OF_YEAR = {
    "horqin": 60.2, "holingol": 68.1, "kailu": 55.0, "horqin_left_middle": 50.0, "horqin_left_rear": 47.3,
    "hure": 41.0, "naiman": 36.8, "jarud": 52.4, "development_zone": 58.9,
}  # fmt: skip
SILENT, LATE, BLOCKED = "kailu", "naiman", "jarud"
SILENT_DEPARTMENT = "commerce"


def sample_frames(catalogue: Catalogue) -> Frames:
    """June as of 8 July: 开鲁县 and 市商务局 silent, 奈曼旗 late, a query at 科尔沁区, an error at 扎鲁特旗."""
    cells = by_cell(catalogue)
    queries = pl.DataFrame({"county": ["horqin"], "indicator": ["tertiary_jobs"]})
    return Frames(
        figures=figures(cells, queries, catalogue, JUNE),
        reporting=_reporting(catalogue),
        statements=_statements(catalogue),
        problems=_problems(),
        city_own=city_own(cells, catalogue, JUNE),
    )


def framed(schema: type[dy.Schema], rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows as one of the frames of `plan.frames`; what is not given is null."""
    return pl.DataFrame(rows, schema=declared.polars_schema(schema))


def by_cell(catalogue: Catalogue) -> pl.DataFrame:
    """May and June's reports in force."""
    rows: list[dict[str, object]] = []
    for month in (5, 6):
        for at, indicator in enumerate(catalogue.indicators):
            for county in indicator.county_targets:
                rows += _county_cells(indicator, county, month, at)
            if indicator.reporter and not (month == 6 and indicator.reporter == SILENT_DEPARTMENT):
                rows += _department_cells(indicator, month, at)
    rows.append(_cell("human_resources", CITY, "urban_new_jobs", "running_total", 6, 6950))
    return framed(declared.CellSchema, rows)


def _county_cells(indicator: Indicator, county: str, month: int, at: int) -> list[dict[str, object]]:
    if month == 6 and county == SILENT:
        return []
    share = SHARE_OF_YEAR[county] + (at * 7 + len(county) * 3) % 13 - 6
    share *= month / 6 if month < 6 else 1
    target = indicator.county_targets[county]
    done = (
        _whole(target, share, indicator.unit)
        if indicator.rule is Rule.TOTAL
        else float(county not in {"hure", "naiman"})
    )
    if month == 6 and county == BLOCKED and indicator.id == "startup_loans":
        return [_cell(county, county, indicator.id, "running_total", month, None, "blocked")]
    return [_cell(county, county, indicator.id, "running_total", month, done)]


def _department_cells(indicator: Indicator, month: int, at: int) -> list[dict[str, object]]:
    reporter, target = indicator.reporter or "", indicator.target or Decimal("5.5")
    match indicator.rule:
        case Rule.TOTAL:
            done = _whole(target, month * (7.2 + at % 4), indicator.unit)
            return [_cell(reporter, CITY, indicator.id, "running_total", month, done)]
        case Rule.SHARE:
            parts = (("numerator", 963.0), ("denominator", 1012.0))
            return [_cell(reporter, CITY, indicator.id, m, month, v) for m, v in parts]
        case Rule.MEAN:
            return (
                [_cell(reporter, CITY, indicator.id, "rate", m, 5.3) for m in range(1, 7)]
                if month == 6
                else []
            )
        case Rule.MILESTONE:
            return [_cell(reporter, CITY, indicator.id, "done", month, 0.0)]
        case _:
            return [
                _cell(
                    reporter, CITY, indicator.id, "level", month, _whole(target, 96 + at % 7, indicator.unit)
                )
            ]


def _whole(target: Decimal, share: float, unit: str) -> float:
    return round(float(target) * share / 100, 2 if unit in {"万元", "亿元", "%", "个百分点"} else 0)


def _cell(
    reporter: str, county: str, indicator: str, measure: str, month: int, value: float | None, state: str = "reported"
) -> dict[str, object]:  # fmt: skip
    return {
        "month": f"2025-{month:02d}", "reporter": reporter, "county": county, "indicator": indicator,
        "measure": measure, "value": value, "state": state,
    }  # fmt: skip


def _reporting(catalogue: Catalogue) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for month, due in ((5, date(2025, 6, 5)), (6, date(2025, 7, 7))):
        for reporter in catalogue.reporters:
            status = _status(reporter.id, month)
            row: dict[str, object] = {
                "month": f"2025-{month:02d}", "reporter": reporter.id, "kind": str(reporter.kind), "due_on": due,
                "status": status,
            }  # fmt: skip
            if status != "missing":
                at = datetime(2025, due.month, due.day + (2 if status == "late" else -1), 16, 20)
                row |= {
                    "first_received_at": at, "received_at": at, "versions": 1, "sha256": f"{len(rows):064x}",
                    "days_late": 2 if status == "late" else None, "is_sample": True,
                    "file_name": f"{reporter.name}{month}月.xlsx",
                    "open_queries": int(month == 6 and reporter.id == "horqin"),
                    "errors": int(month == 6 and reporter.id == BLOCKED),
                }  # fmt: skip
            rows.append(row)
    return framed(declared.ReportingSchema, rows)


def _status(reporter: str, month: int) -> str:
    if reporter == LATE:
        return "late"
    return "missing" if month == 6 and reporter in {SILENT, SILENT_DEPARTMENT} else "on_time"


def _statements(catalogue: Catalogue) -> pl.DataFrame:
    rows: list[dict[str, object]] = []

    def say(reporter: str, task: int, kind: str, text: str) -> None:
        rows.append({"month": "2025-06", "reporter": reporter, "task": task, "kind": kind, "text": text})

    for task in catalogue.tasks:
        if task.lead != SILENT_DEPARTMENT and task.number not in {23, 36}:
            say(
                task.lead,
                task.number,
                "progress",
                f"已按方案推进“{task.title}”，召开部门协调会2次，制定责任清单并逐项分解到科室，6月底前完成阶段性安排。",
            )
    for county in catalogue.counties:
        if county.id != SILENT:
            say(
                county.id,
                0,
                "progress",
                "组织“春风行动”“民营企业招聘月”等活动，落实稳岗返还政策，开展农牧民转移就业培训。",
            )
    say("naiman", 0, "problem", "创业担保贷款反担保要求偏高，申请人难以提供担保，放款周期较长。")
    say("hure", 0, "problem", "二产项目开工较晚，岗位集中在下半年释放。")
    say("hure", 0, "next_step", "7月起逐企走访，推动项目用工提前对接。")
    return framed(declared.StatementSchema, rows)


def _problems() -> pl.DataFrame:
    return framed(
        declared.ProblemSchema,
        [
            {
                "question_number": "1", "month": "2025-06", "reporter": "horqin", "county": "horqin",
                "indicator": "tertiary_jobs", "rule": "jump", "tier": "query", "sheet": "月报", "cell": "D10",
                "message": "科区6月.xlsx · 月报!D10 · 三产新增就业岗位（本月）：应为不超过上月3倍的整数，填报为 1590",
                "remedy": "核对后更正，或在“说明”栏写明原因", "file_name": "科区6月.xlsx",
            },
            {
                "question_number": "2", "month": "2025-06", "reporter": BLOCKED, "county": BLOCKED,
                "indicator": "startup_loans", "rule": "falling", "tier": "error", "sheet": "月报", "cell": "E8",
                "message": "扎旗6月.xlsx · 月报!E8 · 创业担保贷款发放金额（累计）：应为不小于上月累计 606.97 的数，填报为 60.7",
                "remedy": "更正后重新报送", "file_name": "扎旗6月.xlsx",
            },
        ],
    )  # fmt: skip
