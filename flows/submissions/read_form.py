"""A received file → what it says (读表): grids, then labels, then rows, then checks. Nothing is written."""

from collections.abc import Iterator
from dataclasses import replace

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Observation, Problem, Reading, Refusal
from flows.plan.policy import Checks
from flows.plan.terms import CITY, State, Tier
from flows.submissions.checks.report_rules import Report, judge_report
from flows.submissions.checks.run import judge
from flows.submissions.checks.table_rules import (
    part_above_its_line,
    part_columns_above_their_line,
    total_not_sum,
)
from flows.submissions.form.form_spec import FormSpec, Line, Prior, form_spec
from flows.submissions.form.layout import COLUMN_OF, Field
from flows.submissions.formats.grid import Grid, address
from flows.submissions.formats.opened import Member, Opened, UnreadableError
from flows.submissions.formats.package import ZIP
from flows.submissions.formats.sandbox import open_apart, unpack_apart
from flows.submissions.gathered import BLANK, KnownFor, Part, beside, told
from flows.submissions.reading.answers import QuestionsFor, is_questions, no_questions, read_answers
from flows.submissions.reading.generated_sheets import is_receipt
from flows.submissions.reading.head import Head, name_disagreements, read_heads, title_disagreements
from flows.submissions.reading.labels import labelled_cell
from flows.submissions.reading.lines import Found, find_lines
from flows.submissions.reading.remarks import remarks, withheld
from flows.submissions.reading.respelled import respelled
from flows.submissions.reading.row import Filled, Row
from flows.submissions.reading.words import read_words

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
        return open_apart(name, content)
    except UnreadableError as fault:
        return Refusal(fault.reason, fault.remedy)


def unpack_or_refuse(content: bytes) -> list[Member] | Refusal:
    """The files of a package, none where it is a single report; or why it may not be unpacked."""
    try:
        return unpack_apart(content) if content.startswith(ZIP) else []
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
        return _refused(fault.reason, _without_lists(fault.remedy, opened))
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
    return told(parts, catalogue)


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
    observations, problems = _judged(form, found, known, catalogue, head.grids[0].name)
    said = tuple(read_words(tuple(grid for grid in head.grids if grid not in head.shared), form))
    if not said and all(o.state is State.MISSING for o in observations):
        return BLANK
    answers = read_answers(lists, form, questions_for)
    return Reading(
        reporter=head.reporter.id, month=head.month, is_sample=head.is_sample,
        observations=tuple(observations), statements=said,
        problems=(
            *_name_problems(name, head, catalogue),
            *problems,
            *_table_problems(found, head.is_part),
        ),
        decisions=(*_nobodys_words(head, form), *copies, *remarks(head, opened, form, found, said), *answers.decisions),
        answers=tuple(answers.taken), not_taken=tuple(answers.not_taken),
    )  # fmt: skip


def _nobodys_words(head: Head, form: FormSpec) -> Iterator[str]:
    """Words beside a table of several counties are those of whoever made it."""
    for grid in head.shared:
        if any(read_words((grid,), form)):
            yield f"工作表“{grid.name}”上的文字没有写明是哪个单位的，没有读取"


def _table_problems(found: Found, is_part: bool) -> Iterator[Problem]:
    for filled in (place for places in found.places.values() for place in places):
        yield from part_above_its_line(filled)
        for table in found.arranged:
            if table.grid is filled.grid:
                yield from part_columns_above_their_line(table, filled)
    for table in (
        found.arranged if not is_part else ()
    ):  # whoever gathered it answers for the sum: see `lines`
        yield from total_not_sum(table)


def _without_lists(remedy: str, opened: Opened) -> str:
    """The remedy, and the request to leave personal data out where the file had some."""
    return "".join([remedy, *(f"{sentence}。" for sentence in withheld(opened))])


def _judged(
    form: FormSpec, found: Found, known: Prior, catalogue: Catalogue, sheet: str
) -> tuple[list[Observation], list[Problem]]:
    observations: list[Observation] = []
    rows = tuple(_rows(form, found, known, catalogue.policy.checks))
    problems = judge_report(Report(rows, known, catalogue))
    for row in rows:
        seen, wrong = judge(row)
        observations += seen
        problems += wrong
    for line in form.lines:
        places = found.places.get(line, [])
        if len(places) != 1 and line.measures and not line.optional:
            observations += _without_row(line, places, sheet)
            problems.append(_row_twice(line, places) if places else _row_missing(line, form, found, sheet))
    return observations, problems


def _rows(form: FormSpec, found: Found, known: Prior, checks: Checks) -> Iterator[Row]:
    """The lines that stand exactly once, those of one indicator together."""
    once = {line: places[0] for line, places in found.places.items() if len(places) == 1}
    groups: dict[tuple[str, str], list[Filled]] = {}
    for line in form.lines:
        if line in once:
            groups.setdefault((line.county, line.indicator), []).append(once[line])
    for cell, lines in groups.items():
        parts = {measure: filled for filled in lines for measure in filled.line.measures}
        if parts:
            yield Row(parts, lines[0], known.get(cell, _UNKNOWN), form.month, checks)


def _without_row(line: Line, places: list[Filled], sheet: str) -> Iterator[Observation]:
    state = State.BLOCKED if places else State.MISSING
    for measure in line.measures:
        yield Observation(line.county, line.indicator, measure, None, state, sheet, "", "")


def _drop_copies(found: Found) -> Iterator[str]:
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


def _content(filled: Filled) -> tuple[str, ...]:
    fields = {COLUMN_OF[measure] for measure in filled.line.measures} | _BESIDE
    return tuple(repr(filled.raw(field)) for field in sorted(fields))


def _row_twice(line: Line, places: list[Filled]) -> Problem:
    field = COLUMN_OF[line.measures[-1]]
    cells = [f"{place.grid.name}!{place.cell(field)}" for place in places]
    return Problem(
        rule="row_twice", tier=Tier.ERROR, county=line.county, indicator=line.indicator, measure=line.measures[0],
        sheet=places[-1].grid.name, cell=places[-1].cell(field), subject=line.label, expected="只填一处",
        found=f"{len(places)} 处，数不相同：{'、'.join(cells)}", remedy=f"请只留正确的一行，删去其余的（如 {cells[-1]} 一行）后重新报送",
        values=tuple(cells),
    )  # fmt: skip


def _row_missing(line: Line, form: FormSpec, found: Found, sheet: str) -> Problem:
    """It stands in no cell; the remedy names the row before it on the form, where that is on the sheet."""
    before = [found.places[one][0] for one in form.lines[: form.lines.index(line)] if found.places.get(one)]
    where = f"在 {address(before[-1].name)}“{before[-1].line.label}”之后" if before else "在表里"
    return Problem(
        rule="row_missing", tier=Tier.QUERY, county=line.county, indicator=line.indicator, measure=line.measures[0],
        sheet=before[-1].grid.name if before else sheet, cell="", subject=line.label, expected="表内有这一项",
        found="缺这一项", values=(), remedy=f"请{where}补填这一项，或改用下发的报表填报，重新报送",
    )  # fmt: skip


def _name_problems(name: str, head: Head, catalogue: Catalogue) -> Iterator[Problem]:
    county = CITY if head.reporter.id not in {c.id for c in catalogue.counties} else head.reporter.id
    for field, expected, found in name_disagreements(name, head, catalogue):
        sheet, cell = labelled_cell(head.grids, field)
        yield Problem(
            rule="file_name_disagrees", tier=Tier.QUERY, county=county, indicator="", measure="", values=(expected, found),
            sheet=sheet, cell=cell, subject="文件名", expected=expected, found=found,
            remedy="以表内填写的为准；如表内填错，请改正后重新报送",
        )  # fmt: skip
    for what, text in title_disagreements(name, head):
        sheet, cell = labelled_cell(head.grids, Field.MONTH)
        yield Problem(
            rule="title_disagrees", tier=Tier.QUERY, county=county, indicator="", measure="", values=(what, text),
            sheet=sheet, cell=cell, subject=what, expected=f"与报告期“{int(head.month[-2:])}月”一致的{what}", found=f"“{text}”",
            remedy="已按报告期读取；如报告期没有改，请改正后重新报送",
        )  # fmt: skip
