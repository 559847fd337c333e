"""What a letter says of the document it brings (信中要点): from the figures that lie with it, for whoever gets it.

A county reads its own figures with marks and places, and what is asked of it by when; a notice's addressee the matters and
the day; everybody else how the city keeps the pace, in a sentence, and the policy's few figures of it.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from flows.documents import words
from flows.documents.evidence import gather
from flows.issuing.mail.letter_page import Block, Table
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.frames import FigureContractSchema, polars_schema
from flows.plan.issued import Issued
from flows.plan.notice import Matter, Notice
from flows.plan.period import Period
from flows.plan.terms import CITY, Mark, ReportedBy, State
from flows.plan.units import round_half_up
from flows.plan.workdays import deadlines
from flows.warehouse.connection import Warehouse

Marks = Mapping[tuple[str, str], str]
_BEHIND = (Mark.RED, Mark.YELLOW)


def marks_of(warehouse: Warehouse, catalogue: Catalogue, document: Issued) -> Marks:
    """The marks that a document gives, by county and indicator, as of its data."""
    figures = gather(warehouse, catalogue, Period.parse(document.period), document.as_of).figures
    rows = figures.select("county", "indicator", "mark").drop_nulls().rows()
    return {(county, indicator): mark for county, indicator, mark in rows}


def letter_blocks(
    folder: Path, catalogue: Catalogue, document: Issued, marks: Marks, unit: str
) -> list[Block]:
    """What the letter of a document to a unit says; nothing where the document's `figures.csv` has other columns (a
    correction's)."""
    rows = [row | {"mark": marks.get((row["county"], row["indicator"]))} for row in _figures(folder)]
    period = Period.parse(document.period)
    reporter = catalogue.reporter.get(unit)
    if (
        reporter is not None
        and reporter.kind is ReportedBy.COUNTY
        and unit in {row["county"] for row in rows}
    ):
        return _own_figures(
            [row for row in rows if row["county"] == unit], catalogue, document, reporter.name
        )
    overall = [] if document.county else overall_sentence(rows, catalogue, period)
    return [*overall, *sentences(folder, catalogue, period, document.county)]


def overall_sentence(rows: Sequence[dict[str, Any]], catalogue: Catalogue, period: Period) -> list[str]:
    """How many of the annex's indicators keep the pace in the city, and which do not; nothing where none can be compared.
    A lower bound proves nobody behind."""
    city = {row["indicator"]: row for row in rows if row["county"] == CITY}
    gaps = {i.name: _comparable_gap(city[i.id]) for i in catalogue.annex_indicators if i.id in city}
    behind = [name for name, gap in gaps.items() if gap is not None and gap < 0]
    left = sum(gap is None for gap in gaps.values())
    if left == len(gaps):
        return []
    parts = [f"{len(gaps) - left - len(behind)}项达到或快于时序进度"]
    parts += [f"{len(behind)}项慢于时序进度（{'、'.join(behind)}）"] if behind else []
    parts += [f"{left}项报送不全、暂不比较"] if left else []
    return [f"截至{period.last}月底，全市{len(gaps)}项分地区指标中，{'，'.join(parts)}。"]


def _comparable_gap(row: Mapping[str, Any]) -> Decimal | None:
    """The gap to the pace as printed; null where it is not known, or of a lower bound that lies behind."""
    if row["gap_pp"] is None:
        return None
    gap = round_half_up(row["gap_pp"], 1)
    return None if gap < 0 and row["state"] == State.PARTIAL else gap


def notice_blocks(notice: Notice, catalogue: Catalogue) -> list[Block]:
    """What the letter of a notice says: which indicators, or which report, and by when."""
    by = words.month_day(notice.reply_by)
    month = Period.parse(notice.month)
    missing = [matter for matter in notice.matters if not matter.indicator]
    if missing:
        return [f"{month.long_label}报表尚未收到，请于{by}前报送。"]
    rows = tuple(
        _cells(catalogue.indicator[one.indicator], _whose(notice, one, catalogue), _row_of(one))
        for one in notice.matters
    )
    return [
        f"涉及指标 {len(rows)} 项，请于{by}前书面答复原因和下一步措施：",
        Table(("指标", "累计", "完成年度任务", "较时序（百分点）", "标识", "位次"), rows),
    ]


def _whose(notice: Notice, matter: Matter, catalogue: Catalogue) -> str:
    """The county of a matter, where it is not the addressee's own."""
    is_own = matter.county == notice.addressee or matter.county not in catalogue.reporter
    return "" if is_own else catalogue.name_of(matter.county)


def _row_of(matter: Matter) -> dict[str, Any]:
    """A matter's figures as a row has them."""
    names = ("county", "ytd", "target", "attainment_pct", "gap_pp", "mark", "rank", "tied")
    return {name: getattr(matter, name) for name in names} | {"state": State.REPORTED}


def _own_figures(
    rows: Sequence[dict[str, Any]], catalogue: Catalogue, document: Issued, name: str
) -> list[Block]:
    """A county's figures, and what is asked of it where the document is the monthly bulletin."""
    period = Period.parse(document.period)
    by_indicator = {row["indicator"]: row for row in rows}
    wanted = [i for i in catalogue.indicators if i.id in by_indicator]
    table = tuple(_cells(i, "", by_indicator[i.id]) for i in wanted)
    blocks: list[Block] = [
        f"{name}截至{period.last}月底各项指标：",
        Table(("指标", "累计", "完成年度任务", "较时序（百分点）", "标识", "位次"), table),
    ]
    behind = [i.name for i in wanted if by_indicator[i.id].get("mark") in _BEHIND]
    unreported = [i.name for i in wanted if by_indicator[i.id]["state"] in (State.MISSING, State.BLOCKED)]
    if period.length > 1 or not (behind or unreported):
        return blocks
    by = words.month_day(deadlines(document.period, catalogue.policy.reporting).answer_by)
    asked = [f"标识为红、黄的{'、'.join(behind)}，请说明原因和下一步措施"] if behind else []
    asked += [f"未报或待核的{'、'.join(unreported)}，请补报、核实"] if unreported else []
    return [*blocks, f"请于{by}前：{'；'.join(asked)}。"]


def _cells(indicator: Indicator, whose: str, row: dict[str, Any]) -> tuple[str, ...]:
    """城镇新增就业, 523人, 47.5%, -2.5个百分点, 绿, 7."""
    attainment, gap, mark = row.get("attainment_pct"), row.get("gap_pp"), row.get("mark")
    ytd = row.get("ytd")
    unit = indicator.unit_for(str(row["county"]), ytd, row.get("target"))
    return (
        f"{whose}{indicator.name}" if whose and whose not in indicator.name else indicator.name,
        words.STATE_LABEL[str(row["state"])] if ytd is None else words.amount(ytd, unit),
        "" if attainment is None else words.percent(attainment),
        "" if gap is None else words.points(gap),
        words.MARK_LABEL[mark] if mark else "",
        "" if row.get("rank") is None else words.place_cell(row["rank"], row.get("tied")),
    )


def sentences(folder: Path, catalogue: Catalogue, period: Period, county: str = "") -> tuple[str, ...]:
    """What the policy's indicators say in the `figures.csv` of this folder, for the city or one county; none for an
    indicator that is not in it, and none at all where it has other columns (a notice's matters, a correction's)."""
    rows = {row["indicator"]: row for row in _figures(folder) if row["county"] == (county or CITY)}
    wanted = [catalogue.indicator[i] for i in catalogue.policy.delivery.figures if i in rows]
    return tuple(_sentence(i, rows[i.id], period, catalogue.name_of(county or CITY)) for i in wanted)


def _figures(folder: Path) -> list[dict[str, Any]]:
    """The rows of the `figures.csv` of this folder; none where it has other columns than figures."""
    file = folder / "figures.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig") as lines:
        columns = lines.readline().strip().split(",")
    if not set(FigureContractSchema.column_names()) <= set(columns):
        return []
    types = polars_schema(FigureContractSchema)
    return pl.read_csv(file, schema_overrides=types).to_dicts()


def _sentence(indicator: Indicator, row: dict[str, object], period: Period, whose: str) -> str:
    """截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。"""
    about = f"截至{period.last}月底，{whose}{indicator.name}"
    ytd, attainment, gap = (_number(row[name]) for name in ("ytd", "attainment_pct", "gap_pp"))
    if ytd is None:
        return f"{about}：{words.STATE_LABEL[str(row['state'])]}。"
    is_partial = row["state"] == State.PARTIAL
    unit = indicator.unit_for(str(row["county"]), ytd, _number(row["target"]))
    parts = [f"{about}{words.amount(ytd, unit)}"]
    if is_partial:
        parts[0] += f"（{row['expected']}个地区已报{row['reported']}个）"
    if attainment is not None:
        parts.append(f"完成年度任务的{words.percent(attainment)}")
    if gap is not None and _comparable_gap(row) is not None:
        parts.append(words.against(gap))
    return "，".join(parts) + "。"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
