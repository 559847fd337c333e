"""What a letter says of the document it brings (信中要点): from the figures that lie with it, for whoever gets it.

A county reads its own figures with marks and places, and what is asked of it by when; a notice's addressee the matters and
the day; everybody else how the city keeps the pace, in a sentence, and the policy's few figures of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from flows.documents import words
from flows.documents.composing import planned
from flows.documents.evidence import gather
from flows.indicators.exact import share_pct
from flows.issuing.mail.letter_page import Block, Table
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.frames import FigureContractSchema, polars_schema
from flows.plan.issued import Issued
from flows.plan.notice import Matter, Notice
from flows.plan.period import Frequency, Period
from flows.plan.terms import CITY, Mark, ReportedBy, State
from flows.plan.units import round_half_up
from flows.warehouse.connection import Warehouse

NO_OWN: Mapping[str, float] = MappingProxyType({})
FULL = 100.0
_HEADS = ("指标", "累计", "完成年度任务", "较时序", "标识", "位次")
_NAMED = 3  # indicators that a sentence names; of more it says how many
_UNREPORTED = (State.MISSING, State.BLOCKED)


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a document says besides its `figures.csv`: its marks by county and indicator and the ranks that are shared, the
    city's own de-duplicated running totals by indicator, and the day by which it asks for answers."""

    marks: Mapping[tuple[str, str], str]
    tied: Collection[tuple[str, str]]
    own: Mapping[str, float]
    answer_by: date


def letter_facts(warehouse: Warehouse, catalogue: Catalogue, document: Issued) -> LetterFacts:
    """These facts of a document, as of its data."""
    evidence = gather(warehouse, catalogue, Period.parse(document.period), document.as_of)
    marks = evidence.figures.select("county", "indicator", "mark").drop_nulls().rows()
    own = evidence.city_own.select("indicator", "own_ytd").drop_nulls().rows()
    return LetterFacts(
        {(county, indicator): mark for county, indicator, mark in marks},
        frozenset(evidence.figures.filter(pl.col("tied")).select("county", "indicator").rows()),
        dict(own),
        planned(evidence, document.issued_on).answer_by,
    )


def letter_blocks(
    folder: Path, catalogue: Catalogue, document: Issued, facts: LetterFacts, unit: str
) -> list[Block]:
    """What the letter of a document to a unit says; nothing where the document's `figures.csv` has other columns (a
    correction's)."""
    rows = [
        row | {"mark": facts.marks.get(key), "tied": key in facts.tied}
        for row in _figures(folder)
        for key in [(row["county"], row["indicator"])]
    ]
    period = Period.parse(document.period)
    reporter = catalogue.reporter.get(unit)
    if (
        reporter is not None
        and reporter.kind is ReportedBy.COUNTY
        and unit in {row["county"] for row in rows}
    ):
        return _own_figures(
            [row for row in rows if row["county"] == unit],
            catalogue,
            document,
            reporter.name,
            facts.answer_by,
        )
    if document.county:
        return list(sentences(folder, catalogue, period, document.county))
    return [
        *overall_sentence(rows, catalogue, period, facts.own),
        *sentences(folder, catalogue, period, own=facts.own),
    ]


def correction_blocks(original: Issued) -> list[Block]:
    """What the letter of a correction says."""
    return [f"《{original.title}》（{original.number}）的有关数据已更正，请以本件为准。"]


def overall_sentence(
    rows: Sequence[dict[str, Any]], catalogue: Catalogue, period: Period, own: Mapping[str, float] = NO_OWN
) -> list[str]:
    """How many of the annex's indicators keep the pace in the city, and which do not; of a year, how many reached their
    task, by the city's own figure where there is one. Nothing where none can be compared. A lower bound proves nobody
    behind."""
    is_year = period.frequency is Frequency.YEAR
    city = {row["indicator"]: row for row in rows if row["county"] == CITY}
    gaps = {
        i.name: _year_gap(city[i.id], own) if is_year else _comparable_gap(city[i.id])
        for i in catalogue.annex_indicators
        if i.id in city
    }
    behind = [name for name, gap in gaps.items() if gap is not None and gap < 0]
    left = sum(gap is None for gap in gaps.values())
    if left == len(gaps):
        return []
    level, slower = ("完成年度任务", "未完成年度任务") if is_year else ("达到或快于时序进度", "慢于时序进度")
    ahead = len(gaps) - left - len(behind)
    parts = [f"{ahead}项{level}"] if ahead else []
    parts += [f"{len(behind)}项{slower}（{'、'.join(behind)}）"] if behind else []
    parts += [f"{left}项报送不全、暂不比较"] if left else []
    return [f"{_as_of(period)}{catalogue.plan.scope}{len(gaps)}项分地区指标中，{'，'.join(parts)}。"]


def _as_of(period: Period) -> str:
    """截至6月底，; of a year 2025年，."""
    return f"{period.year}年，" if period.frequency is Frequency.YEAR else f"截至{period.last}月底，"


def _year_gap(row: Mapping[str, Any], own: Mapping[str, float]) -> float | None:
    """Points above the annual task, unrounded, by the city's own figure where there is one; null where it is not known, or
    of a lower bound below it."""
    if row["target"] and (own_ytd := own.get(row["indicator"])) is not None:
        return share_pct(own_ytd, row["target"]) - FULL
    if row["attainment_pct"] is None:
        return None
    gap = float(row["attainment_pct"]) - FULL
    return None if gap < 0 and row["state"] == State.PARTIAL else gap


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
    order = {indicator.id: at for at, indicator in enumerate(catalogue.indicators)}
    rows = tuple(
        _cells(catalogue.indicator[one.indicator], _whose(notice, one, catalogue), _row_of(one))
        for one in sorted(notice.matters, key=lambda one: order[one.indicator])
    )
    return [
        f"涉及{len(rows)}项指标，请于{by}前书面答复原因和改进措施：",
        Table(_HEADS, rows),
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
    rows: Sequence[dict[str, Any]], catalogue: Catalogue, document: Issued, name: str, answer_by: date
) -> list[Block]:
    """A county's figures, and what the bulletin or the county's report asks of it; of a month that it did not report,
    that alone."""
    period, by = Period.parse(document.period), words.month_day(answer_by)
    by_indicator = {row["indicator"]: row for row in rows}
    wanted = [i for i in catalogue.indicators if i.id in by_indicator]
    if period.length == 1 and all(row["state"] == State.MISSING for row in rows):
        return [f"{name}{period.label}月报尚未收到，请于{by}前补报，并书面说明未报原因。"]
    table = tuple(_cells(i, "", by_indicator[i.id]) for i in wanted)
    blocks: list[Block] = [f"截至{period.last}月底，{name}各项指标完成情况：", Table(_HEADS, table)]
    urged = period.last >= catalogue.policy.marks.no_urging_before_month
    behind = [i.name for i in wanted if urged and by_indicator[i.id].get("mark") == Mark.RED]
    unreported = [i.name for i in wanted if by_indicator[i.id]["state"] in _UNREPORTED]
    if period.length > 1 or not (behind or unreported):
        return blocks
    asked = [f"对标为红色的{_listed(behind)}分析原因，报送整改措施"] if behind else []
    asked += [f"补报、核实{_listed(unreported)}"] if unreported else []
    return [*blocks, f"请于{by}前{'；'.join(asked)}。"]


def _listed(names: Sequence[str]) -> str:
    """甲、乙; of many 甲、乙、丙等7项指标."""
    named = "、".join(names[:_NAMED])
    return named if len(names) <= _NAMED else f"{named}等{len(names)}项指标"


def _cells(indicator: Indicator, whose: str, row: dict[str, Any]) -> tuple[str, ...]:
    """城镇新增就业, 523人, 47.5%, -2.5个百分点, 绿, 7."""
    attainment, gap, mark = row.get("attainment_pct"), row.get("gap_pp"), row.get("mark")
    ytd = row.get("ytd")
    unit = indicator.unit_for(str(row["county"]), ytd, row.get("target"))
    return (
        f"{whose}{indicator.name}" if whose and whose not in indicator.name else indicator.name,
        words.STATE_LABEL[str(row["state"])] if ytd is None else words.amount(ytd, unit),
        "" if attainment is None else words.percent(attainment),
        "" if gap is None else f"{words.points(gap)}个百分点",
        words.MARK_LABEL[mark] if mark else "",
        "" if row.get("rank") is None else words.place_cell(row["rank"], row.get("tied")),
    )


def sentences(
    folder: Path, catalogue: Catalogue, period: Period, county: str = "", own: Mapping[str, float] = NO_OWN
) -> tuple[str, ...]:
    """What the policy's indicators say in the `figures.csv` of this folder, for the city or one county, beside the city's
    own figures; none for an indicator that is not in it, and none at all where it has other columns (a notice's matters, a
    correction's)."""
    rows = {row["indicator"]: row for row in _figures(folder) if row["county"] == (county or CITY)}
    wanted = [catalogue.indicator[i] for i in catalogue.policy.delivery.figures if i in rows]
    whose = catalogue.name_of(county or CITY)
    return tuple(_sentence(i, rows[i.id], period, whose, own.get(i.id)) for i in wanted)


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


def _sentence(
    indicator: Indicator, row: dict[str, object], period: Period, whose: str, own: float | None
) -> str:
    """截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点；按个人去重为8001人，…"""
    about = f"{_as_of(period)}{whose}{indicator.name}"
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
    if gap is not None and _comparable_gap(row) is not None and period.frequency is not Frequency.YEAR:
        parts.append(words.against(gap))
    target = _number(row["target"])
    if own is not None and target:
        rate = words.percent(share_pct(own, target))
        parts[-1] += f"；按个人去重为{words.amount(own, indicator.unit_for(CITY, own, target))}"
        parts.append(f"完成年度任务的{rate}")
    return "，".join(parts) + "。"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
