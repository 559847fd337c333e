"""Where on a sheet a table's rows and heads are (表的结构): its blocks, the column of names, what qualifies a row, the
texts over each column."""

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from flows.plan.catalogue import normalize_name
from flows.plan.terms import CITY
from flows.submissions.form.form_spec import Line
from flows.submissions.form.layout import FOOTER, SUMS_UP, WORDS, Field
from flows.submissions.formats.grid import Broken, Grid, Place, is_numeric, written
from flows.submissions.reading.heading import (
    ColumnHead,
    HeadingParser,
    ParsedHeading,
    is_number_or_unit,
    is_part,
)
from flows.submissions.reading.labels import exact_field
from flows.submissions.reading.vocabulary import DIFFERING, Meaning

MEASURED = (Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL)
STRUCK = "删除线"
_ABOVE = 6  # rows of a head, at most
_BELOW = frozenset({*WORDS.values(), *FOOTER})  # no figures below these
_LONGEST_FIELD_TEXT = 30
_SAY_NOTHING = frozenset({Meaning.NEUTRAL, Meaning.TOPIC})
_NOTHING_SAID = ParsedHeading("")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row of figures. `second` is what a column beside the names says of it: 本月, 累计, 计划, 上年同期."""

    number: int
    stub: int
    name: ParsedHeading
    county: str | None
    second: ParsedHeading = _NOTHING_SAID
    struck: bool = False
    section: tuple[Place, str] | None = None  # a heading over it of another time, planned or of a part

    @property
    def line(self) -> Line | None:
        """The line it names; none where its texts say that it is another time's, planned or of a part."""
        return None if self.name.differs or self.second.differs else self.name.line

    @property
    def rest(self) -> str:
        """What of its name is not understood."""
        return STRUCK if self.struck else self.name.rest


def rejoin_names(grid: Grid, parser: HeadingParser) -> Grid:
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


def find_blocks(grid: Grid, aside: Set[int], parser: HeadingParser) -> Iterator[tuple[int, range]]:
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


def name_column(grid: Grid, shown: list[int], parser: HeadingParser) -> int | None:
    """The column of the rows' names: the one with the most indicators, counties or sums in it."""
    found: Counter[int] = Counter()
    for row in shown:
        for column, value in enumerate(grid.rows[row]):
            text = value.text if isinstance(value, Broken) else value
            if isinstance(text, str) and text and column not in grid.hidden_columns:
                name = parser.parse(text)
                found[column] += name.is_named or (
                    normalize_name(text) in SUMS_UP and any(map(is_numeric, grid.rows[row]))
                )
    return min(found, key=lambda column: (-found[column], column)) if +found else None


def qualifier_column(grid: Grid, shown: list[int], stub: int, parser: HeadingParser) -> int | None:
    """A column between the names and the numbers that says by turns 本月 and 累计, or 计划 and 完成, or of any row
    that it is of another time, planned or of a part."""
    said: dict[int, set[frozenset[Meaning]]] = {}
    for row in shown:
        values = grid.rows[row]
        first = next((c for c, value in enumerate(values) if c != stub and is_numeric(value)), 0)
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


def figure_rows(
    grid: Grid, shown: list[int], stub: int, second: int | None, parser: HeadingParser
) -> Iterator[FigureRow]:
    """The rows that name an indicator or a county, a name that spans several rows carried down."""
    county: str | None = None
    name = ParsedHeading("")
    section: tuple[Place, str] | None = None
    for row in shown:
        alone = [(c, value) for c, value in enumerate(grid.rows[row]) if value != ""]
        if len(alone) == 1 and isinstance(alone[0][1], str) and not (is_part(alone[0][1]) and name.line):
            section = _section((row, alone[0][0]), alone[0][1], section, parser)
        raw = grid.raw((row, stub))
        text = grid.text((row, stub))
        said = _qualifier(grid.text((row, second)), parser) if second is not None else None
        if text or said is None:
            name = parser.parse(text) if text else ParsedHeading("")
            county = CITY if normalize_name(text) in SUMS_UP else name.county
        if name.line or county:
            struck = isinstance(raw, Broken) and raw.struck
            yield FigureRow(row, stub, name, county, said or _NOTHING_SAID, struck, section)


def _section(
    place: Place, text: str, before: tuple[Place, str] | None, parser: HeadingParser
) -> tuple[Place, str] | None:
    """The heading that changes what the rows below it are, as they say: 2024年, 女性, but not 城镇就业."""
    heading = parser.parse(text)
    if heading.is_named:
        return before
    is_topic = Meaning.TOPIC in heading.meanings and heading.meanings & DIFFERING == {Meaning.PART}
    return (place, text) if heading.differs and not is_topic else None


def column_heads(grid: Grid, above: list[int], stub: int, parser: HeadingParser) -> dict[int, ColumnHead]:
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
    numerals = [written(v) for v in filled if is_numeric(v)]
    numbers = [int(text) if text.isdecimal() else -1 for text in numerals]
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


def unknown_rows(
    grid: Grid, shown: list[int], stub: int, rows: list[FigureRow], heads: Mapping[int, ColumnHead]
) -> Iterator[Place]:
    """Where rows below the head carry figures under a name that is not known."""
    known = {row.number for row in rows}
    columns = [c for c, head in heads.items() if head.field in MEASURED or head.line]
    first = rows[0].number
    head_rows = {r for r in shown if r < first and _is_head_row(grid, r)}
    last_head = max(head_rows, default=first - 1)
    for row in shown:
        text = grid.text((row, stub))
        numbers = [c for c in columns if is_numeric(grid.raw((row, c)))]
        skipped = is_number_or_unit(text) or is_part(text) or any(_is_below(v) for v in grid.rows[row])
        if row not in known and row > last_head and len(text) > 1 and numbers and not skipped:
            yield row, stub
