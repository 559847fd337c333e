"""A trace as people read it on a terminal, and as JSON for other programs."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import cast

from flows.documents.tracing.arithmetic import sums
from flows.documents.tracing.trace import NO_FILE, Cell, Trace
from flows.documents.words import MARK_LABEL, STATE_LABEL, against, amount, cell, goal, percent, place
from flows.plan.catalogue import Catalogue, Indicator
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
    gone = {c.file_name for c in (*trace.cells, *trace.beside) if c.sha256 and c.original is None}
    return wrong + [f"原件 {name} 不在，或已被改动（哈希不符）" for name in sorted(gone)]


def as_text(trace: Trace) -> str:
    """The whole way on a terminal: as printed, the sums, rule and target, then every cell with its file."""
    return "\n".join(_text(trace))


def _text(trace: Trace) -> Iterator[str]:
    i, name = trace.indicator, trace.catalogue.name_of(trace.county)
    yield f"{trace.period.long_label} · {name} · {i.name}（{i.id}）　数据截至 {trace.cut:%Y-%m-%d %H:%M}"
    yield ""
    yield f"印出来的数　{'　'.join(printed(trace).values())}"
    for line in sums(trace):
        yield f"  {line.name}　{line.written}{'' if line.agrees else '　与汇总数不符'}"
    yield f"规则　　　　{i.rule.label}（{i.rule}），flows/indicators/rules.py；评判 flows/indicators/pace.py"
    yield f"目标　　　　{_goal(trace)}　{source(trace.catalogue, i, trace.county)}"
    yield f"引文　　　　“{i.quote}”"
    yield ""
    yield from _behind(trace)
    if trace.beside:
        yield ""
        yield "牵头单位另报的全市数（不计入合计）"
        for own in trace.beside:
            yield from _cell_lines(own, trace)


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
    if one.sha256 is None or one.received_at is None:
        reporter = trace.catalogue.name_of(one.reporter)
        yield f"{what}　未报：{f'没有收到{reporter}的报表' if one.state == NO_FILE else '报表中没有这一格'}"
        return
    stood = "格中为空" if not one.written else f"格中“{one.written}”"
    yield f"{what} {_said(one)}　{one.file_name} · {one.sheet}!{one.cell}　{stood}"
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


def _said(one: Cell) -> str:
    if one.measure == Measure.DONE and one.value is not None:
        return ("已完成" if one.value else "未完成") + (f"（{one.done_on}）" if one.done_on else "")
    return STATE_LABEL.get(one.state, one.state) if one.value is None else format_number(one.value, "万元")


def printed(trace: Trace) -> dict[str, str]:
    """What documents print of the figure, by the heading it stands under."""
    f, rule = trace.figure, trace.indicator.rule
    texts = (
        {"value": f"{OWN[trace.period.frequency]} {_amount(f, 'value', trace)}"}
        if rule in {Rule.TOTAL, Rule.MEAN}
        else {}
    )
    texts["ytd"] = f"{_END.get(rule, '期末数')} {_amount(f, 'ytd', trace)}"
    texts["target"] = f"年度目标 {_goal(trace)}"
    if isinstance(f["attainment_pct"], float):
        texts["attainment"] = f"完成率 {percent(f['attainment_pct'])}"
    if isinstance(f["gap_pp"], float):
        texts["gap"] = "报送不全，不判断慢于时序" if _is_undecided(f) else against(f["gap_pp"])
    if isinstance(f["rank"], int):
        texts["rank"] = f"{place(f['rank'], bool(f['tied']))}（{f['ranked']}个地区排位）"
    if f["mark"]:
        texts["mark"] = f"标识 {MARK_LABEL[str(f['mark'])]}"
    if f["reported"] != f["expected"] or trace.parts:
        texts["coverage"] = f"已报 {f['reported']}/{f['expected']}"
    return texts


def _is_undecided(figure: dict[str, object]) -> bool:
    return figure["state"] == "partial" and cast("float", figure["gap_pp"]) < 0


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
        "indicator": i.id, "indicator_name": i.name, "printed": printed(trace), "figure": trace.figure,
        "arithmetic": [asdict(one) for one in sums(trace)],
        "rule": {"id": str(i.rule), "name": i.rule.label, "module": "flows/indicators/rules.py"},
        "target": {"source": source(trace.catalogue, i, trace.county), "quote": i.quote, "value": trace.figure["target"]},
        "parts": list(trace.parts), "missing": trace.missing,
        "cells": [asdict(one) for one in trace.cells], "beside": [asdict(one) for one in trace.beside],
        "faults": faults(trace),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1, default=_written)


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(value)
