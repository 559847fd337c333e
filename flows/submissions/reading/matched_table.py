"""A table arranged otherwise than the form (变式表): counties down and indicators across, the reverse, heads of
several rows. Every column is known by the texts above it, every row by its name; nothing by its address."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flows.plan.catalogue import normalize_name
from flows.plan.terms import CITY, Rule
from flows.submissions.form.form_spec import Line
from flows.submissions.form.layout import LABELS, NOT_READ, SUMS_UP, Field
from flows.submissions.formats.grid import Grid, Place, bare
from flows.submissions.reading.labels import labelled
from flows.submissions.reading.spelling import Spelling, is_number_or_unit, is_part, unit_in

_ABOVE = 6  # rows of a head, at most
_VALUES = frozenset({Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL, Field.TARGET, Field.PREVIOUS})
_OF_A_ROW = frozenset({Field.REASON, Field.UNIT, Field.CHOICE, Field.DONE, Field.DONE_ON})
_MONTHLY = {Rule.MEAN: Field.IN_MONTH}  # a rate is the month's own


@dataclass(slots=True)
class Said:
    """What the texts of a column's head, or a row's name, say. `foreign`: of something nobody asked for."""

    line: Line | None = None
    county: str | None = None
    field: Field | None = None
    unit: str = ""
    foreign: bool = False
    unknown: str = ""  # a head that no spelling covers


@dataclass(slots=True)
class Arranged:
    """A sheet's cells by what they are. `others` and `sums` are other counties' and total cells; `twice`
    names cells that two columns claim; `unsaid` is true where no head says 本月 or 累计."""

    grid: Grid
    ours: dict[Line, dict[Field, Place]] = field(default_factory=dict)
    others: dict[tuple[Line, Field], list[Place]] = field(default_factory=dict)
    sums: dict[tuple[Line, Field], Place] = field(default_factory=dict)
    units: dict[Line, str] = field(default_factory=dict)
    counties: dict[str, None] = field(default_factory=dict)
    names: dict[Line, Place] = field(default_factory=dict)
    parts: list[tuple[Line, Field, Place, str]] = field(
        default_factory=list
    )  # 其中 beside ours: only compared
    twice: list[str] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)  # columns whose head no spelling covers
    unsaid: bool = False
    by_county: bool = False


def arranged(grid: Grid, spelling: Spelling, reporter: str, implied: Field | None) -> Arranged | None:
    """The sheet's table as `reporter` means it; None where it has none. `implied` is what a number is where
    only the title says it."""
    aside = {place[0] for f in (Field.REPORTER, Field.MONTH) for _, place in labelled(grid, f)}
    stub = _stub(grid, spelling, aside)
    if stub is None:
        return None
    rows = [
        (r, said) for r in range(len(grid.rows)) if r not in aside and (said := _row(grid, r, stub, spelling))
    ]
    heads = _heads(grid, rows[0][0], stub, aside, spelling)
    table = Arranged(grid, by_county=any(said.county for _, said in rows))
    for row, said in rows:
        for column, head in heads.items():
            _place(table, (row, column), said, head, reporter, implied)
        if said.line in table.ours:
            table.names[said.line] = row, stub
    table.unread = {c: head.unknown for c, head in heads.items() if head.unknown and _is_asked(rows, head)}
    _share_reasons(table, rows, heads, reporter)
    return table if table.ours or table.others or table.unsaid else None


def _is_asked(rows: list[tuple[int, Said]], head: Said) -> bool:
    """Whether the column could be about a line of the form."""
    return head.line is not None or any(said.line for _, said in rows)


def _stub(grid: Grid, spelling: Spelling, aside: set[int]) -> int | None:
    """The column of the rows' names: the one with the most indicators or counties in it."""
    found: Counter[int] = Counter()
    for (row, column), text in grid.texts():
        if row not in aside and (spelling.line(text) or spelling.county(text)):
            found[column] += 1
    return min(found, key=lambda column: (-found[column], column)) if found else None


def _row(grid: Grid, row: int, stub: int, spelling: Spelling) -> Said | None:
    text = grid.text((row, stub))
    line, county = spelling.line(text), spelling.county(text)
    if line is None and county is None and normalize_name(text) in SUMS_UP:
        county = CITY
    return Said(line, county, unit=unit_in(text)) if line or county else None


def _heads(grid: Grid, first: int, stub: int, aside: set[int], spelling: Spelling) -> dict[int, Said]:
    """What each column's head says, from the texts in the rows above the first row of figures."""
    band = [r for r in range(max(0, first - _ABOVE), first) if r not in aside and _filled(grid, r) > 1]
    width = max((len(row) for row in grid.rows), default=0)
    paths = {c: _path(grid, band, c) for c in range(width) if c != stub}
    return {c: _column(path, spelling) for c, path in paths.items() if path}


def _filled(grid: Grid, row: int) -> int:
    return sum(value != "" for value in grid.rows[row])


def _path(grid: Grid, band: list[int], column: int) -> list[str]:
    """The texts over a column, bottom first. A text over several columns stands in the first of them, and
    reaches right as far as no text above it begins anew."""
    if not any(grid.text((row, column)) for row in band):
        return []
    texts = []
    for row in reversed(band):
        at = column
        above = [r for r in band if r < row]
        while row != band[-1] and at > 0 and not any(grid.text((r, at)) for r in (*above, row)):
            at -= 1
        texts.append(grid.text((row, at)))
    return list(dict.fromkeys(text for text in texts if text))


def _column(path: list[str], spelling: Spelling) -> Said:
    said = Said(foreign=any(word in bare(text) for text in path for word in NOT_READ))
    for text in path:
        said.unit = said.unit or unit_in(text)
        if is_number_or_unit(text):
            continue
        found, line, county = spelling.field(text), spelling.line(text), spelling.county(text)
        if normalize_name(text) in SUMS_UP:
            county = CITY
        line, found = (not found and spelling.joined(text)) or (line, found)
        if not (found or line or county) and not (said.field or said.line or said.county):
            said.unknown = "" if said.foreign else text
            said.foreign = True  # below or beside what was asked: 其中女性
        said.foreign = said.foreign or spelling.elsewhen(text)
        said.field = said.field or found
        said.line, said.county = said.line or line, said.county or county
    return said


def _place(
    table: Arranged, place: Place, row: Said, head: Said, reporter: str, implied: Field | None
) -> None:
    line, county = row.line or head.line, row.county or head.county
    if line and head.foreign and is_part(head.unknown) and county in (None, reporter):
        table.parts.append((line, head.field or implied or Field.RUNNING_TOTAL, place, head.unknown))
    if line is None or head.foreign or (row.county and head.county) or (row.line and head.line):
        return
    kind = _kind(line, head, implied)
    if kind is None and head.field is None and (head.line is not None or head.county is not None):
        table.unsaid = True
    elif kind in _VALUES | _OF_A_ROW:
        _assign(table, line, kind, place, row, head, reporter)


def _kind(line: Line, head: Said, implied: Field | None) -> Field | None:
    """Which of a line's numbers a column holds. A level or a rate has only one, whatever the title says."""
    if line.rule in (Rule.LATEST, Rule.MEAN, Rule.SHARE) and head.field in (None, _MONTHLY.get(line.rule)):
        return Field.LEVEL if head.line or head.county or head.field else None
    return head.field or implied


def _assign(
    table: Arranged, line: Line, kind: Field, place: Place, row: Said, head: Said, reporter: str
) -> None:
    county = row.county or head.county
    if kind in _VALUES and county and county != CITY:
        table.counties.setdefault(county)
    if county == CITY:
        table.sums[line, kind] = place
        if reporter != CITY or line.optional:
            return  # a sum is not loaded: not as a county's, nor as the figure that counts a person once
    if county in (None, reporter):
        _ours(table, line, kind, place, row, head)
    else:
        table.others.setdefault((line, kind), []).append(place)


def _ours(table: Arranged, line: Line, kind: Field, place: Place, row: Said, head: Said) -> None:
    own = table.ours.setdefault(line, {})
    if kind in own and kind in _VALUES:
        table.twice.append(f"{line.label}的“{LABELS[kind][0]}”")
    own.setdefault(kind, place)
    table.names.setdefault(line, place)
    if kind in _VALUES and (unit := head.unit or row.unit):
        table.units[line] = unit


def _share_reasons(
    table: Arranged, rows: list[tuple[int, Said]], heads: Mapping[int, Said], reporter: str
) -> None:
    """In a county's own row the remark beside its figures is of them all."""
    for place in _reasons(rows, heads, reporter):
        for own in table.ours.values():
            own.setdefault(Field.REASON, place)


def _reasons(rows: list[tuple[int, Said]], heads: Mapping[int, Said], reporter: str) -> Iterator[Place]:
    for row, said in rows:
        for column, head in heads.items():
            if said.county == reporter and head.field is Field.REASON and not head.line:
                yield row, column
