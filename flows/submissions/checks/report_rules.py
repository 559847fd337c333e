"""Checks of a whole report (整表校验): last month's file, another month's, a neighbour's; parts above their whole; the city's
own figure above its counties'; and of a table: the rows nobody reports must add up."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flows.plan.catalogue import Catalogue, County
from flows.plan.observation import KnownTotals, Problem, Reading, text_of
from flows.plan.policy import Checks
from flows.plan.terms import CITY, Measure, Tier
from flows.plan.units import format_number
from flows.plan.workdays import closes_on
from flows.submissions.checks.rule import Finding, problem_of
from flows.submissions.form.form_spec import Line, Prior
from flows.submissions.form.layout import Field, label
from flows.submissions.formats.grid import Grid, Place, address
from flows.submissions.reading.cells import Number, parse
from flows.submissions.reading.heading import is_part
from flows.submissions.reading.labels import labelled_cell
from flows.submissions.reading.matched_table import MatchedTable
from flows.submissions.reading.row import FormRow, Row

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

    def problem(
        self, rule: str, rows: list[Row], expected: str, found: str, remedy: str, aspect: str = ""
    ) -> Problem:
        """A query about the report as a whole, at the running total of the first of the rows that show it."""
        part = rows[0].parts[_TOTAL]
        return Problem(
            rule=rule, tier=Tier.QUERY, county=part.line.county, indicator="", measure="", aspect=aspect,
            sheet=part.grid.name,
            cell=part.cell(Field.RUNNING_TOTAL), subject="整张报表", expected=expected,
            found=f"{found}（{len(rows)} 行）", remedy=remedy,
            values=tuple(f"{row.line.indicator} {text_of(row.numbers[_TOTAL])}" for row in rows),
        )  # fmt: skip


def last_months_file(report: Report) -> Iterator[Problem]:
    """Every running total is last month's to the digit: the old file with a new label."""
    totals = [row for row in report.rows if row.previous and _TOTAL in row.numbers]
    if len(totals) < max(1, report.checks.last_months_file_rows):
        return
    if all(row.numbers[_TOTAL] == row.previous for row in totals):
        month = totals[0].previous_label.removesuffix("累计")
        found = f"与{month}完全相同的累计"
        remedy = f"像是误报了{month}的报表，请核对；本月确实没有新增的，请逐项写明原因"
        yield report.problem("last_months_file", totals, "本月末的累计数", found, remedy)


def wrong_month_label(report: Report) -> Iterator[Problem]:
    """The next month's numbers under this month's label: they go on from what already stands for this month,
    or equal what stands for the next."""
    alike = [row for row in report.rows if _is_of_next_month(row)]
    if alike and len(alike) >= report.checks.wrong_month_rows:
        month = int(report.rows[0].month[-2:])
        found = f"接着{month}月已报累计的下一个月的数"
        remedy = "像是报告期没有改，请核对报告期后重新报送"
        yield report.problem("wrong_month_label", alike, f"{month}月的数", found, remedy)


def _is_of_next_month(row: Row) -> bool:
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    if not total or not month or not row.follows_on or total == (row.previous or 0) + month:
        return False
    return total == row.known.following or (
        row.known.current is not None and total - month == row.known.current
    )


def neighbours_numbers(report: Report) -> Iterator[Problem]:
    """Several running totals are another county's of this month to the digit."""
    least = report.checks.neighbours_numbers_at_least
    own = [row for row in report.rows if row.line.county != CITY and row.numbers.get(_TOTAL, 0) >= least]
    for county in report.catalogue.counties:
        same = [
            row
            for row in own
            if report.known.get((county.id, row.line.indicator), _UNKNOWN).current == row.numbers[_TOTAL]
        ]
        if county.id != report.rows[0].line.county and len(same) >= report.checks.neighbours_numbers_rows:
            found = f"与{county.name}已报的本月累计相同的数"
            remedy = "像是误用了其他地区的数，请核对后重新报送；确属巧合的，请说明数据来源"
            yield report.problem("neighbours_numbers", same, "本单位的数", found, remedy, county.id)


def part_above_total(report: Report) -> Iterator[Problem]:
    """A part that the plan folder names (其中；补贴性培训 of 职业技能培训) is no larger than its whole, total or level."""
    by_line = {(row.line.county, row.line.indicator): row for row in report.rows}
    for part, whole in report.catalogue.part_of.items():
        for (county, indicator), row in by_line.items():
            above = by_line.get((county, whole))
            if indicator != part or above is None:
                continue
            for measure in (_TOTAL, Measure.LEVEL):
                most = above.numbers.get(measure)
                if most is not None and _exceeds(row, most, measure):
                    due = f"不大于{above.line.label} {format_number(most, above.line.unit)} 的数"
                    finding = Finding(measure, due, "请核对两项后重新报送", compared=(most,))
                    yield problem_of("part_above_total", Tier.QUERY, row, finding)


def _exceeds(row: Row, most: Decimal | None, measure: Measure = _TOTAL) -> bool:
    return most is not None and row.numbers.get(measure, Decimal(0)) > most


def city_above_counties(report: Report) -> Iterator[Problem]:
    """A person is counted once: the city's own figure does not exceed the sum of its counties, all reported."""
    for row in report.rows:
        if not row.line.optional:
            continue
        counties = report.catalogue.indicator[row.line.indicator].county_targets
        totals = [report.known.get((c, row.line.indicator), _UNKNOWN).current for c in counties]
        added = None if None in totals else sum((t for t in totals if t is not None), Decimal(0))
        if _exceeds(row, added):
            due = f"不大于各地合计 {format_number(added or 0, row.line.unit)} 的数"
            remedy = "一人一年只计一次，市级去重数不大于各地合计；请核对口径，并写明原因"
            finding = Finding(_TOTAL, due, remedy, compared=(added,))
            yield problem_of("city_above_counties", Tier.QUERY, row, finding)


def month_not_over(
    reading: Reading, grids: Sequence[Grid], received_at: datetime, catalogue: Catalogue
) -> Iterator[Problem]:
    """A report that came before its month was over: the wrong month's label, or an estimate."""
    closes = closes_on(reading.month, catalogue.policy.reporting)
    if received_at.date() <= closes:
        sheet, cell = labelled_cell(grids, Field.MONTH)
        is_county = isinstance(catalogue.reporter[reading.reporter], County)
        number = int(reading.month[-2:])
        yield Problem(
            rule="month_not_over", tier=Tier.QUERY,
            county=reading.reporter if is_county else CITY, indicator="", measure="", sheet=sheet, cell=cell,
            subject="报告期", expected=f"已经结束的月份（{number}月到{closes.month}月{closes.day}日才结束）",
            found=f"{number}月，而报表于 {received_at:%Y-%m-%d} 收到",
            remedy="报告期写错了的，请改正后重新报送；没有写错的，请待月末后按全月的数重新报送",
            values=(f"{received_at:%Y-%m-%d}",),
        )  # fmt: skip


REPORT_RULES: tuple[Callable[[Report], Iterator[Problem]], ...] = (
    last_months_file, wrong_month_label, neighbours_numbers, part_above_total, city_above_counties,
)  # fmt: skip


def judge_report(report: Report) -> list[Problem]:
    """Every problem that only the whole report shows; none where it has no rows."""
    return [problem for rule in REPORT_RULES for problem in rule(report)] if report.rows else []


_CHECKED = (Field.IN_MONTH, Field.RUNNING_TOTAL)


def total_not_sum(table: MatchedTable) -> Iterator[Problem]:
    """合计 or 全市 beside the counties: it is never loaded, but where it does not add up one of them is wrong."""
    for (line, field), at in table.sums.items():
        places = [*table.others.get((line, field), ()), *_own(table, line, field)]
        numbers = [_number(table.grid, place, line) for place in places]
        total = _number(table.grid, at, line)
        if field not in _CHECKED or len(places) < 2 or total is None or None in numbers:
            continue
        added = sum((n for n in numbers if n is not None), Decimal(0))
        if added != total:
            yield Problem(
                rule="total_not_sum", tier=Tier.QUERY, county=line.county, indicator=line.indicator, measure=str(field),
                sheet=table.grid.name, cell=address(at), subject=f"{line.label}合计（{label(field)}）",
                expected=f"各地相加的 {format_number(added, line.unit)}", found=table.grid.text(at),
                remedy="已按合计采用；请核对各苏木乡镇（街道）的数和合计，改正后重新报送" if table.sum_is_ours
                else "合计不采用；请核对本单位的数，有误的改正后重新报送", values=(text_of(total), text_of(added)),
            )  # fmt: skip


def part_above_its_line(filled: FormRow) -> Iterator[Problem]:
    """其中 under an indicator: 6个月以上 can be no more than all. It is compared, never loaded."""
    row, column = filled.name
    while is_part(filled.grid.text((row := row + 1, column))):
        for field in (*_CHECKED, Field.LEVEL):
            at = filled.places.get(field, (row, column))
            if at[0] == filled.row:
                yield from _part_above(filled, field, (row, at[1]), filled.grid.text((row, column)))


def part_columns_above_their_line(table: MatchedTable, filled: FormRow) -> Iterator[Problem]:
    """The same where 其中 stands beside the indicator's columns."""
    for line, field, place, text in table.parts:
        if line == filled.line:
            yield from _part_above(filled, field, place, text)


def _part_above(filled: FormRow, field: Field, at: Place, name: str) -> Iterator[Problem]:
    line = filled.line
    part = parse(
        filled.grid.raw(at), line.unit, line.decimals, filled.stated_unit(field), filled.scale(field)
    )
    whole = filled.number(field, line.decimals)
    if isinstance(part, Number) and isinstance(whole, Number) and part.value > whole.value:
        yield Problem(
            rule="part_above_its_line", tier=Tier.QUERY, county=line.county, indicator=line.indicator, measure=str(field),
            aspect=name, sheet=filled.grid.name, cell=address(at), subject=f"{line.label}“{name[:20]}”（{label(field)}）",
            expected=f"不大于{line.label} {format_number(whole.value, line.unit)} 的数", found=filled.grid.text(at),
            remedy="其中项不采用；请核对本项的数，有误的改正后重新报送",
            values=(text_of(part.value), text_of(whole.value)),
        )  # fmt: skip


def _own(table: MatchedTable, line: Line, field: Field) -> list[Place]:
    place = table.cell_of(line, field)
    return [place] if place and place != table.sums[line, field] else []


def _number(grid: Grid, place: Place, line: Line) -> Decimal | None:
    cell = parse(grid.raw(place), line.unit, line.decimals)
    return cell.value if isinstance(cell, Number) else None
