"""A trace as people read it on a terminal, and as JSON for other programs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import cast

from flows.documents.tracing.arithmetic import sums
from flows.documents.tracing.trace import NO_FILE, Cell, PrintedNumber, Trace
from flows.documents.words import STATE_LABEL, amount, cell, goal
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.history import HISTORY_FILE
from flows.plan.period import Frequency
from flows.plan.terms import CITY, Measure, Rule, Tier
from flows.plan.units import format_number

OWN = {
    Frequency.MONTH: "本月",
    Frequency.QUARTER: "本季度",
    Frequency.HALF_YEAR: "本半年",
    Frequency.YEAR: "全年",
}
_END = {Rule.TOTAL: "累计", Rule.EACH_COUNTY: "累计", Rule.MEAN: "1月以来平均", Rule.MILESTONE: "是否完成"}
_COLUMNS = {
    "target": "年度目标", "attainment_pct": "完成率", "gap_pp": "较时序", "seasonal_gap_pp": "较季节进度", "rank": "位次",
    "ranked": "参加排位", "rank_change": "位次升降", "required_monthly": "尚需月均", "reported": "已报", "expected": "应报",
    "share_pct": "份额", "difference": "增减", "change_pct": "同比增长率", "value_reported": "当期已报",
    "reported_value": "报表所报",
}  # fmt: skip
_MEASURE = {str(measure): measure.label for measure in Measure}
_TIER = {str(tier): tier.label for tier in Tier}
_MARGIN = "      "


class TraceBrokenError(RuntimeError):
    """The cells do not come to the figure, or an original is gone or changed: the trace is printed, and this is said."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))


def faults(trace: Trace) -> list[str]:
    """What speaks against the figure: sums that do not agree with the rollup, originals that are not there."""
    wrong = [f"“{s.name}”由单元格重算与汇总数不符：{s.written}" for s in sums(trace) if not s.agrees]
    received = [c for c in (*trace.cells, *trace.beside, *trace.year_ago) if c.file_name != HISTORY_FILE]
    gone = {c.file_name for c in received if c.sha256 and c.original is None}
    wrong += [
        f"{n.document} 印出的{n.text}与由底数算出的不同" for n in trace.printed if _differs(n, trace.figure)
    ]
    return wrong + [f"原件 {name} 不在，或已被改动（哈希不符）" for name in sorted(gone)]


def _differs(number: PrintedNumber, figure: dict[str, object]) -> bool:
    """Whether the figure is another one than was printed; what was rounded up or derived for print is left out."""
    now = figure.get(number.column)
    if number.column == "required_monthly" or not isinstance(now, int | float):
        return False
    return abs(now) != abs(number.value)  # a rank that fell by two is printed as two


def as_text(trace: Trace) -> str:
    """The whole way on a terminal: as printed, the sums, rule and target, then every cell with its file."""
    return "\n".join(_text(trace))


def _text(trace: Trace) -> Iterator[str]:
    i, name = trace.indicator, trace.catalogue.name_of(trace.county)
    yield f"{trace.period.long_label} · {name} · {i.name}（{i.id}）　数据截至 {trace.cut:%Y-%m-%d %H:%M}"
    yield ""
    yield from _printed_lines(trace)
    for line in sums(trace):
        yield f"  {line.name}　{line.written}{'' if line.agrees else '　与汇总数不符'}"
    yield f"规则　　　　{i.rule.label}（{i.rule}），flows/indicators/rules.py；评判 flows/indicators/pace.py"
    yield f"目标　　　　{_goal(trace)}　{source(trace.catalogue, i, trace.county)}"
    if i.quote:
        yield f"引文　　　　“{i.quote}”"
    yield ""
    yield from _behind(trace)
    if trace.year_ago:
        yield ""
        yield "上年同期"
        for earlier in trace.year_ago:
            yield from _cell_lines(earlier, trace)
    if trace.beside:
        yield ""
        yield f"牵头单位另报的{trace.catalogue.plan.scope}数（不计入合计）"
        for own in trace.beside:
            yield from _cell_lines(own, trace)


def _printed_lines(trace: Trace) -> Iterator[str]:
    """Every document with the numbers it prints of the figure, by what they are."""
    end = _END.get(trace.indicator.rule, "期末数")
    if not trace.printed:
        yield f"印出来的数　还没有文件印出；汇总数为{end} {_amount(trace.figure, 'ytd', trace)}"
        return
    labels = _COLUMNS | {"value": OWN[trace.period.frequency], "ytd": end}
    yield "印出来的数"
    for document in dict.fromkeys(number.document for number in trace.printed):
        numbers = dict.fromkeys(
            f"{_label(n.column, labels)} {n.text}" for n in trace.printed if n.document == document
        )
        yield f"  {document}　{'　'.join(numbers)}"
    if trace.indicator.display_unit and trace.county == CITY:
        yield f"  以{trace.indicator.display_unit}印出的，四舍五入到两位小数，不足1{trace.indicator.display_unit}的不舍入；尚需月均进一"


def _label(column: str, labels: Mapping[str, str]) -> str:
    """累计, and 更正前累计 of the value that a correction replaces."""
    name = column.removesuffix("_before")
    return f"{'更正前' if name != column else ''}{labels.get(name, name)}"


def _behind(trace: Trace) -> Iterator[str]:
    if trace.county != CITY or not trace.parts:
        yield "底数"
        for one in trace.cells:
            yield from _cell_lines(one, trace)
        return
    lacking = f"，缺{'、'.join(trace.missing)}" if trace.missing else ""
    yield f"底数：{len(trace.parts)}个地区，已报 {trace.figure['reported']}/{trace.figure['expected']}{lacking}"
    for part in trace.parts:
        yield f"  {trace.catalogue.name_of(str(part['county']))}　{_amount(part, 'ytd', trace)}"
        for one in trace.cells:
            if one.county == part["county"]:
                yield from _cell_lines(one, trace)


def _cell_lines(one: Cell, trace: Trace) -> Iterator[str]:
    what = f"    {one.month} {_MEASURE[one.measure]}"
    if one.file_name == HISTORY_FILE:
        whose = trace.catalogue.name_of(one.county)
        yield f"{what} {_value(one)}　{whose}　方案文件夹 {HISTORY_FILE} {one.cell}"
        yield f"{_MARGIN}sha256 {one.sha256}"
        return
    if one.sha256 is None or one.received_at is None:
        reporter = trace.catalogue.name_of(one.reporter)
        yield f"{what}　未报：{f'没有收到{reporter}的报表' if one.state == NO_FILE else '报表中没有这一格'}"
        return
    stood = "格中为空" if not one.written else f"格中“{one.written}”"
    yield f"{what} {_value(one)}　{one.file_name} · {one.sheet}!{one.cell}　{stood}"
    version = f"第{one.version}版，共{one.versions}版"
    name = trace.catalogue.name_of(one.reporter)
    by = f"汇总文件中{name}的部分" if one.is_part else f"{name}报送"
    yield f"{_MARGIN}{one.received_at:%Y-%m-%d %H:%M} 收到，{by}，{version}{'，示例数据' if one.is_sample else ''}"
    yield f"{_MARGIN}sha256 {one.sha256}"
    yield f"{_MARGIN}原件 {f'{one.original}，哈希相符' if one.original else '不在，或已被改动'}"
    if one.reason:
        yield f"{_MARGIN}填报说明：{one.reason}"
    for problem in one.problems:
        answer = problem["answer"]
        yield f"{_MARGIN}{_TIER[str(problem['tier'])]}：{problem['message']}（{f'答复：{answer}' if answer else '未答复'}）"


def _value(one: Cell) -> str:
    if one.measure == Measure.DONE and one.value is not None:
        return ("已完成" if one.value else "未完成") + (f"（{one.done_on}）" if one.done_on else "")
    return STATE_LABEL.get(one.state, one.state) if one.value is None else format_number(one.value, "万元")


def _amount(row: dict[str, object], column: str, trace: Trace) -> str:
    value, i = cast("float | None", row[column]), trace.indicator
    if value is None:
        return cell(None, i.unit, str(row["state"]))
    if i.rule is Rule.MILESTONE:
        return "已完成" if value else "未完成"
    if i.rule is Rule.EACH_COUNTY and row["county"] == CITY:
        return f"{format_number(value, '个')}个地区"
    return amount(value, i.unit)


def _goal(trace: Trace) -> str:
    target, i = cast("float | None", trace.figure["target"]), trace.indicator
    if i.rule is Rule.MILESTONE:
        return "完成"
    if target is None:
        return "没有年度目标"
    if i.rule is Rule.EACH_COUNTY and trace.county == CITY:
        return f"{format_number(target or 0, '个')}个地区每地{i.bound.label}{goal(_float(i.target), i.unit)}{i.unit}"
    return f"{i.bound.label}{goal(target, i.unit)}{i.unit}"


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def source(catalogue: Catalogue, i: Indicator, county: str) -> str:
    """Where the target was promised: the plan's task, the row and column of its annex, or the policy."""
    plan = f"{catalogue.plan.name}（{catalogue.plan.document_number}）"
    task = f"第{i.task}项任务" if i.task else "总体要求"
    if i.target is None and i.id in catalogue.policy.limits:
        return f"政策口径：{catalogue.policy.limits[i.id].source}；{plan}{task}"
    if i.in_annex:
        return f"{plan}{task}；附件“{i.annex}”一栏“{'总计' if county == CITY else catalogue.name_of(county)}”一行"
    return f"{plan}{task}"


def as_json(trace: Trace) -> str:
    """The same as one object; null stays null."""
    i, names = trace.indicator, trace.catalogue.name_of
    content = {
        "period": str(trace.period), "as_of": trace.cut, "county": trace.county, "county_name": names(trace.county),
        "indicator": i.id, "indicator_name": i.name, "printed": [asdict(one) for one in trace.printed], "figure": trace.figure,
        "arithmetic": [asdict(one) for one in sums(trace)],
        "rule": {"id": str(i.rule), "name": i.rule.label, "module": "flows/indicators/rules.py"},
        "target": {"source": source(trace.catalogue, i, trace.county), "quote": i.quote, "value": trace.figure["target"]},
        "parts": list(trace.parts), "missing": trace.missing,
        "cells": [asdict(one) for one in trace.cells], "year_ago": [asdict(one) for one in trace.year_ago],
        "beside": [asdict(one) for one in trace.beside],
        "faults": faults(trace),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1, default=_written)


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(value)
