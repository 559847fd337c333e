"""Working out and drafting notices (提醒、催办、督办建议): ledger, figures and a date in; drafts, PDFs and a table out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from flows.documents.composing import frames_of, typesetter
from flows.documents.document import Document, Frames, Issue
from flows.documents.evidence import Evidence, evidence, last_change
from flows.documents.gate_expectations import faults_of_notice
from flows.documents.kinds.notice import make_notice
from flows.documents.publishing import publish
from flows.files import write_whole
from flows.indicators.escalation.behind import behind_findings, recoveries
from flows.indicators.escalation.ladder import Finding, Resolution
from flows.indicators.escalation.late import late_arrivals, late_findings
from flows.indicators.escalation.reconcile import Reconciliation, assign_numbers, reconcile
from flows.plan.folders import plan_of
from flows.plan.notice import MatterStatus, Notice, NoticeState
from flows.plan.period import Period
from flows.plan.workdays import add_workdays
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.notice_ledger import came_into, drafted, filed, notice_numbered, register

WITHDRAWN = "已撤回.txt"
Mapper = Callable[[Callable[["Asked"], Document], Iterable["Asked"]], Iterable[Document]]


@dataclass(frozen=True)
class Round:
    """One working-out (研判) of a month on a date: what was found, and what it did to the ledger."""

    evidence: Evidence
    on: date
    findings: tuple[Finding, ...]
    made_good: tuple[Resolution, ...]
    settled: Reconciliation
    drafted: tuple[Notice, ...]
    to_write: tuple[Notice, ...]


@dataclass(frozen=True)
class Asked:
    """A notice to be set: with the earlier ones that it names, its figures, and how it is issued."""

    settings: Settings
    notice: Notice
    earlier: Mapping[str, Notice]
    frames: Frames
    issue: Issue


def work_out(settings: Settings, month: str, on: date, as_of: datetime | None = None) -> Round:
    """Work out what is due on `on` and write it to the ledger; the same again changes nothing.

    The data cut is `as_of`, or the last file received by the end of that day.
    """
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        found, findings, good, before = _studied(warehouse, settings, month, on, as_of)
        settled = reconcile(findings, before, month)
        policy = found.catalogue.policy.reporting
        answer_by = add_workdays(on, policy.answer_workdays_after, policy.holidays)
        new = assign_numbers(settled.drafts, before, month, found.cut, on, answer_by, found.deadlines.due_on)
        _write_down(warehouse, settled, new, good, datetime.combine(on, time()))
    return Round(found, on, tuple(findings), tuple(good), settled, tuple(new), (*settled.kept, *new))


def overtaken(settings: Settings, month: str, at: datetime) -> dict[str, str]:
    """The unsent notices of a month that would be taken back if it were worked out now, and why: nobody is
    urged for what came in meanwhile. Nothing is written."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        _, findings, _, before = _studied(warehouse, settings, month, at.date(), None)
    return {w.notice.number: w.why for w in reconcile(findings, before, month).withdrawals}


def _studied(
    warehouse: Warehouse, settings: Settings, month: str, on: date, as_of: datetime | None
) -> tuple[Evidence, list[Finding], list[Resolution], tuple[MatterStatus, ...]]:
    """What is found on a day, what is made good, and the ledger as it stands."""
    period = Period.parse(month)
    catalogue = plan_of(settings, period.year)
    end_of_day = datetime.combine(on, time(23, 59, 59))
    cut = as_of or last_change(warehouse, end_of_day) or end_of_day
    found = evidence(warehouse, catalogue, period, cut)
    before = filed(warehouse, period.year)
    findings = late_findings(found.reporting, before, found.deadlines, on)
    good = late_arrivals(found.reporting, before)
    if on >= found.deadlines.dispatch_on:
        findings += behind_findings(found.figures, before, catalogue, month, on)
        good += recoveries(found.figures, before, catalogue, month)
    order = {r.id: at for at, r in enumerate(catalogue.reporters)}
    findings.sort(key=lambda f: order[f.addressee])
    return found, findings, good, before


def _write_down(
    warehouse: Warehouse, settled: Reconciliation, new: list[Notice], good: list[Resolution], at: datetime
) -> None:
    bookings = [came_into(w.notice.number, NoticeState.WITHDRAWN, at, w.why) for w in settled.withdrawals]
    bookings += [
        came_into(g.filed.notice.number, NoticeState.CLOSED, at, g.how, g.filed.matter) for g in good
    ]
    for notice in new:
        bookings += drafted(notice, at)
    if bookings:
        warehouse.book(bookings)


def month_reported_on(day: date) -> str:
    """The month whose report falls due in the month of `day`."""
    return str(Period.month(day.year, day.month).previous)


def folder_of(settings: Settings, notice: Notice) -> Path:
    """Where a notice lies: data/reports/<month>/notices/<number>-<addressee>/."""
    return settings.reports / notice.month / "notices" / f"{notice.number}-{notice.addressee}"


def draft(notice: Notice) -> Issue:
    """How a notice would be issued: on the day it was drafted, without a number."""
    return Issue(as_of=notice.as_of, issued_on=notice.drafted_on, answer_by=notice.reply_by)


def write_out(settings: Settings, done: Round, side_by_side: Mapper = map) -> list[Path]:
    """The PDF of every draft of the month that has none yet; a note beside what was withdrawn.

    `side_by_side` sets the drafts: `map` one by one, or the `map` of a pool of processes.
    """
    for taken_back in done.settled.withdrawals:
        note = folder_of(settings, taken_back.notice) / WITHDRAWN
        write_whole(note, f"{taken_back.notice.number}已撤回：{taken_back.why}\n".encode())
    waiting = [n for n in done.to_write if not (folder_of(settings, n) / "manifest.json").exists()]
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        asked = list(_asked(warehouse, settings, [(n.number, n.month, draft(n)) for n in waiting]))
    finished = zip(waiting, side_by_side(made, asked), strict=True)
    return [publish(document, folder_of(settings, notice)) for notice, document in finished]


def notice_of(settings: Settings, number: str, month: str) -> Notice:
    """A notice of the ledger; NoticeError if there is none."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return notice_numbered(warehouse, number, month)[0]


def make(settings: Settings, number: str, month: str, issue: Issue | None = None) -> Document:
    """A notice of the ledger as a document, from what was in force at its own data cut; a draft unless `issue`
    says how it is issued. The same bytes at any later time."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        (asked,) = _asked(warehouse, settings, [(number, month, issue)])
    return made(asked)


def _asked(
    warehouse: Warehouse, settings: Settings, wanted: Iterable[tuple[str, str, Issue | None]]
) -> Iterator[Asked]:
    """What is to be set, for each number, month and issue; notices of one data cut share their evidence."""
    known: dict[tuple[str, datetime], Frames] = {}
    for number, month, issue in wanted:
        notice, earlier = notice_numbered(warehouse, number, month)
        period, of_cut = Period.parse(month), (month, notice.as_of)
        if of_cut not in known:
            catalogue = plan_of(settings, period.year)
            known[of_cut] = frames_of(evidence(warehouse, catalogue, period, notice.as_of))
        yield Asked(settings, notice, earlier, known[of_cut], issue or draft(notice))


def made(asked: Asked) -> Document:
    """The document, read back; from what it is given alone, so that any process can make it."""
    catalogue, setter = plan_of(asked.settings, int(asked.notice.month[:4])), typesetter(asked.settings.faces)
    about = (asked.notice, asked.earlier, asked.frames, catalogue, asked.issue)
    document = make_notice(asked.notice, asked.frames, catalogue, asked.earlier, asked.issue, setter)
    return replace(document, faults=faults_of_notice(document, *about))


def as_rows(done: Round) -> list[dict[str, str]]:
    """What happened, as an operator's table: drafted, kept, withdrawn, made good, and what was not done and why."""
    catalogue = done.evidence.catalogue

    def row(what: str, addressee: str, ladder: str, number: str, why: str) -> dict[str, str]:
        return {
            "结果": what,
            "单位": catalogue.name_of(addressee),
            "梯次": ladder,
            "编号": number,
            "说明": why,
        }

    def about(notice: Notice) -> str:
        names = [catalogue.indicator[m.indicator].name for m in notice.matters if m.indicator]
        cited = sorted({m.cites for m in notice.matters if m.cites})
        by = f"限{notice.reply_by.month}月{notice.reply_by.day}日"
        return "；".join(
            ["、".join(names) or f"{Period.parse(notice.month).label}月报", *(f"引{c}" for c in cited), by]
        )

    rows = [
        row(word, n.addressee, n.ladder.label, n.number, about(n))
        for word, notices in (("拟稿", done.drafted), ("已有草稿", done.settled.kept))
        for n in notices
    ]
    rows += [
        row("撤回", w.notice.addressee, w.notice.ladder.label, w.notice.number, w.why)
        for w in done.settled.withdrawals
    ]
    rows += [
        row("办结", g.filed.notice.addressee, g.filed.notice.ladder.label, g.filed.notice.number,
            f"{_named(done, g.filed.matter.indicator)}{g.how}")
        for g in done.made_good
    ]  # fmt: skip
    return rows + [
        row("不办", f.addressee, f.ladder.label, "", f"{_named(done, f.matter.indicator)}{f.why}")
        for f in done.findings
        if f.kind is None and not (f.ladder == "late" and "按时" in f.why)
    ]


def _named(done: Round, indicator: str) -> str:
    return f"{done.evidence.catalogue.indicator[indicator].name}：" if indicator else ""


def register_state(
    settings: Settings, numbers: tuple[str, ...], state: NoticeState, at: datetime, note: str
) -> None:
    """Write down by hand that notices were approved, sent, answered, closed or withdrawn."""
    year = int(numbers[0].partition("〔")[2].partition("〕")[0] or 0)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        register(warehouse, numbers, year, state, at, note)
