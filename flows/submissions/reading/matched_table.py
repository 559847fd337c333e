"""A table as offices arrange it (变式表): the issued form, counties down and indicators across, the reverse, heads of
several rows. Every column is known by all the texts above it, every row by its name; nothing by its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.plan.catalogue import normalize_name
from flows.plan.terms import CITY, Rule
from flows.submissions.form.form_spec import Line
from flows.submissions.form.layout import LABELS, Field
from flows.submissions.formats.grid import Grid, Place, address, is_numeric
from flows.submissions.reading import table_layout
from flows.submissions.reading.heading import (
    ColumnHead,
    HeadingParser,
)
from flows.submissions.reading.labels import labelled, task_tables

VALUES = frozenset({Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL, Field.TARGET, Field.PREVIOUS})
_OF_A_ROW = frozenset({Field.REASON, Field.UNIT, Field.CHOICE, Field.DONE, Field.DONE_ON})
HELD_FIELDS = frozenset({*table_layout.MEASURED, Field.DONE})
_MONTHLY = {Rule.MEAN: Field.IN_MONTH}  # a rate is the month's own
_Key = tuple[Line, int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that is not understood and holds numbers: where it stands, and what of it is left over."""

    place: Place
    text: str
    rest: str


@dataclass(slots=True)
class MatchedTable:
    """A table's cells by what they are. `ours` has a line's cells by the row that names it (-1 where a column does);
    `others` and `sums` are other counties' and total cells; `twice` names cells
    that two columns claim; `unsaid` is true where no head says 本月 or 累计; `doubts` are the texts that hold cells of
    ours; `unread` are columns whose head no word covers, `differing` those of another year, planned or of a part."""

    grid: Grid
    ours: dict[_Key, dict[Field, Place]] = field(default_factory=dict)
    others: dict[tuple[Line, Field], list[Place]] = field(default_factory=dict)
    sums: dict[tuple[Line, Field], Place] = field(default_factory=dict)
    units: dict[tuple[Line, Field], str] = field(default_factory=dict)
    column_units: dict[Field, str] = field(default_factory=dict)
    counties: dict[str, None] = field(default_factory=dict)
    names: dict[_Key, Place] = field(default_factory=dict)
    parts: list[tuple[Line, Field, Place, str]] = field(
        default_factory=list
    )  # 其中 beside ours: only compared
    twice: list[str] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    differing: dict[int, str] = field(default_factory=dict)
    unknown_rows: list[Place] = field(default_factory=list)
    differing_rows: dict[Line, Place] = field(default_factory=dict)
    doubts: dict[tuple[_Key, Field], Doubt] = field(default_factory=dict)
    unsaid: bool = False
    sum_is_ours: bool = False  # 合计 of townships, which no plan names, is the county's own
    has_counties: bool = False

    def cell_of(self, line: Line, kind: Field) -> Place | None:
        """The first place of a line's cell."""
        return next(
            (cells[kind] for (own, _), cells in self.ours.items() if own == line and kind in cells), None
        )


def match_tables(
    grid: Grid, parser: HeadingParser, reporter: str, implied: Field | None
) -> list[MatchedTable]:
    """The sheet's tables as `reporter` means them. `implied` is what a number is where only the title says it."""
    grid = table_layout.rejoin_names(grid, parser)
    aside = {place[0] for f in (Field.REPORTER, Field.MONTH) for _, place in labelled(grid, f)}
    aside |= grid.hidden_rows | {r for table in task_tables(grid) for r in range(table.head, table.end)}
    found = (
        _match(grid, start, [r for r in block if r not in aside], parser, reporter, implied)
        for start, block in table_layout.find_blocks(grid, aside, parser)
    )
    return [table for table in found if table]


def _match(
    grid: Grid, start: int, shown: list[int], parser: HeadingParser, reporter: str, implied: Field | None
) -> MatchedTable | None:
    stub = table_layout.name_column(grid, [r for r in shown if r > start] if start else shown, parser)
    if stub is None:
        return None
    second = table_layout.qualifier_column(grid, shown, stub, parser)
    rows = list(
        table_layout.figure_rows(
            grid, [r for r in shown if r > start] if start else shown, stub, second, parser
        )
    )
    if not rows:
        return None
    heads = table_layout.column_heads(grid, [r for r in shown if r < rows[0].number], stub, parser)
    heads = {c: head for c, head in heads.items() if c != second}
    table = MatchedTable(grid)
    table.unknown_rows = list(table_layout.unknown_rows(grid, shown, stub, rows, heads))
    counties = {row.county for row in rows} | {head.county for head in heads.values()}
    table.has_counties = bool(counties - {None, CITY})
    by_columns = any(head.line for head in heads.values())
    table.sum_is_ours = (
        by_columns and reporter != CITY and not table.has_counties and bool(table.unknown_rows)
    )
    if table.sum_is_ours:
        rows = _without_subtotals(grid, rows)
    for row in rows:
        for column, head in heads.items():
            _place(table, (row.number, column), row, head, reporter, implied)
    _finish(table, rows, heads, reporter)
    kept = table.ours or table.others or table.unsaid or table.differing_rows or by_columns
    return table if kept else None


def _without_subtotals(grid: Grid, rows: list[table_layout.FigureRow]) -> list[table_layout.FigureRow]:
    """Of several sums over townships the one that is of all of them: 合计 beside 小计."""
    whole = [row for row in rows if normalize_name(grid.text((row.number, row.stub))) != "小计"]
    return whole or rows


def _finish(
    table: MatchedTable, rows: list[table_layout.FigureRow], heads: Mapping[int, ColumnHead], reporter: str
) -> None:
    """What only the whole table shows, once every cell has its place."""
    for row in rows:
        if row.name.line and row.line is None:
            table.differing_rows.setdefault(row.name.line, (row.number, row.stub))
    for key, (_, column) in table.sums.items() if table.sum_is_ours else ():
        table.others[key] = [(place[0], column) for place in table.unknown_rows]
    _drop_doubtful_repetitions(table)
    _describe_columns(table, rows, heads)
    _doubt_columns_beside(table, rows, heads)
    _share_reasons(table, rows, heads, reporter)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a cell says it is, by its row and its column."""

    line: Line
    county: str | None
    kind: Field
    place: Place
    row: table_layout.FigureRow
    head: ColumnHead
    doubt: Doubt | None


def _place(
    table: MatchedTable,
    place: Place,
    row: table_layout.FigureRow,
    head: ColumnHead,
    reporter: str,
    implied: Field | None,
) -> None:
    line, county = row.line or head.line, row.county or head.county
    if head.county not in (None, CITY) and row.county:
        return
    if head.county == CITY and (row.county or not table.has_counties):
        county = row.county  # 合计 beside 男 and 女 is all of them
    if line and head.foreign and head.is_part and county in (None, reporter):
        table.parts.append((line, head.field or implied or Field.RUNNING_TOTAL, place, head.texts))
    if (
        line is None
        or head.foreign
        or row.second.differs
        or (row.line and head.line)
        or (row.name.line and row.line is None)
    ):
        return
    kind = _kind(line, row, head, implied)
    if kind is None and head.field is None and _is_figure_head(head):
        table.unsaid = table.unsaid or not head.doubts
    elif kind and kind in VALUES | _OF_A_ROW:
        doubts = [Doubt((row.number, row.stub), row.name.text, row.rest)] if row.rest else []
        doubts += [Doubt(row.section[0], row.section[1], row.section[1])] if row.section else []
        doubts += [Doubt(_head_place(table.grid, place, text), text, rest) for text, rest in head.doubts]
        _assign(table, _Claim(line, county, kind, place, row, head, doubts[0] if doubts else None), reporter)


def _is_figure_head(head: ColumnHead) -> bool:
    return head.line is not None or head.county is not None or head.says_actual


def _head_place(grid: Grid, place: Place, text: str) -> Place:
    """Where the head's text stands: the nearest above the cell, or to the left of there."""
    row, column = place
    above = ((r, c) for r in range(row - 1, -1, -1) for c in range(column, -1, -1))
    return next((at for at in above if grid.text(at) == text.strip()), place)


def _kind(line: Line, row: table_layout.FigureRow, head: ColumnHead, implied: Field | None) -> Field | None:
    """Which of a line's numbers a column holds. A level or a rate has only one, whatever the title says."""
    said = row.second.span or head.field
    if said is Field.DONE and line.rule is not Rule.MILESTONE:
        return implied  # 完成情况 over numbers
    figures = _is_figure_head(head)
    if line.rule in (Rule.LATEST, Rule.MEAN, Rule.SHARE) and said in (None, _MONTHLY.get(line.rule)):
        return Field.LEVEL if figures or said else None
    return said or (implied if figures else None)


def _assign(table: MatchedTable, claim: _Claim, reporter: str) -> None:
    """Give the cell to ours, to another county's or to the sums, which are not loaded: not as a county's, nor as the
    figure that counts a person once."""
    key = claim.line, claim.kind
    if claim.kind in VALUES and claim.county not in (None, CITY):
        table.counties.setdefault(str(claim.county))
    if claim.county == CITY:
        table.sums[key] = claim.place
        if not table.sum_is_ours and (reporter != CITY or claim.line.optional):
            return
    if claim.county in (None, CITY, reporter):
        _ours(table, claim)
    else:
        table.others.setdefault(key, []).append(claim.place)


def _ours(table: MatchedTable, claim: _Claim) -> None:
    """One cell of ours. Of two columns that claim to be the same, the one whose texts are all understood counts."""
    line, kind, row = claim.line, claim.kind, claim.row
    key = line, row.number if row.line and not row.second.span else -1
    own = table.ours.setdefault(key, {})
    table.names.setdefault(key, (row.number, row.stub) if row.line else claim.place)
    if kind in own and kind in VALUES:
        if claim.doubt:
            return
        if (key, kind) in table.doubts:
            del table.doubts[key, kind], own[kind]
        else:
            table.twice.append(f"{line.label}的“{LABELS[kind][0]}”")
    own.setdefault(kind, claim.place)
    if claim.doubt and own[kind] == claim.place and kind in HELD_FIELDS:
        table.doubts[key, kind] = claim.doubt
    own_unit = (row.name.unit if row.line else "") or (claim.head.unit if claim.head.line else "")
    if own_unit:
        table.units[line, kind] = own_unit
    elif claim.head.unit:
        table.column_units[kind] = claim.head.unit


def _drop_doubtful_repetitions(table: MatchedTable) -> None:
    """Where a line stands twice and one of its names is understood whole, the other is another number's."""
    held = {key for key, _ in table.doubts}
    clear = {line for line, row in table.ours if (line, row) not in held}
    for key in held:
        if key[0] in clear:
            del table.ours[key]
            table.doubts = {at: doubt for at, doubt in table.doubts.items() if at[0] != key}


def _describe_columns(
    table: MatchedTable, rows: list[table_layout.FigureRow], heads: Mapping[int, ColumnHead]
) -> None:
    """Which columns are not read though they could be about a line of the form."""
    named = any(row.name.line for row in rows)
    used = {place[1] for cells in table.ours.values() for place in cells.values()}
    for column, head in heads.items():
        if column in used or not (head.line or named):
            continue
        if head.foreign or head.field is Field.TARGET:
            table.differing[column] = head.texts
        elif head.doubts or (
            head.field is None and any(is_numeric(table.grid.raw((row.number, column))) for row in rows)
        ):
            table.unread[column] = head.texts


def _doubt_columns_beside(
    table: MatchedTable, rows: list[table_layout.FigureRow], heads: Mapping[int, ColumnHead]
) -> None:
    """A column of numbers without a head, right of one of ours, may be what its head means: our number is doubted."""
    grid = table.grid
    numbered = {
        column
        for row in rows
        for column in range(row.stub + 1, len(grid.rows[row.number]))
        if row.line and is_numeric(grid.raw((row.number, column)))
    }
    bare = numbered - heads.keys() - grid.hidden_columns
    for key, cells in table.ours.items():
        for kind, place in cells.items():
            column = place[1]
            if column + 1 in bare and column in heads and kind in HELD_FIELDS:
                text = heads[column].texts.rpartition(" ")[2]
                rest = f"右边 {address((0, column + 1))[:-1]} 列没有栏头"
                table.doubts.setdefault((key, kind), Doubt(_head_place(grid, place, text), text, rest))


def _share_reasons(
    table: MatchedTable, rows: list[table_layout.FigureRow], heads: Mapping[int, ColumnHead], reporter: str
) -> None:
    """In a county's own row the remark beside its figures is of them all."""
    places = [
        (row.number, column)
        for row in rows
        for column, head in heads.items()
        if row.county == reporter and head.field is Field.REASON and not head.line
    ]
    for place in places:
        for own in table.ours.values():
            own.setdefault(Field.REASON, place)


def column_list(columns: Mapping[int, str]) -> str:
    """Columns as a sentence names them: C 列“其他”、D 列“备用”."""
    return "、".join(f"{address((0, c))[:-1]} 列“{text[:20]}”" for c, text in columns.items())
