"""Where on the sheets each asked line stands (找行): by the name in its row, whatever the order."""

from dataclasses import dataclass, field

from flows.plan.catalogue import Catalogue, normalize_name
from flows.plan.terms import CITY
from flows.submissions.checks.table_rules import total_not_sum
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import SUMS_UP, Field
from flows.submissions.formats.grid import Grid, address
from flows.submissions.formats.opened import UnreadableError
from flows.submissions.reading.labels import Table, is_plain, tables
from flows.submissions.reading.matched_table import Arranged, arranged
from flows.submissions.reading.row import Filled
from flows.submissions.reading.sheet_identity import titles
from flows.submissions.reading.spelling import Spelling, unit_in
from flows.submissions.reading.units import note_units

_MEASURED = (Field.RUNNING_TOTAL, Field.LEVEL, Field.IN_MONTH)


@dataclass(slots=True)
class Found:
    """The asked lines on the sheets, each with every place it stands at; and where rows stand that nobody
    asked for (what they say is not repeated: it may be about persons)."""

    places: dict[Line, list[Filled]] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    tables: int = 0
    arranged: list[Arranged] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)


def find_lines(grids: tuple[Grid, ...], form: FormSpec, catalogue: Catalogue, is_part: bool) -> Found:
    """Every row of every table whose name is one of the form's; UnreadableError for a table that can be read
    in two ways. `is_part`: the others' rows are read as theirs."""
    found, spelling = Found(), Spelling(form, catalogue)
    for grid in grids:
        own = tables(grid)
        if own and all(is_plain(table) for table in own):
            for table in own:
                _take(table, found, spelling)
        else:
            _take_arranged(grid, found, spelling, is_part)
    return found


def _take(table: Table, found: Found, spelling: Spelling) -> None:
    found.tables += 1
    heads = (table.grid.text((table.head, table.columns[f])) for f in _MEASURED if f in table.columns)
    noted = tuple(unit for head in heads if (unit := unit_in(head))) or note_units(table.grid)
    for row in range(table.head + 1, table.end):
        at = row, table.columns[Field.INDICATOR]
        name = table.grid.text(at)
        line = spelling.line(name)
        if line:
            cells = {f: (row, column) for f, column in table.columns.items()}
            found.places.setdefault(line, []).append(
                Filled(line, table.grid, at, cells, unit_in(name), noted)
            )
        elif _carries_numbers(table, row) and normalize_name(name) not in SUMS_UP:
            found.unasked.append(f"{table.grid.name}!{address(at)}")


def _take_arranged(grid: Grid, found: Found, spelling: Spelling, is_part: bool) -> None:
    form = spelling.form
    title = next((text for text in (*titles(grid), grid.name) if spelling.says_running_total(text)), None)
    whose = form.reporter.id if form.is_county else CITY
    table = arranged(grid, spelling, whose, Field.RUNNING_TOTAL if title else None)
    if table is None:
        return
    _refuse_what_can_be_read_two_ways(table)
    found.tables += 1
    found.arranged.append(table)
    noted = note_units(grid)
    for line, cells in table.ours.items():
        if cells.keys() & {Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL, Field.DONE}:
            filled = Filled(line, grid, table.names[line], cells, table.units.get(line, ""), noted)
            found.places.setdefault(line, []).append(filled)
    found.decisions += _how(table, form, title, is_part)


def _refuse_what_can_be_read_two_ways(table: Arranged) -> None:
    if table.unsaid:
        raise UnreadableError(
            f"工作表“{table.grid.name}”的表头没有写明是“本月”数还是“累计”数",
            "请在表头写明“本月”“累计”后重新报送。",
        )
    if table.twice:
        raise UnreadableError(
            f"工作表“{table.grid.name}”里{'、'.join(dict.fromkeys(table.twice[:3]))}有两栏，不知以哪一栏为准",
            "请删去多余的栏，或者在表头写明各栏是哪一年、哪个月的，再重新报送。",
        )


def _how(table: Arranged, form: FormSpec, title: str | None, is_part: bool) -> list[str]:
    said = []
    name, own = table.grid.name, form.reporter.name
    others = [county for county in table.counties if county != form.reporter.id]
    if others and form.is_county and not is_part:
        said.append(f"工作表“{name}”有 {len(table.counties)} 个旗县市区的数，只采用{own}的，其余没有读取")
    if table.sums and not form.is_county:
        said.append(f"工作表“{name}”的全市数按合计一行（栏）读取，各地的数只用来核对")
    elif table.sums:
        said.append(f"工作表“{name}”的合计只用来核对，没有读取")
    if is_part:
        said += [f"{p.place} {p.said}；请汇总的单位核对" for p in total_not_sum(table)]
    if table.unread:
        heads = "、".join(f"{address((0, c))[:-1]} 列“{text[:20]}”" for c, text in table.unread.items())
        said.append(f"工作表“{name}”的 {heads} 不是应报的栏目，没有读取")
    stated = any(Field.IN_MONTH in cells for cells in table.ours.values())
    if title and not stated:
        said.append(f"工作表“{name}”的数按标题“{title[:40]}”作为年初至今累计读取")
    return said


def _carries_numbers(table: Table, row: int) -> bool:
    """Whether something was typed in: titles and column numbers are no rows."""
    typed = [
        table.grid.raw((row, table.columns[f]))
        for f in (Field.RUNNING_TOTAL, Field.LEVEL)
        if f in table.columns
    ]
    return len(table.grid.text((row, table.columns[Field.INDICATOR]))) > 1 and any(
        isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdigit()) for value in typed
    )
