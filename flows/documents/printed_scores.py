"""What the year's documents must print (年度评估应印): assessment, a county's score sheet, proposal for commendation."""

from collections.abc import Iterator, Sequence

from flows.documents import printed_rows as rows
from flows.documents.document import Frames
from flows.documents.kinds.annual import YearFacts, year_facts, year_verdict
from flows.documents.kinds.assessment import Assessment, CountyScore, ScoreLine, plain_points, score_text
from flows.documents.kinds.commendation import Proposal
from flows.documents.kinds.monthly import MonthlyFacts
from flows.documents.kinds.overall import CityLine
from flows.documents.printed_rows import Row
from flows.documents.printed_sentences import own_of_city
from flows.documents.words import (
    NOT_COMPUTABLE,
    amount,
    bare,
    cell,
    change,
    goal,
    listed,
    one_decimal,
    percent,
    place,
    place_cell,
)
from flows.plan.catalogue import Catalogue
from flows.plan.policy import Annual, Commendation
from flows.plan.terms import CITY, Rule

_BOUND = {"at_most": "≤", "more_than": ">"}
_GRADES = (("excellent", "优秀"), ("passing", "达标"), ("failing", "不达标"), ("ungraded", "暂不评定"))


def of_year(facts: MonthlyFacts, scores: Assessment, frames: Frames, catalogue: Catalogue) -> list[Row]:
    """The sentences and every table row of the annual assessment."""
    year, annual = year_facts(facts), catalogue.policy.annual
    return [
        *_overview(facts, year),
        *own_of_city(frames, catalogue),
        *_graded(scores),
        *_by_county(facts.overall.annex),
        *(Row(f"表1 {line.name}", _ended(line)) for line in facts.overall.annex),
        *_departments(facts.overall.departments),
        *_tasks_done(facts, year),
        *(Row(f"表2 {c.name}", _grade(c)) for c in scores.by_place),
        *_ungraded(scores),
        *(Row(f"附件1 {line.name}", _indicator(line, catalogue)) for line in year.lines),
        *rows.tasks(facts.tasks, "附件2"),
        *(row for c in scores.counties for row in score_sheet(c, annual)),
    ]


def of_county_year(county: CountyScore, annual: Annual) -> list[Row]:
    """The sentence and the sheet of one county's score."""
    return [*_scored(county, annual), *score_sheet(county, annual)]


def of_commendation(proposed: Sequence[Proposal], asked: Commendation) -> list[Row]:
    """What is asked of them, then who is proposed and who is not, a paragraph each."""
    chosen, others = ([p for p in proposed if p.proposed is kind] for kind in (True, False))
    return [
        Row(
            "建议条件",
            f"截至年末连续{asked.quarters_in_a_row}个季度末没有黄色、红色标识且数据齐全，年度得分不低于{asked.score_at_least:g}。",
        ),
        Row("建议条件", f"更正使累计数变动超过{asked.revision_at_most_pct:g}%的，不予建议"),
        *(
            Row(
                f"建议名单 {p.name}",
                f"{at}.{p.name}。得分{score_text(p.score or 0.0)}，截至年末连续{p.quarters}个季度末没有黄色、红色标识。"
                f"不利情况：{'；'.join(p.against) or '没有'}。",
            )
            for at, p in enumerate(chosen, 1)
        ),
        *(
            Row(f"未列入 {p.name}", f"{at}.{p.name}：{'；'.join(p.failed)}。")
            for at, p in enumerate(others, 1)
        ),
    ]


def score_sheet(c: CountyScore, annual: Annual) -> Iterator[Row]:
    """附件3: how one county's score came about."""
    yield Row(f"得分明细 {c.name}", _headed(c))
    yield from (Row(f"得分明细 {c.name} {line.indicator.name}", _line(line)) for line in c.lines)
    mean, score = _score(c.points), _score(c.score)
    yield Row(
        f"得分明细 {c.name} 合计", f"合计{c.known}项平均{mean}；扣分：{c.deductions(annual)}{score}{c.label}"
    )
    if c.score is None:
        yield Row(
            f"得分明细 {c.name}",
            f"补报后得分在{score_text(c.lowest or 0.0)}至{score_text(c.highest or 0.0)}之间",
        )


def _headed(c: CountyScore) -> str:
    if c.score is None:
        return f"{c.name}暂不评定"
    return f"{c.name}得分{score_text(c.score)}第{c.rank}位{'（并列）' if c.tied else ''}{c.label}"


def _line(line: ScoreLine) -> str:
    i = line.indicator
    rate = NOT_COMPUTABLE if line.attainment_pct is None else one_decimal(line.attainment_pct)
    done = f"{cell(line.ytd, i.unit, line.state)}{goal(line.target, i.unit)}{rate}{_score(line.points)}"
    return f"{i.name}{bare(i.unit)}{done}{_gain(line.gain)}"


def _gain(gain: float | None) -> str:
    if gain is None:
        return NOT_COMPUTABLE
    if gain == 0:
        return "已满分"
    return f"{gain:.3f}" if gain >= 0.0005 else "不足0.001"


def _score(value: float | None) -> str:
    return NOT_COMPUTABLE if value is None else score_text(value)


def _overview(facts: MonthlyFacts, year: YearFacts) -> Iterator[Row]:
    counted = (
        (("未达标",), "未达到的"),
        (("暂不判断",), "报送不全、暂不判断的"),
        (("未报", "数据待核", "不适用"), "未报送或待核的"),
    )
    text = f"方案确定的{len(year.lines)}项指标中，达到年度目标的{len(year.ended('已达标'))}项"
    text += "".join(f"，{words}{n}项" for verdicts, words in counted if (n := len(year.ended(*verdicts))))
    yield Row("总体评价", f"{text}。")
    for line in facts.overall.headline:
        f = line.figure
        if f.ytd is not None:
            done = f"全市{line.name}{amount(f.ytd, f.unit)}{line.coverage}，完成年度任务的{percent(f.attainment_pct or 0.0)}"
            if f.ytd_year_ago is not None:
                done += f"，同比{change(f.ytd, f.ytd_year_ago, f.unit)}"
            yield Row(f"总体评价 {line.name}", f"{done}。")


def _graded(scores: Assessment) -> Iterator[Row]:
    told = "；".join(
        f"{words}{len(names)}个（{listed(names)}）"
        for grade, words in _GRADES
        if (names := scores.names(grade))
    )
    yield Row("总体评价 等次", f"对{len(scores.counties)}个地区评估得分，建议等次：{told}。")


def _by_county(lines: Sequence[CityLine]) -> Iterator[Row]:
    text = f"分解到各地的{len(lines)}项指标"
    sorted_by = {met: [line.name for line in lines if line.figure.met is met] for met in (True, False, None)}
    if len(sorted_by[True]) == len(lines):
        yield Row("指标完成情况", f"{text}全市均完成年度任务")
        return
    told = ((True, "全市完成年度任务的"), (False, "未完成的"), (None, "报送不全、暂不判断的"))
    parts = (
        f"，{words}{len(names)}项（{listed(names)}）" for met, words in told if (names := sorted_by[met])
    )
    yield Row("指标完成情况", f"{text}中{''.join(parts)}")


def _ended(line: CityLine) -> str:
    f = line.figure
    rate = NOT_COMPUTABLE if f.attainment_pct is None else one_decimal(f.attainment_pct)
    done = f"{cell(f.ytd, f.unit, f.state)}{goal(f.target, f.unit)}{rate}"
    return f"{line.name}{f.unit}{done}{f.reported}/{f.expected}{year_verdict(line)}"


def _departments(lines: Sequence[CityLine]) -> Iterator[Row]:
    if not lines:
        return
    names = [(year_verdict(line), line.name) for line in lines]
    short = [name for verdict, name in names if verdict == "未达标"]
    silent = [name for verdict, name in names if verdict not in ("已达标", "未达标")]
    done = len(lines) - len(short) - len(silent)
    text = f"牵头单位报送的{len(lines)}项市级指标中，达到年度目标的{done}项"
    text += f"，未达到的{len(short)}项（{listed(short, 6, '项')}）" if short else ""
    text += f"，未报送、待核或暂不判断的{len(silent)}项（{listed(silent, 6, '项')}）" if silent else ""
    yield Row("市级指标", f"{text}。")
    for line in lines:
        f, unit = line.figure, line.indicator.unit
        if line.indicator.rule is Rule.MEAN and f.ytd is not None:
            said = f"{line.name}全年平均{amount(f.ytd, unit)}{line.coverage}，"
            judged = f"{'符合' if f.met else '高于'}{amount(f.target or 0.0, unit)}的控制目标"
            yield Row(f"市级指标 {line.name}", said + ("暂不判断" if f.reported < f.expected else judged))


def _tasks_done(facts: MonthlyFacts, year: YearFacts) -> Iterator[Row]:
    whole, short = len(year.tasks_ended(whole=True)), len(year.tasks_ended(whole=False))
    said = sum(not row.is_silent for row in year.wordy)
    text = f"{len(facts.tasks)}项任务中，有数量指标的{len(year.numbered)}项：指标全部达到年度目标的{whole}项，有指标未达到的{short}项"
    if rest := len(year.numbered) - whole - short:
        text += f"，报送不全、暂不判断的{rest}项"
    yield Row(
        "任务完成情况", f"{text}。没有数量指标的{len(year.wordy)}项，由牵头单位文字报送，12月已报送{said}项"
    )


def _grade(c: CountyScore) -> str:
    note = (
        f"{c.expected - c.known}项未报或待核" if c.score is None else "超出优秀名额" if c.beyond_limit else ""
    )
    points = f"{_score(c.points)}{plain_points(c.deducted)}{_score(c.score)}"
    return f"{place_cell(c.rank, c.tied)}{c.name}{points}{c.label}{note}"


def _ungraded(scores: Assessment) -> Iterator[Row]:
    for c in scores.counties:
        if c.score is None:
            reach = f"补报后得分在{score_text(c.lowest or 0.0)}至{score_text(c.highest or 0.0)}之间"
            yield Row(
                f"分地区评估 {c.name}",
                f"{c.name}{len(c.unknown)}项指标年末未报或待核，不按零计算，暂不评定；{reach}",
            )


def _scored(c: CountyScore, annual: Annual) -> Iterator[Row]:
    if c.score is not None and c.rank is not None:
        text = f"{c.expected}项指标平均{_score(c.points)}分，扣{plain_points(c.deducted)}分（{c.deductions(annual)}），"
        yield Row(
            "得分", f"{text}得分{score_text(c.score)}，列{place(c.rank, bool(c.tied))}，建议等次为{c.label}"
        )
    else:
        yield Row("得分", f"补报后得分在{score_text(c.lowest or 0.0)}至{score_text(c.highest or 0.0)}之间。")


def _indicator(line: CityLine, catalogue: Catalogue) -> str:
    f, i = line.figure, line.indicator
    reporter = "各旗县市区" if i.reporter is None else catalogue.name_of(i.reporter or CITY)
    text = f"{i.task or '总体'}{i.name}{reporter}{'个地区' if i.rule is Rule.EACH_COUNTY else i.unit}"
    if i.rule is Rule.MILESTONE:
        text += "完成" + (
            cell(None, "项", f.state) if f.ytd is None else {1.0: "已完成", 0.0: "未完成"}[f.ytd]
        )
    else:
        text += f"{_BOUND.get(i.bound, '')}{goal(f.target, f.unit)}{cell(f.ytd, f.unit, f.state)}"
    if i.rule is Rule.TOTAL:
        text += NOT_COMPUTABLE if f.attainment_pct is None else one_decimal(f.attainment_pct)
    return text + (f"{f.reported}/{f.expected}" if f.expected > 1 else "") + year_verdict(line)
