"""Sentences for the receipt (处理说明): what the reader left aside, and how it decided where it had to."""

from collections.abc import Iterator

from flows.plan.observation import Statement
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.form.layout import COLUMN_OF, GUIDE_SHEET, Field
from flows.submissions.formats.grid import Grid, Opened
from flows.submissions.formats.persons import NO_TELEPHONE
from flows.submissions.reading.head import Head
from flows.submissions.reading.lines import FoundLines
from flows.submissions.reading.words import is_questions

_NOT_KEPT = "这些信息没有读取、没有入库，原文件也没有留存；以后"


def remarks(
    head: Head, opened: Opened, form: FormSpec, found: FoundLines, said: tuple[Statement, ...]
) -> Iterator[str]:
    """What the sender should know besides the problems. Names and telephone numbers are never repeated."""
    if head.year_assumed:
        yield f"报告期没有写年份，按 {head.month[:4]} 年处理"
    yield from withheld(opened)
    if opened.macros:
        yield "文件带有宏（程序），没有运行，也没有读取；以后请另存为不带宏的 .xlsx 报送"
    yield from _sheets_left(head, opened)
    yield from head.decisions
    yield from found.decisions
    yield from _scaled(found)
    if any(NO_TELEPHONE in statement.text for statement in said):
        yield f"文字里的电话号码没有读取，以“{NO_TELEPHONE}”代替"
    if (
        found.tables
        and form.is_county
        and not any(p.has(Field.IN_MONTH) for parts in found.places.values() for p in parts)
    ):
        yield "表内没有“本月”一栏，累计未与本月核对"
    yield from _about_words(form, said)


def _sheets_left(head: Head, opened: Opened) -> Iterator[str]:
    for grid in opened.grids:
        was_read = grid.name in {read.name for read in head.grids} or (grid.visible and is_questions(grid))
        if (
            not was_read
            and not grid.withheld
            and grid.name != GUIDE_SHEET
            and any(any(row) for row in grid.rows)
        ):
            yield f"工作表“{grid.name}”{_why(grid, head)}"


def _why(grid: Grid, head: Head) -> str:
    if not grid.visible:
        return "是隐藏的，未读取"
    twin = next((one.name for one in head.grids if one.rows == grid.rows), None)
    return f"与“{twin}”的完全相同，只读取一次" if twin else "不是本单位本月的报表，未读取"


def withheld(opened: Opened) -> Iterator[str]:
    """Where personal data stood, of which nothing was read and nothing is kept."""
    for grid in opened.grids:
        if grid.withheld:
            yield f"工作表“{grid.name}”有 {grid.withheld} 行含身份证号等个人信息，{_NOT_KEPT}请不要附人员名单"
        if grid.contacts:
            yield f"工作表“{grid.name}”表头或表旁的联系人姓名、电话没有读取，其余照收"
    if opened.hidden_persons and not any(grid.withheld for grid in opened.grids):
        yield f"文件的批注、图形、属性或表外含身份证号，{_NOT_KEPT}请删去后再报送"


def _scaled(found: FoundLines) -> Iterator[str]:
    """Which lines were typed in another unit than the form's, and how they were read."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for line, places in found.places.items():
        for part, column in ((p, COLUMN_OF[m]) for p in places for m in line.measures):
            if part.has(column) and part.scale(column) != 1 and not part.unit_differs(column):
                named = lines.setdefault((part.grid.name, part.stated_unit(column), line.unit), [])
                named += [line.label] if line.label not in named else []
    for (sheet, stated, due), labels in lines.items():
        yield f"工作表“{sheet}”写明的单位是“{stated}”，{'、'.join(labels)}已换算成“{due}”读取"


def _about_words(form: FormSpec, said: tuple[Statement, ...]) -> Iterator[str]:
    if form.is_county and not said:
        yield "没有填写工作情况，通报中将注明“未报送文字情况”"
    silent = len(form.tasks) - len({s.task for s in said})
    if not form.is_county and silent:
        yield f"牵头的 {len(form.tasks)} 项任务中有 {silent} 项没有填写进展，通报中将注明“未报送文字情况”"
