"""The reporter's own words (文字部分): kept exactly, with their place; marks for nothing are nothing."""

from collections.abc import Iterator

from flows.plan.catalogue import Task, normalize_name
from flows.plan.observation import Statement
from flows.plan.terms import StatementKind
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.form.layout import WORDS, Field
from flows.submissions.formats.grid import Broken, Grid, Place, Raw, address, written
from flows.submissions.reading.cells import is_blank
from flows.submissions.reading.labels import TaskTable, labelled, task_tables

COUNTY_TASK = 0  # a county speaks of its work as a whole
MOST_CHARACTERS = 2_000


def read_words(grids: tuple[Grid, ...], form: FormSpec) -> Iterator[Statement]:
    """A county's three statements, or a department's three for each task it leads."""
    for grid in grids:
        if form.is_county:
            yield from _county_words(grid)
        else:
            for table in task_tables(grid):
                yield from _task_words(table, form.tasks)


def _county_words(grid: Grid) -> Iterator[Statement]:
    for kind, field in WORDS.items():
        for value, place in labelled(grid, field):
            yield from _statement(COUNTY_TASK, kind, value, grid, place)


def _task_words(table: TaskTable, tasks: tuple[Task, ...]) -> Iterator[Statement]:
    titles = {normalize_name(task.title): task.number for task in tasks}
    for row in range(table.head + 1, table.end):
        number = titles.get(normalize_name(table.grid.text((row, table.columns[Field.TASK]))))
        if number is None:
            continue
        for kind, field in WORDS.items():
            if field in table.columns:
                place = (row, table.columns[field])
                yield from _statement(number, kind, table.grid.raw(place), table.grid, place)


def _statement(task: int, kind: StatementKind, value: Raw, grid: Grid, place: Place) -> Iterator[Statement]:
    if isinstance(value, Broken):
        return
    text = "\n".join(line.strip() for line in written(value).splitlines() if line.strip())
    text = "".join(c for c in text if c >= " " or c == "\n")
    if not is_blank(text):
        yield Statement(task, kind, text[:MOST_CHARACTERS], grid.name, address(place))
