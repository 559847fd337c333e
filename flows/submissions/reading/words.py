"""What a reporter says in words: his statements (文字部分), kept exactly with their place, and his reasons for queries of
earlier months (待核实事项的说明), found by 编号 and taken only where they answer something."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flows.plan.catalogue import Task, normalize_name
from flows.plan.observation import Answer, Problem, Question, Statement
from flows.plan.terms import CITY, ReportedBy, StatementKind, Tier
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.form.layout import NO_ANSWER_WORDS, QUESTION_COLUMNS, SHORTEST_ANSWER, WORDS, Field
from flows.submissions.formats.grid import Broken, Grid, Place, Raw, address, bare, written
from flows.submissions.reading.cells import fold, is_blank
from flows.submissions.reading.labels import TaskTable, labelled, task_tables

_NOT_WORDS = re.compile(r"[\W_]+")


def answer_in(reason: str) -> str | None:
    """The reason itself if it says something; None for a blank, 核实无误 and the like, or a word or two."""
    if is_blank(reason):
        return None
    left = _NOT_WORDS.sub("", reason)
    for phrase in NO_ANSWER_WORDS:
        left = left.replace(phrase, "")
    return reason.strip() if len(left) >= SHORTEST_ANSWER else None


COUNTY_TASK = 0  # a county speaks of its work as a whole
MAX_CHARACTERS = 2_000


def read_words(grids: tuple[Grid, ...], form: FormSpec) -> Iterator[Statement]:
    """A county's three statements, or a department's three for each task it leads."""
    for grid in grids:
        if form.is_county:
            for kind, label in WORDS.items():
                for value, place in labelled(grid, label):
                    yield from _statement(COUNTY_TASK, kind, value, grid, place)
        else:
            for table in task_tables(grid):
                yield from _task_words(table, form.tasks)


def _task_words(table: TaskTable, tasks: tuple[Task, ...]) -> Iterator[Statement]:
    titles = {normalize_name(task.title): task.number for task in tasks}
    for row in range(table.head + 1, table.end):
        number = titles.get(normalize_name(table.grid.text((row, table.columns[Field.TASK]))))
        if number is None:
            continue
        for kind, label in WORDS.items():
            if label in table.columns:
                place = (row, table.columns[label])
                yield from _statement(number, kind, table.grid.raw(place), table.grid, place)


def _statement(task: int, kind: StatementKind, value: Raw, grid: Grid, place: Place) -> Iterator[Statement]:
    if isinstance(value, Broken):
        return
    text = "\n".join(line.strip() for line in written(value).splitlines() if line.strip())
    text = "".join(c for c in text if c >= " " or c == "\n")
    if not is_blank(text):
        yield Statement(task, kind, text[:MAX_CHARACTERS], grid.name, address(place))


QuestionsFor = Callable[[Sequence[str]], Mapping[str, Question]]
_NUMBER, _REASON = bare(QUESTION_COLUMNS[0]), bare(QUESTION_COLUMNS[-1])
_REASONS = frozenset({_REASON, "原因说明", "说明(请填写)"})
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SHEET = "请用本单位报表所附的“待核实事项”表，不要改动编号"


@dataclass(slots=True)
class Answers:
    """What the sheets say: reasons taken, entries that could not be, sentences for the receipt."""

    taken: list[Answer] = field(default_factory=list)
    not_taken: list[Problem] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row: its 编号, the reason typed beside it, and the reason's place."""

    number: str
    text: str
    grid: Grid
    place: Place


def no_questions(_: Sequence[str]) -> Mapping[str, Question]:
    """Where nothing is on record."""
    return {}


def is_questions(grid: Grid) -> bool:
    """Whether the sheet is a list of queries to be answered."""
    return _head(grid) is not None


def read_answers(grids: Sequence[Grid], form: FormSpec, questions_for: QuestionsFor) -> Answers:
    """Every entry of every such sheet. Two reasons for one 编号 are one entry too many: the first stands."""
    answers = Answers()
    entries = [entry for grid in grids if grid.visible for entry in _entries(grid)]
    known = questions_for([entry.number for entry in entries]) if entries else {}
    seen: set[str] = set()
    for entry in entries:
        if entry.text and entry.number in seen:
            answers.not_taken.append(
                _fault(entry, form, "每个编号说明一次", "第二次说明", "请把说明合并在一行里")
            )
        elif entry.text:
            seen.add(entry.number)
            _take(answers, entry, form, known.get(entry.number))
    left = sum(not e.text for e in entries if e.number in known)
    if left:
        answers.decisions.append(f"“待核实事项”有 {left} 项没有填写说明，仍列为待核实")
    return answers


def _head(grid: Grid) -> tuple[int, int, int] | None:
    """The row of the head, the column of 编号 and that of the reason."""
    for at, row in enumerate(grid.rows[:20]):
        heads = {bare(value): c for c, value in enumerate(row) if isinstance(value, str)}
        reasons = [heads[name] for name in _REASONS if name in heads]
        if _NUMBER in heads and reasons:
            return at, heads[_NUMBER], reasons[0]
    return None


def _entries(grid: Grid) -> Iterator[_Entry]:
    head = _head(grid)
    if head is None:
        return
    row, number, reason = head
    for at in range(row + 1, len(grid.rows)):
        typed, text = fold(grid.text((at, number))), _CONTROL.sub("", grid.text((at, reason)))
        text = "" if is_blank(text) else text.strip()[:MAX_CHARACTERS]
        if typed or text:
            yield _Entry(typed, text, grid, (at, reason))


def _take(answers: Answers, entry: _Entry, form: FormSpec, asked: Question | None) -> None:
    """Take a reason, or say why it is none. One for a version no longer in force holds for the same question of
    the next, so it is taken too."""
    if asked is None:
        fault = ("下发的编号", entry.number or "空白", _SHEET)
    elif asked.reporter != form.reporter.id:
        fault = ("本单位事项的编号", f"其他单位的编号 {asked.number}", _SHEET)
    elif asked.tier is Tier.ERROR:
        fault = (
            "待核实事项的编号",
            f"需要改正的事项 {asked.number}",
            "请改正该月报表后重新报送，不能只作说明",
        )
    elif answer_in(entry.text) is None:
        fault = ("具体原因（写“核实无误”不算说明）", entry.text, "请写清楚为什么是这个数")
    else:
        answers.taken.append(Answer(asked.number, entry.text))
        return
    answers.not_taken.append(_fault(entry, form, *fault))


def _fault(entry: _Entry, form: FormSpec, expected: str, found: str, remedy: str) -> Problem:
    own = form.reporter.id if form.reporter.kind is ReportedBy.COUNTY else CITY
    return Problem(
        rule="answer_not_taken", tier=Tier.QUERY, county=own, indicator="", measure="", sheet=entry.grid.name,
        cell=address(entry.place), subject=f"编号 {entry.number or '空白'} 的说明", expected=expected, found=found,
        remedy=remedy, values=(entry.number, entry.text),
    )  # fmt: skip
