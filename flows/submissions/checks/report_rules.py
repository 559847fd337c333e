"""Checks of a whole report (整表校验): last month's file, another month's, a neighbour's; parts above their whole;
the city's own figure above its counties'."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Problem
from flows.plan.policy import Checks
from flows.plan.terms import CITY, Measure, Tier
from flows.plan.units import format_number
from flows.submissions.checks.rule import Finding, problem_of
from flows.submissions.form.form_spec import Prior
from flows.submissions.reading.row import Row

_TOTAL, _MONTH = Measure.RUNNING_TOTAL, Measure.IN_MONTH
_UNKNOWN = KnownTotals(None, None)


@dataclass(frozen=True)
class Report:
    """All rows of one report, and what is in force around it, other counties' totals of the month included."""

    rows: tuple[Row, ...]
    known: Prior
    catalogue: Catalogue

    @property
    def checks(self) -> Checks:
        """The thresholds."""
        return self.catalogue.policy.checks

    def problem(self, rule: str, expected: str, found: str, remedy: str) -> Problem:
        """A query about the report as a whole."""
        head = self.rows[0].head
        return Problem(
            rule=rule, tier=Tier.QUERY, county=head.line.county, indicator="", sheet=head.grid.name, cell="",
            subject="整张报表", expected=expected, found=found, remedy=remedy,
        )  # fmt: skip


def last_months_file(report: Report) -> Iterator[Problem]:
    """Every running total is last month's to the digit: the old file with a new label."""
    totals = [row for row in report.rows if row.previous and _TOTAL in row.numbers]
    if len(totals) < max(1, report.checks.last_months_file_rows):
        return
    if all(row.numbers[_TOTAL] == row.previous for row in totals):
        found = f"与上月完全相同的累计（{len(totals)} 行）"
        remedy = "像是误报了上月的报表，请核对；本月确实没有新增的，请逐项写明原因"
        yield report.problem("last_months_file", "本月末的累计数", found, remedy)


def wrong_month_label(report: Report) -> Iterator[Problem]:
    """The next month's numbers under this month's label: they go on from what already stands for this month,
    or equal what stands for the next."""
    alike = [row for row in report.rows if _is_of_next_month(row)]
    if alike and len(alike) >= report.checks.wrong_month_rows:
        month = int(report.rows[0].month[-2:])
        found = f"接着{month}月已报累计的下一个月的数（{len(alike)} 行）"
        remedy = "像是报告期没有改，请核对报告期后重新报送"
        yield report.problem("wrong_month_label", f"{month}月的数", found, remedy)


def _is_of_next_month(row: Row) -> bool:
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    if not total or not month or row.previous is None or total == row.previous + month:
        return False
    return total == row.known.following or (
        row.known.current is not None and total - month == row.known.current
    )


def neighbours_numbers(report: Report) -> Iterator[Problem]:
    """Several running totals are another county's of this month to the digit."""
    own = {
        row.line.indicator: row.numbers[_TOTAL]
        for row in report.rows
        if row.line.county != CITY and row.numbers.get(_TOTAL, 0) >= report.checks.neighbours_numbers_at_least
    }
    for county in report.catalogue.counties:
        same = [i for i, total in own.items() if report.known.get((county.id, i), _UNKNOWN).current == total]
        if county.id != report.rows[0].line.county and len(same) >= report.checks.neighbours_numbers_rows:
            found = f"与{county.name}已报的本月累计相同的数（{len(same)} 行）"
            remedy = "像是误用了其他地区的数，请核对后重新报送；确属巧合的，请说明数据来源"
            yield report.problem("neighbours_numbers", "本单位的数", found, remedy)


def part_above_total(report: Report) -> Iterator[Problem]:
    """A part that policy names (补贴性培训 of 职业技能培训) is no larger than its whole."""
    by_line = {(row.line.county, row.line.indicator): row for row in report.rows}
    for part, whole in report.checks.part_of.items():
        for (county, indicator), row in by_line.items():
            above = by_line.get((county, whole)) if indicator == part else None
            if above and _exceeds(row, above.numbers.get(_TOTAL)):
                most = format_number(above.numbers[_TOTAL], above.line.unit)
                finding = Finding(_TOTAL, f"不大于{above.line.label} {most} 的数", "请核对两项后重新报送")
                yield problem_of("part_above_total", Tier.QUERY, row, finding)


def _exceeds(row: Row, most: Decimal | None) -> bool:
    return most is not None and row.numbers.get(_TOTAL, Decimal(0)) > most


def city_above_counties(report: Report) -> Iterator[Problem]:
    """A person is counted once: the city's own figure does not exceed the sum of its counties, all reported."""
    for row in report.rows:
        if not row.line.optional:
            continue
        counties = report.catalogue.indicator[row.line.indicator].county_targets
        totals = [report.known.get((c, row.line.indicator), _UNKNOWN).current for c in counties]
        added = None if None in totals else sum((t for t in totals if t is not None), Decimal(0))
        if _exceeds(row, added):
            most = format_number(added or 0, row.line.unit)
            remedy = "一人一年只计一次，市级去重数不大于各地合计；请核对口径，并写明原因"
            yield problem_of(
                "city_above_counties", Tier.QUERY, row, Finding(_TOTAL, f"不大于各地合计 {most} 的数", remedy)
            )


REPORT_RULES: tuple[Callable[[Report], Iterator[Problem]], ...] = (
    last_months_file, wrong_month_label, neighbours_numbers, part_above_total, city_above_counties,
)  # fmt: skip


def judge_report(report: Report) -> list[Problem]:
    """Every problem that only the whole report shows; none where it has no rows."""
    return [problem for rule in REPORT_RULES for problem in rule(report)] if report.rows else []
