"""Faults as they would be made, planted in the templates of every kind of document, and what the gate must say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from flows.documents.document import Document, Frames, Issue
from flows.documents.gate_expectations import faults_of
from flows.documents.kinds import annual, commendation, county_year, monthly, report
from flows.documents.kinds import county_report as feedback
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from tests.documents import annual_frames
from tests.documents.sample_frames import JUNE, sample_frames
from tests.documents.year_frames import year_frames

Make = Callable[[Frames, Catalogue, Period, Issue, Typesetter], Document]
ISSUE = Issue(datetime(2025, 7, 9, 16, 20), date(2025, 7, 9), date(2025, 7, 16), date(2025, 8, 5))
NEW_YEAR = Issue(datetime(2026, 1, 8, 17, 0), date(2026, 1, 14), date(2026, 1, 21))
Q2, H1 = Period.parse("2025-Q2"), Period.parse("2025-H1")
QUIET = ("hure", 6)  # 库伦旗 without June: the city's sums are partial


@dataclass(frozen=True)
class Kind:
    """How a kind is made for these tests: its maker, its frames, its period, whose it is."""

    name: str
    make: Make
    frames: Callable[[Catalogue], Frames]
    period: Period
    issue: Issue
    county: str | None = None


def _county(maker: Callable[..., Document], county: str) -> Make:
    return lambda *about: maker(*about, county)


KINDS = {
    "month": Kind("monthly_dispatch", monthly.make, sample_frames, JUNE, ISSUE),
    "feedback": Kind("monthly_dispatch", _county(feedback.make_county, "horqin"), sample_frames, JUNE, ISSUE, "horqin"),
    "quarter": Kind("quarterly_analysis", report.quarterly, lambda c: year_frames(c, Q2), Q2, ISSUE),
    "quarter, partial": Kind(
        "quarterly_analysis", report.quarterly, lambda c: year_frames(c, Q2, silent=[QUIET], pace={"kailu": 0.7}), Q2, ISSUE
    ),
    "half-year": Kind("half_year_summary", report.half_yearly, lambda c: year_frames(c, H1, pace={"kailu": 0.7}), H1, ISSUE),
    "year": Kind("annual_assessment", annual.make, annual_frames.year_frames, annual_frames.YEAR, NEW_YEAR),
    "score sheet": Kind(
        "annual_assessment", _county(county_year.make_county, "kailu"), annual_frames.year_frames, annual_frames.YEAR,
        NEW_YEAR, "kailu",
    ),
    "commendation": Kind("commendation", commendation.make, annual_frames.year_frames, annual_frames.YEAR, NEW_YEAR),
}  # fmt: skip


@dataclass(frozen=True)
class Planting:
    """One fault: the kind, in a word what it is, the template and what it says instead; what the gate must say."""

    kind: str
    what: str
    template: str
    old: str
    new: str
    says: str

    def written(self, folder: Path) -> Path:
        """The folder with the spoilt template in it, spoilt further where it was before."""
        spoilt = folder / self.template
        words = (spoilt if spoilt.exists() else TEMPLATES / self.template).read_text("utf-8")
        assert self.old in words, (self.template, self.old)
        spoilt.parent.mkdir(parents=True, exist_ok=True)
        spoilt.write_text(words.replace(self.old, self.new, 1), encoding="utf-8")
        return folder


MONTHLY, REPORT, SCORES, YEAR = (f"macros/{name}.html.j2" for name in ("monthly", "report", "scores", "year"))
FEEDBACK, COMMENDED, SHEET = "county_feedback.html.j2", "commendation.html.j2", "county_year.html.j2"
ADDRESSEE = "{{ official.addressee(addressee) }}"
# One line each: a table.
# ruff: noqa: E501
PLANTINGS = (
    Planting("feedback", "a digit more in the table", "macros/tables.html.j2", "{{ value | goal(unit) }}", "1{{ value | goal(unit) }}", "缺行或数不对：城镇新增就业"),
    Planting("feedback", "how many indicators there are", FEEDBACK, "{{ totals | length }}项指标", "{{ totals | length + 1 }}项指标", "缺行或数不对：指标完成情况"),
    Planting("feedback", "another county's number", FEEDBACK, "现将你", "科尔沁区4321人。现将你", "数字无出处：4321"),
    Planting("feedback", "a row lost", FEEDBACK, "{% for i, f in totals %}", "{% for i, f in totals[1:] %}", "缺行或数不对：城镇新增就业"),
    Planting("feedback", "an empty table", FEEDBACK, "{% for i, f in totals %}", "{% for i, f in totals[:0] %}", "空表：1 张表只有表头"),
    Planting("feedback", "a placeholder", FEEDBACK, "现将你", "待填，现将你", "占位文字：“待填”"),
    Planting("feedback", "text over the edge", FEEDBACK, ADDRESSEE, '<p style="margin-left: -12mm">越界</p>', "出版心：“越"),
    Planting("feedback", "a face that is none of the document's", FEEDBACK, ADDRESSEE, "<p style=\"font-family: 'DejaVu Sans'\">Beijing</p>", "字体不符"),
    Planting("feedback", "the title lost", FEEDBACK, "{{ official.title(title_lines) }}", "", "第1页 题目不符：应为“关于科尔沁区2025年6月"),
    Planting("feedback", "a pace typed by hand", FEEDBACK, "{{ period.pace_pct | percent }}", "51.0%", "数字无出处：51.0"),
    Planting("feedback", "a digit before a running total", FEEDBACK, "{{ f.ytd | amount(f.unit) }}", "9{{ f.ytd | amount(f.unit) }}", "数字无出处：9"),
    Planting("feedback", "another day to answer by", FEEDBACK, "应于{{ reported.due_on | month_day }}报送", "应于9月9日报送", "数字无出处：9月9日"),
    Planting("month", "another month's name", MONTHLY, "截至{{ period.last }}月底，全市{{ i.name }}{{ f.ytd", "截至5月底，全市{{ i.name }}{{ f.ytd", "月份不符：“截至5月底”"),
    Planting("month", "a digit before the city's running total", MONTHLY, "{{ f.ytd | amount(f.unit) }}{{ line.coverage }}，完成", "1{{ f.ytd | amount(f.unit) }}{{ line.coverage }}，完成", "缺行或数不对：总体情况 城镇新增就业"),
    Planting("month", "how many items there are", MONTHLY, "共{{ total }}项次", "共{{ total + 1 }}项次", "缺行或数不对：各地进展 标识"),
    Planting("month", "a gap typed by hand", MONTHLY, "{{ f.gap_pp | against }}", "快于时序进度1.7个百分点", "数字无出处：1.7"),
    Planting("month", "a rate typed by hand", "macros/annex.html.j2", "{{ t.rate(f.attainment_pct) }}", '<td class="n">61.3</td>', "缺行或数不对：附件1 "),
    Planting("month", "how it is rounded", "macros/scope.html.j2", "保留1位小数", "保留3位小数", "数字无出处：3"),
    Planting("month", "how far a sum may be off", "macros/scope.html.j2", "可能相差0.1", "可能相差0.7", "数字无出处：0.7"),
    Planting("month", "a row of the reporting record lost", "macros/annex.html.j2", "{% for row in rows %}", "{% for row in rows[:-1] %}", "缺行或数不对：附件2 "),
    Planting("month", "the record lost", "monthly_dispatch.html.j2", "{{ official.record(", "{# official.record( #}{{ (", "缺版记"),
    Planting("quarter", "a month's number in the rhythm", REPORT, "{{ s.value | amount(course.city.unit) }}", "{{ (s.value + 1) | amount(course.city.unit) }}", "缺行或数不对：逐月 城镇新增就业"),
    Planting("quarter", "the upper end of the forecast", REPORT, "区间为{{ one.range_words }}", "区间为{{ one.range_words | replace('～', '～1') }}", "缺行或数不对：趋势研判 城镇新增就业"),
    Planting("quarter", "what is needed a month", REPORT, "个月尚需月均{{ from_now |", "个月尚需月均{{ (from_now + 1) |", "缺行或数不对：尚需月均"),
    Planting("quarter", "a county's share", REPORT, '占{{ s.of_sum_pct | percent }}{{ "、"', '占{{ (s.of_sum_pct + 1) | percent }}{{ "、"', "缺行或数不对：结构 城镇新增就业"),
    Planting("quarter", "reports counted", REPORT, "按时报送{{ record.on_time }}份", "按时报送{{ record.on_time + 1 }}份", "缺行或数不对：数据情况"),
    Planting("quarter, partial", "the months across a gap", REPORT, "（{{ s.value_reported }}/{{ s.expected }}个地区可计算）", "（{{ s.expected }}/{{ s.expected }}个地区可计算）", "缺行或数不对：逐月 城镇新增就业"),
    Planting("quarter, partial", "a county lost from the heat table", REPORT, "{{ f.attainment_pct | one_decimal }}<span", "{{ '' if loop.first else f.attainment_pct | one_decimal }}<span", "缺行或数不对：表2"),
    Planting("half-year", "a row of the first table", REPORT, "{{ t.rate(f.attainment_pct) }}{{ t.signed(f.gap_pp) }}", "{{ t.rate(f.attainment_pct) }}<td>+0.7</td>", "缺行或数不对：表1 城镇新增就业"),
    Planting("half-year", "how many are looked at for their half", "half_year_summary.html.j2", "{{ halfway.total }}项分地区指标中", "{{ halfway.total + 1 }}项分地区指标中", "缺行或数不对：任务过半"),
    Planting("half-year", "a month's column lost", REPORT, "{% for s in statuses %}", "{% for s in statuses[1:] %}", "缺行或数不对：附件2 "),
    Planting("year", "a score", SCORES, "得分{{ score_text(c.score) }}　第", "得分{{ score_text(c.score + 0.01) }}　第", "缺行或数不对：得分明细 科尔沁区：应印"),
    Planting("year", "a deduction", SCORES, '<td class="n">{{ points_text(c.deducted) }}</td>', '<td class="n">{{ points_text(c.deducted + 1) }}</td>', "缺行或数不对：表2"),
    Planting("year", "what one unit more gains", SCORES, '"%.3f" | format(line.gain)', '"%.2f" | format(line.gain)', "缺行或数不对：得分明细"),
    Planting("year", "an indicator's year-end", YEAR, "{{ f.target | goal(f.unit) }}</td>{{ t.number(f.ytd", "{{ f.target | goal(f.unit) }}</td>{{ t.number(f.target", "缺行或数不对：附件1"),
    Planting("score sheet", "a deduction", SHEET, "扣{{ points_text(county.deducted) }}分", "扣{{ points_text(county.deducted + 1) }}分", "缺行或数不对：得分"),
    Planting("score sheet", "a line lost", SCORES, "{% for line in c.lines %}", "{% for line in c.lines[1:] %}", "缺行或数不对：得分明细 开鲁县"),
    Planting("commendation", "quarters in a row", COMMENDED, "连续{{ row.quarters }}个季度末", "连续{{ row.quarters + 1 }}个季度末", "缺行或数不对：建议名单"),
    Planting("commendation", "a county lost", COMMENDED, "{% for row in others %}", "{% for row in others[1:] %}", "缺行或数不对：未列入"),
    Planting("commendation", "a score's criterion", COMMENDED, "年度得分不低于", "年度得分不低于1", "数字无出处：1"),
)  # fmt: skip


def made(kind: str, catalogue: Catalogue, setter: Typesetter) -> tuple[Document, Frames]:
    """The document and what it was made from."""
    k = KINDS[kind]
    frames = k.frames(catalogue)
    return k.make(frames, catalogue, k.period, k.issue, setter), frames


def faults(kind: str, catalogue: Catalogue, setter: Typesetter) -> tuple[str, ...]:
    """What the gate says of it."""
    k, (document, frames) = KINDS[kind], made(kind, catalogue, setter)
    return faults_of(document, k.name, frames, catalogue, k.period, k.issue, k.county)


def last_months(catalogue: Catalogue, setter: Typesetter) -> tuple[str, ...]:
    """What it says of June's bulletin that calls itself July's."""
    document, frames = made("month", catalogue, setter)
    july = replace(document, title=document.title.replace("6月", "7月"))
    return faults_of(july, "monthly_dispatch", frames, catalogue, Period.parse("2025-07"), ISSUE)


LONG = frozenset(KINDS) - {"feedback", "score sheet", "commendation"}  # take seconds to set
# What is planted together: one document holds all the faults of a long kind, each to be named for itself.
TOGETHER = [
    *(tuple(p for p in PLANTINGS if p.kind == kind) for kind in KINDS if kind in LONG),
    *((p,) for p in PLANTINGS if p.kind not in LONG),
]
