"""The files that arrive in a simulated year: sample workbooks on realistic days, some altered by the scenario, and the
inbox into which they are put; returned workbooks are corrected and sent again."""

import json
import zipfile
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random

import openpyxl

from flows.files import write_whole
from flows.plan.catalogue import Catalogue
from flows.plan.workdays import Deadlines, add_workdays
from flows.simulation import scenario
from flows.simulation.environment import SimulatedOffice
from flows.simulation.scheduler import ReceivedFile
from flows.submissions.sample import cases
from flows.submissions.sample.submissions import SampleFile, sample
from flows.warehouse.raw import ENVELOPE, waiting

Case = tuple[int, int]  # a county's place in the annex, and a month
QUERIED, CORRECTED = "待核实，退回改正", "退回后改正"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file on its way to the inbox; `label` says what the scenario did to it, empty for an ordinary one."""

    at: datetime
    name: str
    content: bytes
    label: str = ""


Variation = Callable[[Delivery, Deadlines, Case, dict[Case, SampleFile]], Iterator[Delivery]]


def deliveries(environment: SimulatedOffice, seed: int) -> list[Delivery]:
    """Every file, in order of arrival."""
    files = list(
        sample(environment.catalogue, environment.months, seed, environment.deadlines, arrives=_arrives)
    )
    by_case = {case: f for f in files if (case := _case(environment.catalogue, f)) is not None}
    varied = [d for f in files for d in _variants(environment, f, by_case)]
    return sorted(_packed(environment, varied, by_case), key=lambda d: (d.at, d.name))


def _arrives(due: Deadlines, chance: Random, late_by: int = 0) -> datetime:
    """In the last days before the reminders, sometimes later; `late_by` days after the due day where given."""
    if late_by or chance.randrange(10) >= scenario.PROMPT_OF_TEN:
        return cases.arrival(due, chance, late_by)
    return _in_hours(add_workdays(due.remind_on, -chance.randint(1, scenario.EARLY)), chance)


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


def _variants(
    environment: SimulatedOffice, file: SampleFile, by_case: dict[Case, SampleFile]
) -> Iterator[Delivery]:
    """A file as the scenario has it arrive: unchanged, altered, or more than once."""
    case, due = _case(environment.catalogue, file), environment.deadlines(file.month)
    plain = Delivery(file.received_at, file.name, file.content, _ordinary(file, due))
    for cases_of, vary in _VARIATIONS:
        if case in cases_of:
            assert case is not None
            yield from vary(plain, due, case, by_case)
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
    yield replace(plain, at=later(plain.at, 1), name=f"{_stem(plain)}(1).xlsx", label="重复报送")


def _broken_first(plain: Delivery, *_: object) -> Iterator[Delivery]:
    half, before = plain.content[: len(plain.content) // 2], plain.at - timedelta(minutes=20)
    yield replace(plain, at=before, name=f"{_stem(plain)}(未传完).xlsx", content=half, label="文件损坏")
    yield plain


def _old_name(plain: Delivery, *_: object) -> Iterator[Delivery]:
    yield replace(plain, name=f"{_stem(plain)}.xls", label="旧扩展名")


def _counted_twice(plain: Delivery, due: Deadlines, *_: object) -> Iterator[Delivery]:
    yield replace(plain, content=_edited(plain.content, scenario.PERSONS, scenario.PERSONS))
    at = later(datetime.combine(due.dispatch_on, time(10, 20)), scenario.LATE_CORRECTION_AFTER)
    corrected = _edited(plain.content, 0, 0, scenario.REASON)
    yield Delivery(at, f"{_stem(plain)}（更正）.xlsx", corrected, "事后更正")


def _queried(label: str) -> Variation:
    def vary(plain: Delivery, *_: object) -> Iterator[Delivery]:
        yield replace(plain, content=_edited(plain.content, scenario.SLIP, 0), label=label)

    return vary


def _wrong_month(
    plain: Delivery, due: Deadlines, case: Case, by_case: dict[Case, SampleFile]
) -> Iterator[Delivery]:
    yield replace(plain, content=by_case[case[0], case[1] - 1].content, label="误报上月报表")
    yield replace(plain, at=datetime.combine(due.dispatch_on, time(10, 5)), label="迟报")


def _late(plain: Delivery, due: Deadlines, case: Case, _: object) -> Iterator[Delivery]:
    day = add_workdays(due.due_on, scenario.LATE[case])
    yield replace(plain, at=datetime.combine(day, time(10, 40)), label="迟报")


_VARIATIONS: tuple[tuple[Container[Case | None], Variation], ...] = (
    (scenario.SENT_TWICE, _sent_twice),
    (scenario.BROKEN_FIRST, _broken_first),
    (scenario.OLD_NAME, _old_name),
    (scenario.COUNTED_TWICE, _counted_twice),
    (scenario.RETURNED, _queried(QUERIED)),
    (scenario.EXPLAINED, _queried("待核实，来电说明")),
    (scenario.WRONG_MONTH, _wrong_month),
    (scenario.LATE, _late),
)


def _packed(
    environment: SimulatedOffice, deliveries: Sequence[Delivery], by_case: dict[Case, SampleFile]
) -> Iterator[Delivery]:
    """Put the workbooks of two neighbours into one .zip, as the scenario says."""
    inside: set[str] = set()
    for case, neighbour in scenario.PACKED.items():
        pair = [by_case[c] for c in (case, (neighbour, case[1])) if c in by_case]
        if len(pair) == 2:
            inside |= {f.name for f in pair}
            names = "、".join(environment.catalogue.counties[p].name for p in (case[0], neighbour))
            yield Delivery(
                max(f.received_at for f in pair), f"{names}{case[1]}月月报.zip", _zipped(pair), "压缩包"
            )
    yield from (d for d in deliveries if d.name not in inside)


def _zipped(files: Sequence[SampleFile]) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as package:
        for file in files:
            entry = zipfile.ZipInfo(file.name, file.received_at.timetuple()[:6])
            package.writestr(entry, file.content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _edited(content: bytes, month_by: int, total_by: int, reason: str = "") -> bytes:
    """The workbook with its first indicator changed by these amounts under 本月 and 累计, and a reason."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)  # saving drops the results of formulas
    sheet = book["月报"]
    heads = {str(c.value): c for row in sheet.iter_rows(max_row=8) for c in row if c.value}
    row = next(r for r in range(heads["累计"].row + 1, 12) if str(sheet.cell(r, 1).value) == "1")
    for head, by in (("本月", month_by), ("累计", total_by)):
        cell = sheet.cell(row, heads[head].column)
        cell.value = cell.value + by
    if reason:
        sheet.cell(row, heads["原因说明"].column).value = reason
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def later(at: datetime, workdays: int) -> datetime:
    """The same hour, this number of working days later."""
    return datetime.combine(add_workdays(at.date(), workdays), at.time())


class Inbox:
    """The files still to arrive; `labels` says by file name what the scenario did to one."""

    def __init__(self, environment: SimulatedOffice, pending: list[Delivery]) -> None:
        self.environment, self._pending = environment, pending
        self.labels = {d.name: d.label for d in pending if d.label}

    @property
    def next_at(self) -> datetime:
        """When the next file arrives; the end of time if none does."""
        return self._pending[0].at if self._pending else datetime.max

    def fill(self, until: datetime) -> bool:
        """Put in what has arrived by then; whether anything waits in the inbox."""
        while self._pending and self._pending[0].at <= until:
            file = self._pending.pop(0)
            path = self.environment.settings.inbox / file.name
            envelope = json.dumps({"received_at": file.at.isoformat()})
            write_whole(path.with_name(file.name + ENVELOPE), envelope.encode())
            write_whole(path, file.content)
        return bool(waiting(self.environment.settings.inbox))

    def resubmit(self, file: ReceivedFile) -> None:
        """Have the county correct the marked workbook that was returned and send it again."""
        (marked,) = self.environment.settings.receipts.glob(
            f"{file.month}/*退回修改*{file.result.receipt_path.stem[-12:]}.xlsx"
        )
        name = marked.name.rpartition("-")[0] + ".xlsx"
        again = Delivery(
            later(file.at, scenario.CORRECTED_AFTER),
            name,
            _edited(marked.read_bytes(), -scenario.SLIP, 0),
            CORRECTED,
        )
        self.labels[again.name] = CORRECTED
        self._pending = sorted([*self._pending, again], key=lambda d: (d.at, d.name))
