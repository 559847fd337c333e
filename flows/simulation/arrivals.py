"""What arrives by mail in a simulated year: sample workbooks on realistic days, some altered by the scenario, as replies to
the office's forms; returned workbooks are corrected and sent again, and some forms come back undelivered."""

import zipfile
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random

import openpyxl

from flows.issuing.mail.letter import ledger_id
from flows.plan.catalogue import Catalogue, Reporter
from flows.plan.workdays import Deadlines, add_workdays
from flows.simulation import scenario
from flows.simulation.environment import SimulatedOffice
from flows.simulation.mail import ReceivedLetter, bounce_mail, report_mail
from flows.simulation.scheduler import ReceivedFile
from flows.submissions.sample import cases
from flows.submissions.sample.submissions import SampleFile, sample
from flows.warehouse.raw import waiting

Case = tuple[int, int]  # a county's place in the annex, and a month
QUERIED, CORRECTED = "待核实，退回改正", "退回后改正"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file on its way to the office: who sends it (the reporter's id; empty: the office's operator, who hands it on);
    `label` says what the scenario did to it, empty for an ordinary one."""

    reporter: str
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


def _reporter(catalogue: Catalogue, file: SampleFile) -> Reporter:
    return next(one for one in catalogue.reporters if file.name.startswith(f"{one.name}{file.month[:4]}年"))


def _case(catalogue: Catalogue, file: SampleFile) -> Case | None:
    """The place and month of a county's first report; None for departments and for corrections."""
    reporter = _reporter(catalogue, file)
    if reporter not in catalogue.counties or "更正" in file.name:
        return None
    return catalogue.counties.index(reporter), int(file.month[-2:])


def _variants(
    environment: SimulatedOffice, file: SampleFile, by_case: dict[Case, SampleFile]
) -> Iterator[Delivery]:
    """A file as the scenario has it arrive: unchanged, altered, or more than once."""
    case, due = _case(environment.catalogue, file), environment.deadlines(file.month)
    sender = _reporter(environment.catalogue, file).id
    plain = Delivery(sender, file.received_at, file.name, file.content, _ordinary(file, due))
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
    yield Delivery(plain.reporter, at, f"{_stem(plain)}（更正）.xlsx", corrected, "事后更正")


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
    """Put the workbooks of two neighbours into one .zip, which the operator hands on, as the scenario says."""
    inside: set[str] = set()
    for case, neighbour in scenario.PACKED.items():
        pair = [by_case[c] for c in (case, (neighbour, case[1])) if c in by_case]
        if len(pair) == 2:
            inside |= {f.name for f in pair}
            names = "、".join(environment.catalogue.counties[p].name for p in (case[0], neighbour))
            at = max(f.received_at for f in pair)
            yield Delivery("", at, f"{names}{case[1]}月月报.zip", _zipped(pair), "压缩包")
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


class Reporters:
    """Everybody who writes to the office: the files still to arrive, and the mails sent so far, as (Message-ID, sender).
    `labels` says by file name what the scenario did to a file."""

    def __init__(self, environment: SimulatedOffice, pending: list[Delivery]) -> None:
        self.environment, self._pending = environment, pending
        self.labels = {d.name: d.label for d in pending if d.label}
        self.mails: list[tuple[str, str]] = []
        self.bounced: list[str] = []  # letters that came back, by the ledger's ids

    @property
    def next_at(self) -> datetime:
        """When the next file arrives; the end of time if none does."""
        return self._pending[0].at if self._pending else datetime.max

    def send(self, until: datetime) -> bool:
        """Mail what is to arrive by then; whether anything waits for the office."""
        is_filled = self._bounce(until)
        while self._pending and self._pending[0].at <= until:
            file = self._pending.pop(0)
            sender = self.environment.addresses[file.reporter]
            mail = report_mail(sender, file.name, file.content, file.at, self._form_of(sender))
            self.environment.mailbox.put(mail.as_bytes(), file.at)
            self.mails.append((str(mail["Message-ID"]), sender))
            is_filled = True
        return is_filled or bool(waiting(self.environment.settings.inbox))

    def _form_of(self, address: str) -> str:
        """The Message-ID of the last form that came to this address; empty before any did."""
        forms = (one for one in reversed(self.environment.mail.received) if _is_form(one))
        return next((one.message_id for one in forms if one.recipient == address), "")

    def _bounce(self, at: datetime) -> bool:
        """Have the mail servers of the scenario's counties send the forms of its months back, once each; whether any was."""
        counties = self.environment.catalogue.counties
        wanted = {
            (self.environment.addresses[counties[place].id], str(month))
            for place, month in scenario.FORM_BOUNCES
        }
        before = len(self.bounced)
        for letter in (one for one in self.environment.mail.received if _is_form(one)):
            letter_id, month = (
                ledger_id(letter.message_id),
                letter.subject.partition("年")[2].partition("月")[0],
            )
            if (letter.recipient, month) in wanted and letter_id not in self.bounced:
                self.bounced.append(letter_id)
                self.environment.mailbox.put(bounce_mail(letter, len(self.bounced)), at)
        return len(self.bounced) > before

    def resubmit(self, file: ReceivedFile) -> None:
        """Have the county correct the marked workbook that came back with the receipt, and send it again."""
        (receipt,) = self.environment.mail.answers_to(file.mail.message_id)
        (marked,) = receipt.message.iter_attachments()
        content = marked.get_payload(decode=True)
        assert isinstance(content, bytes) and file.mail.reporter
        again = Delivery(
            file.mail.reporter,
            later(file.mail.received_at, scenario.CORRECTED_AFTER),
            str(marked.get_filename()),
            _edited(content, -scenario.SLIP, 0),
            CORRECTED,
        )
        self.labels[again.name] = CORRECTED
        self._pending = sorted([*self._pending, again], key=lambda d: (d.at, d.name))


def _is_form(letter: ReceivedLetter) -> bool:
    return letter.subject.endswith("前报送）")
