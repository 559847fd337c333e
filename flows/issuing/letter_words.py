"""The figures a letter names (信中要点): a sentence an indicator, from the figures that lie with the document."""

from pathlib import Path

import polars as pl

from flows.documents import words
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.frames import FigureContractSchema, polars_schema
from flows.plan.period import Period
from flows.plan.terms import CITY, State
from flows.plan.units import round_half_up


def sentences(folder: Path, catalogue: Catalogue, period: Period, county: str = "") -> tuple[str, ...]:
    """What the policy's indicators say in the `figures.csv` of this folder, for the city or one county; none for an
    indicator that is not in it, and none at all where it has other columns (a notice's matters, a correction's)."""
    file = folder / "figures.csv"
    if not file.exists() or not set(FigureContractSchema.column_names()) <= set(_columns(file)):
        return ()
    types = polars_schema(FigureContractSchema)
    frame = pl.read_csv(file, schema_overrides=types).filter(pl.col("county") == (county or CITY))
    rows = {row["indicator"]: row for row in frame.iter_rows(named=True)}
    wanted = [catalogue.indicator[i] for i in catalogue.policy.delivery.figures if i in rows]
    return tuple(_sentence(i, rows[i.id], period, catalogue.name_of(county or CITY)) for i in wanted)


def _columns(file: Path) -> list[str]:
    """The heads of its columns."""
    with file.open(encoding="utf-8-sig") as lines:
        return lines.readline().strip().split(",")


def _sentence(indicator: Indicator, row: dict[str, object], period: Period, whose: str) -> str:
    """截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。"""
    about = f"截至{period.last}月底，{whose}{indicator.name}"
    ytd, attainment, gap = (_number(row[name]) for name in ("ytd", "attainment_pct", "gap_pp"))
    if ytd is None:
        return f"{about}：{words.STATE_LABEL[str(row['state'])]}。"
    is_partial = row["state"] == State.PARTIAL
    parts = [f"{about}{words.amount(ytd, indicator.unit)}"]
    if is_partial:
        parts[0] += f"（{row['reported']}/{row['expected']}个地区报送）"
    if attainment is not None:
        parts.append(f"完成年度任务的{words.percent(attainment)}")
    if gap is not None and not (
        is_partial and round_half_up(gap, 1) < 0
    ):  # a lower bound proves nobody behind
        parts.append(words.against(gap))
    return "，".join(parts) + "。"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
