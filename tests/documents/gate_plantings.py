"""Faults as they would be made, planted in the templates of every kind of document, and what the gate must say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from flows.documents.document import Document, Frames, Issue
from flows.documents.kinds import annual, commendation, monthly, report
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
Q2, H1, DECEMBER = Period.parse("2025-Q2"), Period.parse("2025-H1"), Period.parse("2025-12")
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
    "December": Kind(
        "monthly_dispatch", monthly.make, lambda c: year_frames(c, DECEMBER, pace={"kailu": 0.7}), DECEMBER, NEW_YEAR
    ),
    "feedback, December": Kind(
        "monthly_dispatch", _county(feedback.make_county, "horqin"), lambda c: year_frames(c, DECEMBER), DECEMBER, NEW_YEAR,
        "horqin",
    ),
    "feedback, December, behind": Kind(
        "monthly_dispatch", _county(feedback.make_county, "kailu"), lambda c: year_frames(c, DECEMBER, pace={"kailu": 0.7}),
        DECEMBER, NEW_YEAR, "kailu",
    ),
    "quarter": Kind("quarterly_analysis", report.quarterly, lambda c: year_frames(c, Q2), Q2, ISSUE),
    "quarter, partial": Kind(
        "quarterly_analysis", report.quarterly, lambda c: year_frames(c, Q2, silent=[QUIET], pace={"kailu": 0.7}), Q2, ISSUE
    ),
    "half-year": Kind("half_year_summary", report.half_yearly, lambda c: year_frames(c, H1, pace={"kailu": 0.7}), H1, ISSUE),
    "year": Kind("annual_assessment", annual.make, annual_frames.year_frames, annual_frames.YEAR, NEW_YEAR),
    "score sheet": Kind(
        "annual_assessment", _county(feedback.make_county, "kailu"), annual_frames.year_frames, annual_frames.YEAR,
        NEW_YEAR, "kailu",
    ),
    "commendation": Kind("commendation", commendation.make, annual_frames.year_frames, annual_frames.YEAR, NEW_YEAR),
}  # fmt: skip


class Catcher(StrEnum):
    """What finds a fault: the gate when the document is made, the filter that refuses the number, or a test."""

    GATE = "gate"
    FILTER = "filter"
    COLUMNS = "tests/documents/test_printed_columns.py"
    TABLES = "tests/documents/test_tables.py"
    WORDING = "tests/documents/test_wording.py"


@dataclass(frozen=True)
class Planting:
    """One fault: the kind, in a word what it is, the template and what it says instead; what finds it and says so."""

    kind: str
    what: str
    template: str
    old: str
    new: str
    says: str
    by: Catcher = Catcher.GATE

    def written(self, folder: Path) -> Path:
        """The folder with the spoilt template in it, spoilt further where it was before."""
        spoilt = folder / self.template
        words = (spoilt if spoilt.exists() else TEMPLATES / self.template).read_text("utf-8")
        assert self.old in words, (self.template, self.old)
        spoilt.parent.mkdir(parents=True, exist_ok=True)
        spoilt.write_text(words.replace(self.old, self.new, 1), encoding="utf-8")
        return folder


MONTHLY, REPORT, SCORES, YEAR, ANNEX, SCOPE = (
    f"macros/{name}.html.j2" for name in ("monthly", "report", "scores", "year", "annex", "scope")
)
FEEDBACK, COMMENDED, SHEET = "county_feedback.html.j2", "commendation.html.j2", "county_year.html.j2"
ADDRESSEE = "{{ official.addressee(addressee) }}"
BARE = "没有出处的数"
FILTER, COLUMNS, TABLES, WORDING = Catcher.FILTER, Catcher.COLUMNS, Catcher.TABLES, Catcher.WORDING
CELLS = "{{ _cells(figures.get(line.indicator.id, county.id), line.indicator.unit, width) }}"
# One line each: a table.
# ruff: noqa: E501
PLANTINGS = (
    Planting("feedback", "a digit more in the table", "macros/tables.html.j2", "{{ value | goal(unit) }}", "1{{ value | goal(unit) }}", "数字无出处：1（"),
    Planting("feedback", "how many indicators there are", FEEDBACK, "的{{ totals | count }}项指标\n", "的{{ totals | count + 1 }}项指标\n", BARE, FILTER),
    Planting("feedback", "another county's number", FEEDBACK, "现将你", "科尔沁区4321人。现将你", "数字无出处：4321"),
    Planting("feedback", "a row left out of the template", FEEDBACK, "{% for i, f in totals %}", "{% for i, f in totals[1:] %}", "indicator", COLUMNS),
    Planting("feedback", "a row lost on the page", FEEDBACK, '<tr{{ about("indicator", indicator=i.id) }}>', '<tr{{ about("indicator", indicator=i.id) }}{% if loop.first %} style="display: none"{% endif %}>', "缺行：应印“城镇新增就业"),
    Planting("feedback", "an empty table", FEEDBACK, "{% for i, f in totals %}", "{% for i, f in totals[:0] %}", "空表：1 张表只有表头"),
    Planting("feedback", "a placeholder", FEEDBACK, "现将你", "待填，现将你", "占位文字：“待填”"),
    Planting("feedback", "text over the edge", FEEDBACK, ADDRESSEE, '<p style="margin-left: -12mm">越界</p>' + ADDRESSEE, "出版心：“越"),
    Planting("feedback", "a font that is none of the document's", FEEDBACK, ADDRESSEE, "<p style=\"font-family: 'DejaVu Sans'\">Beijing</p>" + ADDRESSEE, "字体不符"),
    Planting("feedback", "the title lost", FEEDBACK, "{{ official.title(title_lines) }}", "", "第1页 题目不符：应为“关于反馈科尔沁区2025年6月"),
    Planting("feedback", "a pace typed by hand", FEEDBACK, "{{ period.pace_pct | percent }}", "51.0%", "数字无出处：51.0"),
    Planting("feedback", "a digit before a running total", FEEDBACK, "现有{{ f.ytd | amount(f.unit) }}", "现有9{{ f.ytd | amount(f.unit) }}", "数字无出处：9"),
    Planting("feedback", "another day to answer by", FEEDBACK, "应于{{ reported.due_on | month_day }}前报送", "应于2月28日前报送", "数字无出处：28（"),
    Planting("month", "another month's name", MONTHLY, "截至{{ period.last }}月底，{{ plan.scope }}{{ i.name }}{{ f.ytd", "截至5月底，{{ plan.scope }}{{ i.name }}{{ f.ytd", "数字无出处：5（"),
    Planting("month", "a digit before the city's running total", MONTHLY, "{{ f.ytd | amount(f.unit) }}{{ line.coverage }}，完成", "1{{ f.ytd | amount(f.unit) }}{{ line.coverage }}，完成", "数字无出处：1（"),
    Planting("month", "how many items there are", MONTHLY, "共{{ county_ranking.expected }}项次", "共{{ county_ranking.expected + 1 }}项次", BARE, FILTER),
    Planting("month", "a gap typed by hand", MONTHLY, "{{ f.gap_pp | against }}", "快于时序进度1.7个百分点", "数字无出处：1.7"),
    Planting("month", "a rate typed by hand", ANNEX, "{{ t.rate(f.attainment_pct) }}", '<td class="n">61.3</td>', "数字无出处：61.3"),
    Planting("month", "the city's figure in a county's row", ANNEX, CELLS, "{{ _cells(line.figure, line.indicator.unit, width) }}", "是 city 的数，这里写的是 horqin"),
    Planting("month", "another county's figure in a county's paragraph", MONTHLY, "{{ i.name }}{{ f.attainment_pct | percent }}{% endcall %}", "{{ i.name }}{{ county_ranking.rows[0].figures[0][1].attainment_pct | percent }}{% endcall %}", "是 horqin 的数，这里写的是"),
    Planting("month", "a percentage with two decimals", MONTHLY, '<td class="rated"{{ about(county=row.county.id) }}>{{ f.attainment_pct | one_decimal }}', '<td class="rated"{{ about(county=row.county.id) }}>{{ f.attainment_pct | score }}', "数不对：“"),
    Planting("month", "% for 个百分点", SCOPE, "黄：慢于时序进度{{ m.yellow_at_most_pp | threshold }}个百分点", "黄：慢于时序进度{{ m.yellow_at_most_pp | threshold }}%", "单位不符：“5”"),
    Planting("month", "how it is rounded", SCOPE, "保留1位小数", "保留3位小数", "保留3位小数", WORDING),
    Planting("month", "how far a sum may be off", SCOPE, "可能相差0.1", "可能相差0.7", "可能相差0.7", WORDING),
    Planting("month", "a row of the reporting record left out", ANNEX, "{% for row in rows %}", "{% for row in rows[:-1] %}", "reported", COLUMNS),
    Planting("month", "the record lost", "monthly_dispatch.html.j2", '{{ official.record(policy.documents.copies_to | join("，"), policy.documents.printed_by, issue.issued_on | day) }}', "", "缺版记"),
    Planting("quarter", "a month's number in the rhythm", REPORT, "{{ s.value | amount(series.city.unit) }}", "{{ (s.value + 1) | amount(series.city.unit) }}", BARE, FILTER),
    Planting("half-year", "the upper end of the forecast", REPORT, "～{{ high | estimate(unit) }}", "～1{{ high | estimate(unit) }}", "数字无出处：1（"),
    Planting("quarter", "what is needed a month", REPORT, "个月尚需月均{{ from_now |", "个月尚需月均{{ (from_now + 1) |", BARE, FILTER),
    Planting("quarter", "a county's share", REPORT, "占{{ s.of_sum_pct | percent }}{% endcall %}", "占{{ (s.of_sum_pct + 1) | percent }}{% endcall %}", BARE, FILTER),
    Planting("quarter", "reports counted", REPORT, "报表{{ record.due }}份", "报表{{ record.due + 1 }}份", BARE, FILTER),
    Planting("quarter, partial", "a month's number typed by hand", REPORT, '分别" if months | length > 1 }}', '分别4321人" if months | length > 1 }}', "数字无出处：4321"),
    Planting("quarter, partial", "a county left out of the heat table", REPORT, "{{ f.attainment_pct | one_decimal }}<span", "{{ '' if loop.first else f.attainment_pct | one_decimal }}<span", "heat", COLUMNS),
    Planting("half-year", "a row of the first table", REPORT, "{{ t.rate(f.attainment_pct) }}{{ t.signed(f.gap_pp) }}", "{{ t.rate(f.attainment_pct) }}<td>+0.7</td>", "数字无出处：0.7"),
    Planting("half-year", "how many are looked at for their half", "half_year_summary.html.j2", "{{ halfway.total }}项分地区指标中", "{{ halfway.total + 1 }}项分地区指标中", BARE, FILTER),
    Planting("half-year", "a month's column left out", REPORT, "{% for s in statuses %}", "{% for s in statuses[1:] %}", "months", TABLES),
    Planting("year", "a score", SCORES, "得分{{ c.score | score }}　第", "得分{{ (c.score + 0.01) | score }}　第", BARE, FILTER),
    Planting("year", "a deduction", SCORES, '<td class="n">{{ c.deducted | as_written }}</td>', '<td class="n">{{ (c.deducted + 1) | as_written }}</td>', BARE, FILTER),
    Planting("year", "what one unit more gains", SCORES, "line.gain | gain if", '"%.2f" | format(line.gain) if', "数字无出处：0.0"),
    Planting("year", "an indicator's year-end", YEAR, "{{ f.target | goal(f.unit) }}</td>{{ t.number(f.ytd", "{{ f.target | goal(f.unit) }}</td>{{ t.number(f.target", "indicator", COLUMNS),
    Planting("score sheet", "a deduction", SHEET, "扣{{ county.deducted | as_written }}分", "扣{{ (county.deducted + 1) | as_written }}分", BARE, FILTER),
    Planting("score sheet", "a line left out", SCORES, "{% for line in c.lines %}", "{% for line in c.lines[1:] %}", "score-line", COLUMNS),
    Planting("commendation", "quarters in a row", COMMENDED, "连续{{ row.quarters }}个季度末", "连续{{ row.quarters + 1 }}个季度末", BARE, FILTER),
    Planting("commendation", "a county left out", COMMENDED, "{% for row in others %}", "{% for row in others if row.county != 'kailu' %}", "not-proposed-kailu", COLUMNS),
    Planting("commendation", "a score's criterion", COMMENDED, "年度得分不低于", "年度得分不低于1", "数字无出处：1（"),
)  # fmt: skip


_frames: dict[str, Frames] = {}


def made(kind: str, catalogue: Catalogue, setter: Typesetter) -> Document:
    """The document, read back. Its frames are computed once; every caller has the plan of 2025."""
    k = KINDS[kind]
    if kind not in _frames:
        _frames[kind] = k.frames(catalogue)
    return k.make(_frames[kind], catalogue, k.period, k.issue, setter)


# What is planted together: a document holds all the faults of its kind, each to be named for itself, but for those that take
# away the rows which others stand in.
AT_THE_GATE = [p for p in PLANTINGS if p.by is Catcher.GATE]
ALONE = ("a row lost on the page", "an empty table")
TOGETHER = [
    *(tuple(p for p in AT_THE_GATE if p.kind == kind and p.what not in ALONE) for kind in KINDS),
    *((p,) for p in AT_THE_GATE if p.what in ALONE),
]
TOGETHER = [planted for planted in TOGETHER if planted]
