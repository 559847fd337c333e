"""What arrives in the year and when (来件): the sample's workbooks on realistic days, and what goes wrong by the script."""

import zipfile
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random

import openpyxl

from flows.plan.catalogue import Catalogue
from flows.plan.workdays import Deadlines, add_workdays
from flows.simulation import script
from flows.simulation.environment import Stage
from flows.submissions.sample import cases
from flows.submissions.sample.submissions import SampleFile, sample

Case = tuple[int, int]


QUERIED = "待核实，退回改正"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file on its way to the inbox; `story` says what is the matter with it, empty for an ordinary one."""

    at: datetime
    name: str
    content: bytes
    story: str = ""


Teller = Callable[[Delivery, Deadlines, Case, dict[Case, SampleFile]], Iterator[Delivery]]


def deliveries(stage: Stage, seed: int) -> list[Delivery]:
    """Everything that arrives, in order of arrival."""
    files = list(sample(stage.catalogue, stage.months, seed, stage.deadlines, arrives=_arrives))
    by_case = {case: f for f in files if (case := _case(stage.catalogue, f)) is not None}
    found = [d for f in files for d in _told(stage, f, by_case)]
    return sorted(_packed(stage, found, by_case), key=lambda d: (d.at, d.name))


def _arrives(due: Deadlines, chance: Random, late_by: int = 0) -> datetime:
    """In the last days before the reminders, sometimes later; `late_by` days after the due day where that is said."""
    if late_by or chance.randrange(10) >= script.PROMPT_OF_TEN:
        return cases.arrival(due, chance, late_by)
    return _in_hours(add_workdays(due.remind_on, -chance.randint(1, script.EARLY)), chance)


def _in_hours(day: date, chance: Random) -> datetime:
    minutes = chance.randint(0, cases.OPEN_MINUTES)
    return datetime.combine(day, chance.choice(cases.OPENS)) + timedelta(minutes=minutes)


def _case(catalogue: Catalogue, file: SampleFile) -> Case | None:
    """The place and month of a county's first report; None for departments and for corrections."""
    month = int(file.month[-2:])
    for place, county in enumerate(catalogue.counties):
        if file.name.startswith(f"{county.name}{file.month[:4]}年") and "更正" not in file.name:
            return place, month
    return None


def _told(stage: Stage, file: SampleFile, by_case: dict[Case, SampleFile]) -> Iterator[Delivery]:
    """A file as the script has it arrive: as it is, otherwise, or more than once."""
    case, due = _case(stage.catalogue, file), stage.deadlines(file.month)
    plain = Delivery(file.received_at, file.name, file.content, _ordinary(file, due))
    for cases_of, tell in _STORIES:
        if case in cases_of:
            assert case is not None
            yield from tell(plain, due, case, by_case)
            return
    yield plain


def _ordinary(file: SampleFile, due: Deadlines) -> str:
    if "更正" in file.name:
        return "更正"
    return "迟报" if file.received_at.date() > due.due_on else ""


def _stem(plain: Delivery) -> str:
    return plain.name.rpartition(".")[0]


def _sent_twice(plain: Delivery, *_: object) -> Iterator[Delivery]:
    yield plain
    yield replace(plain, at=later(plain.at, 1), name=f"{_stem(plain)}(1).xlsx", story="重复报送")


def _broken_first(plain: Delivery, *_: object) -> Iterator[Delivery]:
    half, before = plain.content[: len(plain.content) // 2], plain.at - timedelta(minutes=20)
    yield replace(plain, at=before, name=f"{_stem(plain)}(未传完).xlsx", content=half, story="文件损坏")
    yield plain


def _old_name(plain: Delivery, *_: object) -> Iterator[Delivery]:
    yield replace(plain, name=f"{_stem(plain)}.xls", story="旧扩展名")


def _counted_twice(plain: Delivery, due: Deadlines, *_: object) -> Iterator[Delivery]:
    yield replace(plain, content=_edited(plain.content, script.PERSONS, script.PERSONS))
    at = later(datetime.combine(due.dispatch_on, time(10, 20)), script.CORRECTS_AFTER)
    mended = _edited(plain.content, 0, 0, script.REASON)
    yield Delivery(at, f"{_stem(plain)}（更正）.xlsx", mended, "事后更正")


def _queried(story: str) -> Teller:
    def tell(plain: Delivery, *_: object) -> Iterator[Delivery]:
        yield replace(plain, content=_edited(plain.content, script.SLIP, 0), story=story)

    return tell


def _wrong_month(
    plain: Delivery, due: Deadlines, case: Case, by_case: dict[Case, SampleFile]
) -> Iterator[Delivery]:
    yield replace(plain, content=by_case[case[0], case[1] - 1].content, story="误报上月报表")
    yield replace(plain, at=datetime.combine(due.dispatch_on, time(10, 5)), story="迟报")


def _late(plain: Delivery, due: Deadlines, case: Case, _: object) -> Iterator[Delivery]:
    day = add_workdays(due.due_on, script.LATE[case])
    yield replace(plain, at=datetime.combine(day, time(10, 40)), story="迟报")


_STORIES: tuple[tuple[Container[Case | None], Teller], ...] = (
    (script.SENT_TWICE, _sent_twice),
    (script.BROKEN_FIRST, _broken_first),
    (script.OLD_NAME, _old_name),
    (script.COUNTED_TWICE, _counted_twice),
    (script.RETURNED, _queried(QUERIED)),
    (script.EXPLAINED, _queried("待核实，来电说明")),
    (script.WRONG_MONTH, _wrong_month),
    (script.LATE, _late),
)


def _packed(stage: Stage, found: Sequence[Delivery], by_case: dict[Case, SampleFile]) -> Iterator[Delivery]:
    """Neighbours' workbooks that one of them sends for both, in one package."""
    inside: set[str] = set()
    for case, neighbour in script.PACKED.items():
        pair = [by_case[c] for c in (case, (neighbour, case[1])) if c in by_case]
        if len(pair) == 2:
            inside |= {f.name for f in pair}
            names = "、".join(stage.catalogue.counties[p].name for p in (case[0], neighbour))
            yield Delivery(
                max(f.received_at for f in pair), f"{names}{case[1]}月月报.zip", _zipped(pair), "压缩包"
            )
    yield from (d for d in found if d.name not in inside)


def _zipped(files: Sequence[SampleFile]) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for file in files:
            entry = zipfile.ZipInfo(file.name, file.received_at.timetuple()[:6])
            package.writestr(entry, file.content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _edited(content: bytes, month_by: int, total_by: int, reason: str = "") -> bytes:
    """The first indicator's row with so many more under 本月 and 累计, and a reason."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    heads = {str(c.value): c for row in sheet.iter_rows(max_row=8) for c in row if c.value}
    row = next(r for r in range(heads["累计"].row + 1, 12) if sheet.cell(r, 1).value == 1)
    for head, by in (("本月", month_by), ("累计", total_by)):
        cell = sheet.cell(row, heads[head].column)
        cell.value = cell.value + by
    if reason:
        sheet.cell(row, heads["原因说明"].column).value = reason
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def later(at: datetime, workdays: int) -> datetime:
    """So many working days later, at the same hour."""
    return datetime.combine(add_workdays(at.date(), workdays), at.time())
