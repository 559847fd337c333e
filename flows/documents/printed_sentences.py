"""The sentences a document must print (应印句): what several kinds say alike, put together again from the facts."""

from collections.abc import Iterator, Sequence

from flows.documents.document import Frames
from flows.documents.kinds.monthly import by_verdict
from flows.documents.kinds.overall import CityLine, Overall, named
from flows.documents.kinds.standing import Placed, Ranking, Standing
from flows.documents.kinds.tasks import TaskRow
from flows.documents.printed_rows import Row
from flows.documents.words import MARK_LABEL, against, amount, change, listed, percent
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import Rule


def headline(line: CityLine, period: Period) -> Iterator[Row]:
    """截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。6月当月…"""
    f = line.figure
    if f.ytd is None or f.attainment_pct is None or f.gap_pp is None:
        return
    text = (
        f"截至{period.last}月底，全市{line.name}{amount(f.ytd, f.unit)}{line.coverage}，"
        f"完成年度任务的{percent(f.attainment_pct)}，"
    )
    if line.pace == "undecided":
        text += "报送不全，暂不判断快慢"
    else:
        text += against(f.gap_pp)
        if f.seasonal_gap_pp is not None and (f.seasonal_gap_pp >= 0 or not f.is_partial):
            text += f"，{against(f.seasonal_gap_pp, '季节进度')}"
    text += "。"
    if f.value is not None and period.first > 1:
        text += f"{period.label}{'当月' if period.length == 1 else '当期'}{amount(f.value, f.unit)}"
        text += (
            f"（{f.value_reported}/{f.expected}个地区可计算）。" if f.value_reported < f.reported else "。"
        )
    if f.ytd_year_ago is not None:
        text += f"累计数同比{change(f.ytd, f.ytd_year_ago, f.unit)}。"
    yield Row(f"总体情况 {line.name}", text)


def own_of_city(frames: Frames, catalogue: Catalogue) -> Iterator[Row]:
    """全市去重数 beside the sum of the counties."""
    for row in frames.city_own.iter_rows(named=True):
        if row["own_ytd"] is not None:
            unit, apart = catalogue.indicator[row["indicator"]].unit, row["difference"]
            text = f"报送的全市去重数为{amount(row['own_ytd'], unit)}，"
            if apart is None:
                text += "各地报送不全，暂不与合计数比较"
            elif not apart:
                text += "与各地合计数一致"
            else:
                text += f"比各地合计数{'多' if apart > 0 else '少'}{amount(abs(apart), unit)}"
            yield Row("总体情况 去重数", text)


def others(whole: Overall) -> Iterator[Row]:
    """其余6项分地区指标中…: how many, and those behind by name."""
    if whole.others:
        yield Row("总体情况 其余指标", f"其余{len(whole.others)}项分地区指标中")


def departments(lines: Sequence[CityLine], period: Period) -> Iterator[Row]:
    """How many of the departments' indicators stand how, the first three of those behind or silent by name."""
    by = by_verdict(lines)
    text = f"{len(lines)}项市级指标中，已达到年度目标的{len(by['已达标'])}项"
    told = [f"{text}，达到或快于时序进度的{len(by['达到时序'])}项"] if lines else []
    for verdict, words in (("慢于时序", "慢于时序进度"), ("未报", "未报送")):
        if names := by[verdict]:
            told.append(f"{words}的{len(names)}项（{listed(names, 3, '项')}）")
    for verdict, words in (("未达标", "期末类、事项类尚未达到年度目标"), ("其他", "数据待核或暂不判断")):
        if names := by[verdict]:
            told.append(f"{words}的{len(names)}项")
    told += [
        _mean(line, period)
        for line in lines
        if line.indicator.rule is Rule.MEAN and line.figure.ytd is not None
    ]
    yield from (Row("总体情况 市级指标", words) for words in told)


def _mean(line: CityLine, period: Period) -> str:
    f, unit = line.figure, line.indicator.unit
    months = f"1—{period.last}月平均" if period.last > 1 else "1月"
    return (
        f"{line.name}{months}{amount(f.ytd or 0.0, unit)}{line.coverage}，"
        f"{'符合' if f.met else '高于'}{amount(f.target or 0.0, unit)}的控制目标"
    )


def each_county(lines: Sequence[CityLine]) -> Iterator[Row]:
    """…应有8个地区达到每地至少2个，已达到5个."""
    for line in lines:
        f, i = line.figure, line.indicator
        if f.ytd is not None:
            asked = (
                f"应有{amount(f.target or 0.0, '个')}地区达到每地至少{amount(float(i.target or 0), i.unit)}"
            )
            yield Row(f"总体情况 {i.name}", f"{i.name}{asked}，已达到{amount(f.ytd, '个')}{line.coverage}")


def wordy_tasks(rows: Sequence[TaskRow]) -> Iterator[Row]:
    """40项任务中有12项没有数量指标，已报送进展11项."""
    wordy = [row for row in rows if not row.has_numbers]
    if rows:
        said = sum(not row.is_silent for row in wordy)
        text = f"{len(rows)}项任务中有{len(wordy)}项没有数量指标，已报送进展{said}项"
        yield Row("总体情况 任务", text)


def marks(standing: Standing) -> Iterator[Row]:
    """按地区和指标逐项标识，共72项次：…"""
    if not standing.rankings:
        return
    counted = "，".join(
        f"{MARK_LABEL[m]}色{standing.count(m)}项次" for m in ("blue", "green", "yellow", "red")
    )
    total = sum(row.expected for row in standing.rows)
    unknown = total - sum(row.known for row in standing.rows)
    rest = f"，未报或待核{unknown}项次" if unknown else ""
    yield Row("各地进展 标识", f"共{total}项次：{counted}{rest}")


def ranking(one: Ranking) -> Iterator[Row]:
    """…完成率居前的是甲（61.3%）、…，居后的是…（8个地区排位…）。较上月上升2位及以上的有…"""
    if not one.ranked:
        return
    name = one.indicator.name
    text = f"{name}完成率居前的是{_placed(one.first)}"
    text += f"，居后的是{_placed(one.last)}" if one.last else ""
    yield Row(f"各地进展 {name}", text + (f"（{one.ranked}个地区排位，" if one.unranked else ""))
    for words, who in (("上升2位及以上的有", one.risen), ("下降2位及以上的有", one.fallen)):
        if who:
            moves = "、".join(f"{p.name}（{abs(p.figure.rank_change or 0)}位）" for p in who)
            yield Row(f"各地进展 {name}", words + moves)


def _placed(counties: Sequence[Placed]) -> str:
    return "、".join(
        f"{p.name}（{percent(p.figure.attainment_pct or 0.0)}{'，并列' if p.figure.tied else ''}）"
        for p in counties
    )


def slow(whole: Overall, standing: Standing) -> Iterator[Row]:
    """全市慢于时序进度的分地区指标有2项：…; 红色标识涉及3个地区：…"""
    if behind := named(whole.annex, "behind"):
        yield Row("进度方面", f"全市慢于时序进度的分地区指标有{len(behind)}项：{listed(behind)}")
    if standing.red:
        counties = "；".join(
            f"{row.county.name}{len(row.marked('red'))}项（"
            + "、".join(f"{i.name}{percent(f.attainment_pct or 0.0)}" for i, f in row.worst("red"))
            + f"{'等' if len(row.marked('red')) > len(row.worst('red')) else ''}）"
            for row in standing.red
        )
        yield Row("进度方面 红色", f"红色标识涉及{len(standing.red)}个地区：{counties}")
    if standing.yellow:
        counted = "、".join(f"{row.county.name}{len(row.marked('yellow'))}项" for row in standing.yellow)
        yield Row("进度方面 黄色", f"黄色标识有{counted}")
