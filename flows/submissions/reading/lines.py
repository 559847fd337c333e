"""Where on the sheets each asked line stands (找行): by the name in its row or over its column, whatever the order."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.plan.catalogue import Catalogue
from flows.plan.terms import CITY
from flows.submissions.checks.report_rules import total_not_sum
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import Field
from flows.submissions.formats.grid import Grid, Place, UnreadableError, address
from flows.submissions.reading import titles as title_texts
from flows.submissions.reading.heading import HeadingParser
from flows.submissions.reading.matched_table import Doubt, MatchedTable, column_list, match_tables
from flows.submissions.reading.row import FormRow
from flows.submissions.reading.units import stated_units

_MEASURED = frozenset({Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL, Field.DONE})


@dataclass(slots=True)
class FoundLines:
    """The asked lines on the sheets, each with every place it stands at; rows whose name is not known; the tables;
    what of heads and titles is not understood."""

    places: dict[Line, list[FormRow]] = field(default_factory=dict)
    unknown_rows: list[tuple[Grid, Place]] = field(default_factory=list)
    differing_rows: dict[Line, tuple[Grid, Place]] = field(default_factory=dict)
    tables: list[MatchedTable] = field(default_factory=list)
    doubts: list[tuple[Grid, Doubt]] = field(default_factory=list)
    title_doubts: list[tuple[Grid, title_texts.TitleDoubt]] = field(default_factory=list)
    notes: list[tuple[Grid, Place, str]] = field(default_factory=list)
    annotations: list[tuple[Grid, title_texts.Annotation]] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)


def find_lines(grids: tuple[Grid, ...], form: FormSpec, catalogue: Catalogue, is_part: bool) -> FoundLines:
    """Every cell of every table that is one of the form's; UnreadableError for a table that can be read in two ways.
    `is_part`: the others' rows are read as theirs."""
    found, parser = FoundLines(), HeadingParser(form, catalogue)
    for grid in grids:
        title = next(
            (
                text
                for text in (*title_texts.titles(grid), grid.name)
                if title_texts.says_running_total(text, parser)
            ),
            None,
        )
        whose = form.reporter.id if form.is_county else CITY
        tables = match_tables(grid, parser, whose, Field.RUNNING_TOTAL if title else None)
        compared = any(table.differing for table in tables)
        doubts = (
            [d for d in title_texts.title_doubts(grid, parser) if not (compared and d.is_comparison)]
            if tables
            else []
        )
        found.title_doubts += [(grid, doubt) for doubt in doubts]
        beside = list(title_texts.annotations(grid, tables, parser))
        found.annotations += [(grid, one) for one in beside]
        notes = [
            note
            for note in title_texts.qualifying_notes(grid, parser)
            if not title_texts.claims_another_meaning(note[1], parser)
        ]
        found.notes += [(grid, place, text) for place, text in notes if tables]
        for table in tables:
            _refuse_what_can_be_read_two_ways(table)
            _take(table, found, parser, bool(doubts), [one for one in beside if one.holds])
        found.decisions += [said for table in tables for said in _how(table, form, title, is_part)]
        found.decisions += _hidden(grid, tables)
    return found


def _take(
    table: MatchedTable,
    found: FoundLines,
    parser: HeadingParser,
    held: bool,
    beside: list[title_texts.Annotation],
) -> None:
    found.tables.append(table)
    noted = stated_units(table.grid, parser.catalogue)
    for (line, row), cells in table.ours.items():
        if cells.keys() & _MEASURED:
            unclear = frozenset(kind for key, kind in table.doubts if key == (line, row))
            units = {kind: unit for (one, kind), unit in table.units.items() if one == line}
            unclear |= {field for one in beside for field in title_texts.touched(one, cells, table)}
            remark = table.grid.text(cells[Field.REASON]) if Field.REASON in cells else ""
            if remark and title_texts.denies_number(remark, line.unit, parser):
                found.annotations.append(
                    (
                        table.grid,
                        title_texts.Annotation(title_texts.REMARK, cells[Field.REASON], remark, holds=True),
                    )
                )
                unclear |= _MEASURED
            name, whole = table.names[line, row], _MEASURED if held else unclear
            found.places.setdefault(line, []).append(
                FormRow(line, table.grid, name, cells, units, table.column_units, noted, whole)
            )
    found.doubts += [(table.grid, doubt) for doubt in dict.fromkeys(table.doubts.values())]
    found.unknown_rows += [(table.grid, place) for place in table.unknown_rows if not table.sum_is_ours]
    for line, place in table.differing_rows.items():
        found.differing_rows.setdefault(line, (table.grid, place))


def _refuse_what_can_be_read_two_ways(table: MatchedTable) -> None:
    if table.unsaid and not table.ours:
        raise UnreadableError(
            f"工作表“{table.grid.name}”的表头没有写明是“本月”数还是“累计”数",
            "请在表头写明“本月”“累计”后重新报送。",
        )
    if table.twice:
        raise UnreadableError(
            f"工作表“{table.grid.name}”里{'、'.join(dict.fromkeys(table.twice[:3]))}有两栏，不知以哪一栏为准",
            "请删去多余的栏，或者在表头写明各栏是哪一年、哪个月的，再重新报送。",
        )


def _how(table: MatchedTable, form: FormSpec, title: str | None, is_part: bool) -> Iterator[str]:
    name, own = table.grid.name, form.reporter.name
    others = [county for county in table.counties if county != form.reporter.id]
    if others and form.is_county and not is_part:
        yield f"工作表“{name}”有 {len(table.counties)} 个旗县市区的数，只采用{own}的，其余没有读取"
    if table.sums and not form.is_county:
        yield f"工作表“{name}”的全市数按合计一行（栏）读取，各地的数只用来核对"
    elif table.sums and not table.sum_is_ours:
        yield f"工作表“{name}”的合计只用来核对，没有读取"
    if table.sum_is_ours:
        yield f"工作表“{name}”各行是苏木乡镇（街道），{own}的数按合计一行读取"
    if is_part:
        yield from (f"{p.place} {p.description}；请汇总的单位核对" for p in total_not_sum(table))
    if table.unread and any(cells.keys() & _MEASURED for cells in table.ours.values()):
        yield f"工作表“{name}”的 {column_list(table.unread)} 不是应报的栏目，没有读取"
    stated = any(Field.IN_MONTH in cells for cells in table.ours.values())
    if title and table.ours and not stated:
        yield f"工作表“{name}”的数按标题“{title[:40]}”作为年初至今累计读取"


def _hidden(grid: Grid, tables: list[MatchedTable]) -> Iterator[str]:
    """Hidden rows and columns with something in them, which nobody sees and nobody read."""
    width = max((len(row) for row in grid.rows), default=0)
    rows = [r for r in sorted(grid.hidden_rows) if r < len(grid.rows) and any(v != "" for v in grid.rows[r])]
    columns = [
        c
        for c in sorted(grid.hidden_columns)
        if c < width and any(grid.text((r, c)) for r in range(len(grid.rows)))
    ]
    if tables and (rows or columns):
        places = [f"第 {r + 1} 行" for r in rows[:5]] + [f"{address((0, c))[:-1]} 列" for c in columns[:5]]
        more = "等" if len(rows) > 5 or len(columns) > 5 else ""
        yield f"工作表“{grid.name}”隐藏的{'、'.join(places)}{more}没有读取；要报的数请取消隐藏后重新报送"
