"""A received file → what it says (读表): grids, then labels, then rows, then checks; of a file that gathers several reporters'
reports (汇总文件) its parts. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Observation, Problem, Reading, Refusal
from flows.plan.policy import Checks
from flows.plan.terms import CITY, Measure, State
from flows.submissions.checks import text_rules
from flows.submissions.checks.report_rules import (
    Report,
    judge_report,
    part_above_its_line,
    part_columns_above_their_line,
    total_not_sum,
)
from flows.submissions.checks.run import judge
from flows.submissions.form.form_spec import FormSpec, Prior, form_spec
from flows.submissions.form.layout import COLUMN_OF, Field
from flows.submissions.formats.grid import Grid, Member, Opened, UnreadableError
from flows.submissions.formats.package import ZIP
from flows.submissions.formats.sandbox import open_in_sandbox, unpack_in_sandbox
from flows.submissions.reading.head import Head, read_heads
from flows.submissions.reading.labels import respelled
from flows.submissions.reading.lines import FoundLines, find_lines
from flows.submissions.reading.remarks import remarks, withheld
from flows.submissions.reading.row import FormRow, Row
from flows.submissions.reading.words import QuestionsFor, is_questions, no_questions, read_answers, read_words
from flows.submissions.receipts.receipt import is_receipt

KnownFor = Callable[[str, str], Prior]
BLANK = Refusal(
    "报表是空的：没有填任何数，也没有写工作情况",
    "请填写后重新报送；确实没有数的，填 0 或选“零”“不适用”。",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One report of a file and the sheets it stands on. `reporter` is empty where the file is that one report; where
    it is named, somebody gathered the file, and the report is not known to be the reporter's own."""

    reporter: str
    outcome: Reading | Refusal
    grids: tuple[Grid, ...] = ()


def with_notes(parts: Sequence[Part], catalogue: Catalogue) -> tuple[Part, ...]:
    """The parts that say anything, each accepted one with the sentence on how it was taken; an empty form in a
    gathered file is nobody's report."""
    filled = [part for part in parts if part.outcome != BLANK]
    if not filled:
        return (Part("", BLANK),)
    names = "、".join(catalogue.name_of(part.reporter) for part in filled)
    empty = "、".join(catalogue.name_of(part.reporter) for part in parts if part.outcome == BLANK)
    return tuple(replace(part, outcome=_noted(part, names, len(filled), empty, catalogue)) for part in filled)


def _noted(part: Part, names: str, count: int, empty: str, catalogue: Catalogue) -> Reading | Refusal:
    if isinstance(part.outcome, Refusal):
        return part.outcome
    own = catalogue.name_of(part.reporter)
    said = [
        f"本文件是汇总文件，有 {count} 个单位的报表（{names}），逐一登记；本回执只答复{own}的部分",
        f"这一份不是{own}单独报送的：先按{own}的报表采用，{own}自己报送后以其报送的为准",
    ]
    said += [f"文件里{empty}的部分是空的，没有登记，仍按未报处理"] if empty else []
    return replace(part.outcome, decisions=(*said, *part.outcome.decisions))


def beside(known_for: KnownFor, before: Sequence[Part]) -> KnownFor:
    """What is known in force and, of the month itself, what the parts before this one say of their counties."""

    def known(reporter: str, month: str) -> Prior:
        return {**known_for(reporter, month), **dict(_running_totals(before, reporter, month))}

    return known


def _running_totals(
    parts: Sequence[Part], reporter: str, month: str
) -> Iterator[tuple[tuple[str, str], KnownTotals]]:
    for part in parts:
        if isinstance(part.outcome, Reading) and part.outcome.month == month:
            for o in part.outcome.observations:
                if o.measure is Measure.RUNNING_TOTAL and o.county not in (reporter, CITY):
                    yield (o.county, o.indicator), KnownTotals(None, None, current=o.value)


_UNKNOWN = KnownTotals(None, None)
_BESIDE = {Field.CHOICE, Field.REASON, Field.DONE_ON, Field.UNIT}  # what says more of a number in its row


def read(
    name: str,
    content: bytes,
    catalogue: Catalogue,
    known_for: KnownFor,
    questions_for: QuestionsFor = no_questions,
) -> Reading | Refusal:
    """Understand one report, or say why not. `known_for(reporter, month)` gives what is in force around it."""
    opened = open_or_refuse(name, content)
    if isinstance(opened, Refusal):
        return opened
    parts = understand(name, opened, catalogue, known_for, questions_for)
    if len(parts) > 1:
        return Refusal("文件里有几个单位的报表", "请逐一读取。")
    return parts[0].outcome


def open_or_refuse(name: str, content: bytes) -> Opened | Refusal:
    """Open a file apart from the program, or say why it is not opened."""
    try:
        return open_in_sandbox(name, content)
    except UnreadableError as fault:
        return Refusal(fault.reason, fault.remedy)


def unpack_or_refuse(content: bytes) -> list[Member] | Refusal:
    """The files of a package, none where it is a single report; or why it may not be unpacked."""
    try:
        return unpack_in_sandbox(content) if content.startswith(ZIP) else []
    except UnreadableError as fault:
        return Refusal(fault.reason, fault.remedy)


def understand(
    name: str,
    opened: Opened,
    catalogue: Catalogue,
    known_for: KnownFor,
    questions_for: QuestionsFor = no_questions,
) -> tuple[Part, ...]:
    """What an opened file says by this plan: one report, or one a reporter where several were gathered. A receipt
    that comes back in it is no report."""
    opened = replace(opened, grids=tuple(respelled(g, catalogue) for g in opened.grids if not is_receipt(g)))
    if not opened.grids:
        return _refused(
            "文件里只有回执，没有报表", "请在退回的工作簿里改正报表，存为 .xlsx 后把整个文件重新报送。"
        )
    lists = [grid for grid in opened.grids if is_questions(grid)]
    grids = [grid for grid in opened.grids if grid not in lists]
    try:
        heads = read_heads(name, grids, catalogue)
    except UnreadableError as fault:
        return _refused(
            fault.reason, "".join([fault.remedy, *(f"{sentence}。" for sentence in withheld(opened))])
        )
    if not heads[0].is_part:
        report = _understood(name, heads[0], opened, catalogue, known_for, lists, questions_for)
        return (Part("", report, heads[0].grids),)
    sheets = [grid for head in heads for grid in head.grids]
    rest = replace(opened, grids=tuple(grid for grid in opened.grids if grid not in sheets))
    parts: list[Part] = []
    for head in heads:
        own = replace(rest, grids=(*head.grids, *rest.grids))
        report = _understood(name, head, own, catalogue, beside(known_for, parts), [], questions_for)
        parts.append(Part(head.reporter.id, report, head.grids))
    return with_notes(parts, catalogue)


def _refused(reason: str, remedy: str) -> tuple[Part, ...]:
    return (Part("", Refusal(reason, remedy)),)


def _understood(
    name: str, head: Head, opened: Opened, catalogue: Catalogue, known_for: KnownFor, lists: list[Grid],
    questions_for: QuestionsFor,
) -> Reading | Refusal:  # fmt: skip
    """One reporter's report: its lines, its cells, its words, its answers; all of it or nothing."""
    known = known_for(head.reporter.id, head.month)
    form = form_spec(catalogue, head.reporter.id, head.month, known)
    try:
        found = find_lines(head.grids, form, catalogue, head.is_part)
    except UnreadableError as fault:
        return Refusal(fault.reason, fault.remedy)
    copies = tuple(_drop_copies(found))
    if form.lines and not found.places:
        return Refusal("表内没有找到应报的指标", "请填写下发的报表，保留“指标”“累计”等表头和指标名称。")
    foreign = list(text_rules.another_report(name, head, catalogue, text_rules.county_of(head)))
    observations, problems = _judged(form, found, known, catalogue, head.grids[0].name, bool(foreign))
    said = tuple(read_words(tuple(grid for grid in head.grids if grid not in head.shared), form))
    if not said and all(o.state is State.MISSING for o in observations):
        return BLANK
    answers = read_answers(lists, form, questions_for)
    return Reading(
        reporter=head.reporter.id, month=head.month, is_sample=head.is_sample,
        observations=tuple(observations), statements=said,
        problems=(
            *_text_problems(name, head, found, foreign, catalogue),
            *problems,
            *_table_problems(found, head.is_part),
        ),
        decisions=(*_nobodys_words(head, form), *copies, *remarks(head, opened, form, found, said),
            *text_rules.unknown_rows(found, catalogue), *answers.decisions),
        answers=tuple(answers.taken), not_taken=tuple(answers.not_taken),
        has_reasons=any(place.has(Field.REASON) for places in found.places.values() for place in places),
    )  # fmt: skip


def _nobodys_words(head: Head, form: FormSpec) -> Iterator[str]:
    """Words beside a table of several counties are those of whoever made it."""
    for grid in head.shared:
        if any(read_words((grid,), form)):
            yield f"工作表“{grid.name}”上的文字没有写明是哪个单位的，没有读取"


def _table_problems(found: FoundLines, is_part: bool) -> Iterator[Problem]:
    for row in (place for places in found.places.values() for place in places):
        yield from part_above_its_line(row)
        for table in found.tables:
            if table.grid is row.grid:
                yield from part_columns_above_their_line(table, row)
    for table in found.tables if not is_part else ():  # whoever gathered it answers for the sum: see `lines`
        yield from total_not_sum(table)


def _text_problems(
    name: str, head: Head, found: FoundLines, foreign: list[Problem], catalogue: Catalogue
) -> Iterator[Problem]:
    county = text_rules.county_of(head)
    yield from text_rules.names_disagree(name, head, catalogue, county)
    yield from foreign
    yield from text_rules.title_not_understood(found, county)
    yield from text_rules.heading_not_understood(found, county)
    yield from text_rules.running_total_missing(found, county)
    yield from text_rules.note_qualifies(found, county)
    yield from text_rules.text_beside_numbers(found, county)


def _judged(
    form: FormSpec, found: FoundLines, known: Prior, catalogue: Catalogue, sheet: str, is_held: bool
) -> tuple[list[Observation], list[Problem]]:
    """The cells and their problems; `is_held`: whose numbers these are is not known, so none is used."""
    observations: list[Observation] = []
    if is_held:
        found.places = {
            n: [replace(r, held=frozenset(r.places)) for r in rs] for n, rs in found.places.items()
        }
    rows = tuple(_rows(form, found, known, catalogue.policy.checks))
    problems = judge_report(Report(rows, known, catalogue))
    for row in rows:
        seen, wrong = judge(row)
        observations += seen
        problems += wrong
    for line in form.lines:
        places = found.places.get(line, [])
        if len(places) != 1 and line.measures and not line.optional:
            state = State.BLOCKED if places else State.MISSING
            observations += [
                Observation(line.county, line.indicator, m, None, state, sheet, "", "") for m in line.measures
            ]
            problems.append(
                text_rules.row_twice(line, places)
                if places
                else text_rules.row_missing(line, form, found, sheet)
            )
    return observations, problems


def _rows(form: FormSpec, found: FoundLines, known: Prior, checks: Checks) -> Iterator[Row]:
    """The lines that stand exactly once, those of one indicator together."""
    once = {line: places[0] for line, places in found.places.items() if len(places) == 1}
    groups: dict[tuple[str, str], list[FormRow]] = {}
    absent = frozenset({Measure.RUNNING_TOTAL} if text_rules.lacks_running_total(list(once.values())) else ())
    for line in form.lines:
        if line in once:
            groups.setdefault((line.county, line.indicator), []).append(once[line])
    for cell, lines in groups.items():
        parts = {measure: row for row in lines for measure in row.line.measures}
        if parts:
            yield Row(parts, lines[0], known.get(cell, _UNKNOWN), form.month, checks, absent=absent)


def _drop_copies(found: FoundLines) -> Iterator[str]:
    """Leave of rows that say the same to the letter the first, and say so: a copied sheet holds nothing up."""
    copied: dict[tuple[str, str], int] = {}
    for line, places in found.places.items():
        first = {_content(place): place for place in reversed(places)}
        for place in places:
            if place is not first[_content(place)]:
                sheets = place.grid.name, first[_content(place)].grid.name
                copied[sheets] = copied.get(sheets, 0) + 1
        found.places[line] = list({id(first[c]): first[c] for c in map(_content, places)}.values())
    for (sheet, other), count in copied.items():
        yield f"工作表“{sheet}”有 {count} 行与“{other}”的完全相同，只读取一次"


def _content(row: FormRow) -> tuple[str, ...]:
    fields = {COLUMN_OF[measure] for measure in row.line.measures} | _BESIDE
    return tuple(repr(row.raw(field)) for field in sorted(fields))
