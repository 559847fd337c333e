"""The sheet with the numbers (月报、指标): blocks of rows by kind, each under its own head."""

from collections.abc import Iterator

from xlsxwriter.utility import xl_rowcol_to_cell as cell_at

from flows.plan.terms import Rule
from flows.submissions.form import live_check
from flows.submissions.form.entries import BLANK, Entries
from flows.submissions.form.figure_row import SUMS, FigureRow, is_numbered
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import (
    BLOCK_TITLES,
    LEVELS,
    MILESTONES,
    STEMS,
    SUM_NUMBER,
    TOTALS,
    Field,
    label,
)
from flows.submissions.form.look import BAD, BAD_TINT, GOOD, GOOD_TINT, RULE, WAIT, WAIT_TINT
from flows.submissions.form.page import HEAD_ROWS, LAST, Page, write_summary

_NUMBERED = (
    Field.TARGET, Field.PREVIOUS, Field.PREVIOUS_LEVEL, Field.IN_MONTH, Field.RUNNING_TOTAL,
    Field.LEVEL, Field.DONE_ON, Field.DONE,
)  # fmt: skip


_Block = tuple[str, tuple[Field, ...], list[Line]]


def _blocks(spec: FormSpec) -> list[_Block]:
    """The blocks that have rows: a title, the columns, the lines."""
    rules = (SUMS, (Rule.LATEST, Rule.SHARE, Rule.MEAN), (Rule.MILESTONE,))
    columns = (TOTALS, LEVELS, MILESTONES)
    of_rule = ([line for line in spec.lines if line.rule in one] for one in rules)
    return [block for block in zip(BLOCK_TITLES, columns, of_rule, strict=True) if block[2]]


def line_rows(spec: FormSpec) -> Iterator[tuple[Line, int, tuple[Field, ...]]]:
    """Each line with its row, counted from 0, and its block's columns."""
    row = HEAD_ROWS
    for _, columns, lines in _blocks(spec):
        row += 2 if spec.is_county else 3  # a section's title, the head, the columns' numbers
        for line in lines:
            yield line, row, columns
            row += 1


def write_figures(page: Page, row: int, entries: Entries) -> int:
    """Every block that has rows, from `row` on, and the summary of their checks. Gives the next free row."""
    first, number, verdicts = row, 0, list[str]()
    for section, (title, columns, lines) in zip("一二三", _blocks(page.spec), strict=False):
        if not page.spec.is_county:
            row = write_section(page, row, f"{section}、{title}")
        row, shown = _write_block(page, row, columns, lines, entries, number)
        verdicts += shown
        number += sum(1 for n in lines if is_numbered(n))
    formula = live_check.summary_formula(cell_at(first, LAST), cell_at(row - 1, LAST))
    write_summary(page, formula, live_check.summary(verdicts))
    return row


def write_section(page: Page, row: int, title: str) -> int:
    """A section's title over the whole width: 一、累计类指标."""
    page.merged(row, 0, LAST, title, page.look.of(font_name="黑体", font_size=12))
    page.sheet.set_row(row, 24)
    return row + 1


def _write_block(
    page: Page, row: int, columns: tuple[Field, ...], lines: list[Line], entries: Entries, number: int
) -> tuple[int, list[str]]:
    words, numbers = iter(STEMS), iter(range(1, 10))
    for at, field in enumerate(columns):
        page.sheet.write(row, at, label(field), page.look.head)
        mark = str(next(numbers)) if field in _NUMBERED else next(words)
        page.sheet.write(
            row + 1, at, SUM_NUMBER if field is Field.RUNNING_TOTAL else mark, page.look.numbering
        )
    page.sheet.set_row(row, 24)
    page.sheet.set_row(row + 1, 14)
    row, verdicts = row + 2, []
    for line in lines:
        number += is_numbered(line)
        entry = entries.rows.get((line.county, line.indicator), BLANK)
        verdicts.append(FigureRow(page, row, columns, line, entry).write(number))
        row += 1
    _colour_checks(page, row - len(lines), row - 1)
    return row, verdicts


def _colour_checks(page: Page, first: int, last: int) -> None:
    """Green, amber, grey or red by what the check says."""
    tints = (
        ((live_check.FINE,), GOOD, GOOD_TINT),
        ((live_check.EXPLAINED,), WAIT, WAIT_TINT),
        ((live_check.EMPTY, live_check.OPTIONAL, ""), RULE, "#FFFFFF"),
    )
    for words, ink, tint in tints:
        for word in words:
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "stop_if_true": True}
            page.sheet.conditional_format(
                first, LAST, last, LAST, rule | {"format": page.look.tint(ink, tint)}
            )
    rest = {
        "type": "formula",
        "criteria": f"=LEN({cell_at(first, LAST)})>0",
        "format": page.look.tint(BAD, BAD_TINT),
    }
    page.sheet.conditional_format(first, LAST, last, LAST, rest)
