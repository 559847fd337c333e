"""A table as offices arrange it (变式表): the issued form, counties down and indicators across, the reverse, heads of
several rows. Every column is known by all the texts above it, every row by its name; nothing by its address."""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from flows.plan.catalogue import normalize_name
from flows.plan.terms import CITY, Rule
from flows.submissions.form.form_spec import Line
from flows.submissions.form.layout import FOOTER, LABELS, SUMS_UP, WORDS, Field
from flows.submissions.formats.grid import Broken, Grid, Place, address
from flows.submissions.reading.heading import (
    ColumnHead,
    HeadingParser,
    ParsedHeading,
    is_number_or_unit,
    is_part,
)
from flows.submissions.reading.labels import exact_field, labelled
from flows.submissions.reading.vocabulary import DIFFERING, Meaning

_ABOVE = 6  # rows of a head, at most
VALUES = frozenset({Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL, Field.TARGET, Field.PREVIOUS})
_OF_A_ROW = frozenset({Field.REASON, Field.UNIT, Field.CHOICE, Field.DONE, Field.DONE_ON})
_MEASURED = (Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL)
_HELD = frozenset({*_MEASURED, Field.DONE})
_MONTHLY = {Rule.MEAN: Field.IN_MONTH}  # a rate is the month's own
_BELOW = frozenset({*WORDS.values(), *FOOTER})  # no figures below these
_LONGEST_FIELD_TEXT = 30
_SAY_NOTHING = frozenset({Meaning.NEUTRAL, Meaning.TOPIC})
_NOTHING_SAID = ParsedHeading("")
STRUCK = "删除线"
_Key = tuple[Line, int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text that is not understood and holds numbers: where it stands, and what of it is left over."""

    place: Place
    text: str
    rest: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of figures. `second` is what a column beside the names says of it: 本月, 累计, 计划, 上年同期."""

    number: int
    stub: int
    name: ParsedHeading
    county: str | None
    second: ParsedHeading = _NOTHING_SAID
    struck: bool = False

    @property
    def line(self) -> Line | None:
        return None if self.name.differs or self.second.differs else self.name.line

    @property
    def rest(self) -> str:
        return STRUCK if self.struck else self.name.rest


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
    grid = _rejoined(grid, parser)
    aside = {place[0] for f in (Field.REPORTER, Field.MONTH) for _, place in labelled(grid, f)}
    aside |= grid.hidden_rows
    found = (
        _match(grid, start, [r for r in block if r not in aside], parser, reporter, implied)
        for start, block in _blocks(grid, aside, parser)
    )
    return [table for table in found if table]


def _rejoined(grid: Grid, parser: HeadingParser) -> Grid:
    """The sheet with names that were typed into two cells of a row put together in the first."""
    rows = [list(row) for row in grid.rows]
    for row in rows:
        for c in range(len(row) - 1):
            left, right = row[c], row[c + 1]
            if (
                isinstance(left, str)
                and isinstance(right, str)
                and left
                and right
                and len(left + right) < _LONGEST_FIELD_TEXT
            ):
                whole, parts = parser.parse(left + right), (parser.parse(left), parser.parse(right))
                if whole.line and not whole.rest and not any(p.line or p.field for p in parts):
                    row[c], row[c + 1] = left + right, ""
    return grid if rows == grid.rows else replace(grid, rows=rows)


def _blocks(grid: Grid, aside: Set[int], parser: HeadingParser) -> Iterator[tuple[int, range]]:
    """The rows of each table, and the row of its lowest head that is known: where the column of indicators is named,
    until the next such row; or the whole sheet."""
    starts = [r for r in range(len(grid.rows)) if r not in aside and _names_indicators(grid, r)]
    starts = [s for n, s in enumerate(starts) if n == 0 or s > starts[n - 1] + 1]
    ends = [r for r, row in enumerate(grid.rows) if any(_is_below(v) for v in row)]
    edges = sorted({*starts, *ends, len(grid.rows)})
    if not starts:
        yield 0, range(len(grid.rows))
    for start in starts:
        above = start
        while above > 0 and _is_head_row(grid, above - 1) and above - 1 not in aside:
            above -= 1
        yield start, range(above, next(edge for edge in edges if edge > start))


def _names_indicators(grid: Grid, row: int) -> bool:
    fields = [
        exact_field(v) for v in grid.rows[row] if isinstance(v, str) and 0 < len(v) < _LONGEST_FIELD_TEXT
    ]
    return Field.INDICATOR in fields and len(fields) > 1


def _is_below(value: object) -> bool:
    return isinstance(value, str) and exact_field(value.replace(":", "：").partition("：")[0]) in _BELOW


def _match(
    grid: Grid, start: int, shown: list[int], parser: HeadingParser, reporter: str, implied: Field | None
) -> MatchedTable | None:
    stub = _stub(grid, [r for r in shown if r > start] if start else shown, parser)
    if stub is None:
        return None
    second = _second_stub(grid, shown, stub, parser)
    rows = list(_rows(grid, [r for r in shown if r > start] if start else shown, stub, second, parser))
    if not rows:
        return None
    heads = _heads(grid, [r for r in shown if r < rows[0].number], stub, parser)
    heads = {c: head for c, head in heads.items() if c != second}
    table = MatchedTable(grid)
    table.unknown_rows = list(_unknown_rows(grid, shown, stub, rows, heads))
    counties = {row.county for row in rows} | {head.county for head in heads.values()}
    table.has_counties = bool(counties - {None, CITY})
    by_columns = any(head.line for head in heads.values())
    table.sum_is_ours = (
        by_columns and reporter != CITY and not table.has_counties and bool(table.unknown_rows)
    )
    for row in rows:
        if row.name.line and row.line is None:
            table.differing_rows.setdefault(row.name.line, (row.number, stub))
        for column, head in heads.items():
            _place(table, (row.number, column), row, head, reporter, implied)
    _drop_doubtful_repetitions(table)
    _describe_columns(table, rows, heads)
    _share_reasons(table, rows, heads, reporter)
    kept = table.ours or table.others or table.unsaid or table.differing_rows or by_columns
    return table if kept else None


def _stub(grid: Grid, shown: list[int], parser: HeadingParser) -> int | None:
    """The column of the rows' names: the one with the most indicators, counties or sums in it."""
    found: Counter[int] = Counter()
    for row in shown:
        for column, value in enumerate(grid.rows[row]):
            text = value.text if isinstance(value, Broken) else value
            if isinstance(text, str) and text and column not in grid.hidden_columns:
                name = parser.parse(text)
                found[column] += name.is_named or (
                    normalize_name(text) in SUMS_UP and _has_numbers(grid, row)
                )
    return min(found, key=lambda column: (-found[column], column)) if +found else None


def _has_numbers(grid: Grid, row: int) -> bool:
    return any(isinstance(value, int | float) for value in grid.rows[row])


def _second_stub(grid: Grid, shown: list[int], stub: int, parser: HeadingParser) -> int | None:
    """A column between the names and the numbers that says by turns 本月 and 累计, or 计划 and 完成, or of any row
    that it is of another time, planned or of a part."""
    said: dict[int, set[frozenset[Meaning]]] = {}
    for row in shown:
        values = grid.rows[row]
        first = next((c for c, value in enumerate(values) if c != stub and _is_number(value)), 0)
        for column in range(first):
            found = _qualifier(grid.text((row, column)), parser) if column != stub else None
            if found:
                said.setdefault(column, set()).add(found.meanings)
    telling = [c for c, sets in said.items() if len(sets) > 1 or any(s & DIFFERING for s in sets)]
    return min(telling) if telling else None


def _qualifier(text: str, parser: HeadingParser) -> ParsedHeading | None:
    """A text that qualifies a row and names nothing itself."""
    found = parser.parse(text)
    return None if found.rest or found.is_named or not found.meanings - _SAY_NOTHING else found


def _rows(
    grid: Grid, shown: list[int], stub: int, second: int | None, parser: HeadingParser
) -> Iterator[_Row]:
    county: str | None = None
    name = ParsedHeading("")
    for row in shown:
        raw = grid.raw((row, stub))
        text = grid.text((row, stub))
        said = _qualifier(grid.text((row, second)), parser) if second is not None else None
        if text or said is None:
            name = parser.parse(text) if text else ParsedHeading("")
            county = CITY if normalize_name(text) in SUMS_UP else name.county
        if name.line or county:
            struck = isinstance(raw, Broken) and raw.struck
            yield _Row(row, stub, name, county, said or _NOTHING_SAID, struck)


def _heads(grid: Grid, above: list[int], stub: int, parser: HeadingParser) -> dict[int, ColumnHead]:
    """What each column's head says, from the texts in the rows above the first row of figures."""
    band = [r for r in above[-_ABOVE:] if _is_head_row(grid, r)]
    known = (r for r in band if any(_is_known(v, parser) for v in grid.rows[r]))
    band = [r for r in band if r >= next(known, band[0])] if band else []
    width = max((len(row) for row in grid.rows), default=0)
    columns = [c for c in range(width) if c != stub and c not in grid.hidden_columns]
    paths = {c: _path(grid, band, c) for c in columns}
    heads = {c: parser.column([text for text, _ in path]) for c, path in paths.items() if path}
    return {
        c: replace(head, doubts=(*head.doubts, (paths[c][0][0], STRUCK)))
        if any(s for _, s in paths[c])
        else head
        for c, head in heads.items()
    }


def _is_known(value: object, parser: HeadingParser) -> bool:
    parsed = parser.parse(value) if isinstance(value, str) and value else None
    return parsed is not None and bool(
        parsed.is_named or parsed.field or (parsed.meanings and not parsed.rest)
    )


def _is_head_row(grid: Grid, row: int) -> bool:
    """Whether the row is one of a head: several texts, none a label with its value, no figures but column numbers."""
    filled = [value for value in grid.rows[row] if value != ""]
    numbers = [int(v) for v in filled if isinstance(v, int | float)]
    are_years = all(2000 <= n < 2100 for n in numbers)
    are_counted = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    labels = [v for v in filled if isinstance(v, str) and v.replace(":", "：").partition("：")[2]]
    named = [v for v in labels if exact_field(v.replace(":", "：").partition("：")[0])]
    return len(filled) > 1 and (are_years or are_counted) and not named


def _path(grid: Grid, band: list[int], column: int) -> list[tuple[str, bool]]:
    """The texts over a column, bottom first, and whether each is struck through. A text over several columns stands
    in the first of them, and reaches right as far as no text above it begins anew."""
    if not any(grid.text((row, column)) for row in band):
        return []
    texts = []
    for row in reversed(band):
        at = column
        above = [r for r in band if r < row]
        while row != band[-1] and at > 0 and not any(grid.text((r, at)) for r in (*above, row)):
            at -= 1
        raw = grid.raw((row, at))
        texts.append((grid.text((row, at)), isinstance(raw, Broken) and raw.struck))
    return list(dict.fromkeys(pair for pair in texts if pair[0]))


def _unknown_rows(
    grid: Grid, shown: list[int], stub: int, rows: list[_Row], heads: Mapping[int, ColumnHead]
) -> Iterator[Place]:
    """Where rows below the head carry figures under a name that is not known."""
    known = {row.number for row in rows}
    columns = [c for c, head in heads.items() if head.field in _MEASURED or head.line]
    first = rows[0].number
    head_rows = {r for r in shown if r < first and _is_head_row(grid, r)}
    last_head = max(head_rows, default=first - 1)
    for row in shown:
        text = grid.text((row, stub))
        numbers = [v for c in columns if _is_number(v := grid.raw((row, c)))]
        skipped = is_number_or_unit(text) or is_part(text) or any(_is_below(v) for v in grid.rows[row])
        if row not in known and row > last_head and len(text) > 1 and numbers and not skipped:
            yield row, stub


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdigit())


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a cell says it is, by its row and its column."""

    line: Line
    county: str | None
    kind: Field
    place: Place
    row: _Row
    head: ColumnHead
    doubt: Doubt | None


def _place(
    table: MatchedTable, place: Place, row: _Row, head: ColumnHead, reporter: str, implied: Field | None
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
        doubts += [Doubt(_head_place(table.grid, place, text), text, rest) for text, rest in head.doubts]
        _assign(table, _Claim(line, county, kind, place, row, head, doubts[0] if doubts else None), reporter)


def _is_figure_head(head: ColumnHead) -> bool:
    return head.line is not None or head.county is not None or head.says_actual


def _head_place(grid: Grid, place: Place, text: str) -> Place:
    """Where the head's text stands: the nearest above the cell, or to the left of there."""
    row, column = place
    above = ((r, c) for r in range(row - 1, -1, -1) for c in range(column, -1, -1))
    return next((at for at in above if grid.text(at) == text.strip()), place)


def _kind(line: Line, row: _Row, head: ColumnHead, implied: Field | None) -> Field | None:
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
    if claim.county == CITY and not table.sum_is_ours:
        table.sums[key] = claim.place
        if reporter != CITY or claim.line.optional:
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
    if claim.doubt and own[kind] == claim.place and kind in _HELD:
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


def _describe_columns(table: MatchedTable, rows: list[_Row], heads: Mapping[int, ColumnHead]) -> None:
    """Which columns are not read though they could be about a line of the form."""
    named = any(row.name.line for row in rows)
    used = {place[1] for cells in table.ours.values() for place in cells.values()}
    for column, head in heads.items():
        if column in used or not (head.line or named):
            continue
        if head.foreign or head.field is Field.TARGET:
            table.differing[column] = head.texts
        elif head.doubts:
            table.unread[column] = head.texts


def _share_reasons(
    table: MatchedTable, rows: list[_Row], heads: Mapping[int, ColumnHead], reporter: str
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
