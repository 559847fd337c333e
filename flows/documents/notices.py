"""Working out and drafting notices (提醒、催办、督办建议): ledger, figures and a date in; drafts, PDFs and a table out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from flows.documents.composing import frames_of, load_typesetter
from flows.documents.document import Document, Frames, Issue
from flows.documents.evidence import Evidence, gather, last_change
from flows.documents.kinds.notice import make_notice
from flows.documents.pdf.typeset import Typesetter
from flows.documents.publishing import GateError, publish
from flows.files import write_whole
from flows.indicators.escalation.behind import behind_findings, recoveries
from flows.indicators.escalation.ladder import (
    Finding,
    Resolution,
    without_own,
    without_switched_off,
)
from flows.indicators.escalation.late import late_arrivals, late_findings
from flows.indicators.escalation.reconcile import Reconciliation, assign_numbers, reconcile
from flows.plan.catalogue import Catalogue
from flows.plan.notice import MatterStatus, Notice, NoticeState
from flows.plan.period import Period
from flows.plan.workdays import add_workdays
from flows.progress import shown
from flows.warehouse.connection import Warehouse
from flows.warehouse.notice_ledger import (
    drafted_events,
    matter_statuses,
    notice_numbered,
    notice_state_changed,
)
from flows.warehouse.words_ledger import edits_in_force

WITHDRAWN = "已撤回.txt"
Mapper = Callable[[Callable[["NoticeSpec"], Document], Iterable["NoticeSpec"]], Iterable[Document]]


class NoticeFaultsError(RuntimeError):
    """Notices that the gate found faulty, a paragraph each; the others of the run lie in their folders."""


@dataclass(frozen=True)
class NoticeRun:
    """One working-out (研判) of a month on a date: what was found, and what it did to the ledger."""

    evidence: Evidence
    on: date
    findings: tuple[Finding, ...]
    made_good: tuple[Resolution, ...]
    settled: Reconciliation
    drafted: tuple[Notice, ...]
    to_write: tuple[Notice, ...]


@dataclass(frozen=True)
class NoticeSpec:
    """A notice to be rendered: with the earlier ones that it names, its figures, and how it is issued."""

    notice: Notice
    earlier: Mapping[str, MatterStatus]
    frames: Frames
    catalogue: Catalogue
    issue: Issue


def work_out(
    warehouse: Warehouse, catalogue: Catalogue, month: str, on: date, as_of: datetime | None = None
) -> NoticeRun:
    """Work out what is due on `on` and write it to the ledger; idempotent.

    The data cut is `as_of`, or the last file received by the end of that day.
    """
    evidence, findings, good, before = _study(warehouse, catalogue, month, on, as_of)
    settled = reconcile(findings, before, month)
    policy = catalogue.policy.reporting
    answer_by = add_workdays(on, policy.answer_workdays_after, policy.holidays)
    new = assign_numbers(
        settled.drafts, before, month, evidence.cut, on, answer_by, evidence.deadlines.due_on
    )
    _record(warehouse, settled, new, good, datetime.combine(on, time()))
    return NoticeRun(evidence, on, tuple(findings), tuple(good), settled, tuple(new), (*settled.kept, *new))


def overtaken(warehouse: Warehouse, catalogue: Catalogue, month: str, on: date) -> dict[str, str]:
    """The unsent notices of a month that would be withdrawn if it were worked out now, and why: nobody is urged
    for what came in meanwhile. Nothing is written."""
    _, findings, _, before = _study(warehouse, catalogue, month, on, None)
    return {w.notice.number: w.why for w in reconcile(findings, before, month).withdrawals}


def _study(
    warehouse: Warehouse, catalogue: Catalogue, month: str, on: date, as_of: datetime | None
) -> tuple[Evidence, list[Finding], list[Resolution], tuple[MatterStatus, ...]]:
    """What is found on a day, what is made good, and the ledger as it stands."""
    period, end_of_day = Period.parse(month), datetime.combine(on, time(23, 59, 59))
    cut = as_of or last_change(warehouse, end_of_day) or end_of_day
    evidence = gather(warehouse, catalogue, period, cut)
    before = matter_statuses(warehouse, period.year)
    findings = late_findings(evidence.reporting, before, evidence.deadlines, on)
    good = late_arrivals(evidence.reporting, before)
    if on >= evidence.deadlines.dispatch_on:
        findings += behind_findings(evidence.figures, before, catalogue, month, on)
        good += recoveries(evidence.figures, before, catalogue, month)
    findings = without_switched_off(findings, catalogue.policy.notices)
    findings = without_own(findings, catalogue.issuing_department)
    order = {r.id: at for at, r in enumerate(catalogue.reporters)}
    findings.sort(key=lambda f: order[f.addressee])
    return evidence, findings, good, before


def _record(
    warehouse: Warehouse, settled: Reconciliation, new: list[Notice], good: list[Resolution], at: datetime
) -> None:
    events = [
        notice_state_changed(w.notice.number, NoticeState.WITHDRAWN, at, w.why) for w in settled.withdrawals
    ]
    events += [
        notice_state_changed(g.filed.notice.number, NoticeState.CLOSED, at, g.how, g.filed.matter)
        for g in good
    ]
    for notice in new:
        events += drafted_events(notice, at)
    if events:
        warehouse.append(events)


def month_reported_on(day: date) -> str:
    """The month whose report falls due in the month of `day`."""
    return str(Period.month(day.year, day.month).previous)


def notice_folder(reports: Path, notice: Notice) -> Path:
    """Where a notice lies: data/reports/<month>/notices/<number>-<addressee>/."""
    return reports / document_name(notice)


def document_name(notice: Notice) -> str:
    """What a notice is called as a document."""
    return f"{notice.month}/notices/{notice.number}-{notice.addressee}"


def draft(notice: Notice) -> Issue:
    """How a notice would be issued: on the day it was drafted, without a number."""
    return Issue(as_of=notice.as_of, issued_on=notice.drafted_on, answer_by=notice.reply_by)


def mark_withdrawn(reports: Path, run: NoticeRun) -> None:
    """Put a note beside every draft that was withdrawn."""
    for withdrawal in run.settled.withdrawals:
        note = notice_folder(reports, withdrawal.notice) / WITHDRAWN
        write_whole(note, f"{withdrawal.notice.number}已撤回：{withdrawal.why}\n".encode())


def unwritten(warehouse: Warehouse, reports: Path, run: NoticeRun) -> list[NoticeSpec]:
    """The drafts of the month that have no PDF yet, ready to be rendered; those of one data cut share their figures."""
    known = {run.evidence.cut: frames_of(run.evidence)}
    specs = []
    for notice in run.to_write:
        if not (notice_folder(reports, notice) / "manifest.json").exists():
            spec = specify(warehouse, run.evidence.catalogue, notice.number, notice.month, None, known)
            specs.append(spec)
    return specs


def write(specs: Sequence[NoticeSpec], reports: Path, fonts: Path, parallel: Mapper) -> None:
    """Render these and write each to its folder; one that the gate found faulty does not stop the rest.
    NoticeFaultsError names those."""
    faulty = []
    documents = parallel(partial(_render_with, fonts), specs)
    for spec, document in shown(zip(specs, documents, strict=True), "提醒催办", len(specs)):
        try:
            publish(document, notice_folder(reports, spec.notice))
        except GateError as fault:
            faulty.append(str(fault))
    if faulty:
        raise NoticeFaultsError("\n".join(faulty))


def _render_with(fonts: Path, spec: NoticeSpec) -> Document:
    return render(spec, load_typesetter(fonts))


def notice_of(warehouse: Warehouse, number: str, month: str) -> Notice:
    """A notice of the ledger; NoticeError if there is none."""
    return notice_numbered(warehouse, number, month)[0]


def specify(
    warehouse: Warehouse,
    catalogue: Catalogue,
    number: str,
    month: str,
    issue: Issue | None = None,
    known: dict[datetime, Frames] | None = None,
) -> NoticeSpec:
    """A notice of the ledger with all it is rendered from, as in force at its own data cut; a draft unless `issue`
    says how it is issued. `known` are the frames of data cuts gathered already; those gathered here are added."""
    notice, earlier = notice_numbered(warehouse, number, month)
    known = {} if known is None else known
    if notice.as_of not in known:
        known[notice.as_of] = frames_of(gather(warehouse, catalogue, Period.parse(month), notice.as_of))
    worded = replace(issue or draft(notice), edits=edits_in_force(warehouse, document_name(notice)))
    return NoticeSpec(notice, earlier, known[notice.as_of], catalogue, worded)


def render(spec: NoticeSpec, typesetter: Typesetter) -> Document:
    """The document, read back; from what it is given alone, so that any process can render it. The same bytes at any
    later time."""
    return make_notice(spec.notice, spec.frames, spec.catalogue, spec.earlier, spec.issue, typesetter)


def as_rows(run: NoticeRun) -> list[dict[str, str]]:
    """What happened, as an operator's table: drafted, kept, withdrawn, made good, and what was not done and why."""
    catalogue = run.evidence.catalogue

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
        for word, notices in (("拟稿", run.drafted), ("已有草稿", run.settled.kept))
        for n in notices
    ]
    rows += [
        row("撤回", w.notice.addressee, w.notice.ladder.label, w.notice.number, w.why)
        for w in run.settled.withdrawals
    ]
    rows += [
        row("办结", g.filed.notice.addressee, g.filed.notice.ladder.label, g.filed.notice.number,
            f"{_named(run, g.filed.matter.indicator)}{g.how}")
        for g in run.made_good
    ]  # fmt: skip
    return rows + [
        row("不办", f.addressee, f.ladder.label, "", f"{_named(run, f.matter.indicator)}{f.why}")
        for f in run.findings
        if f.kind is None and not (f.ladder == "late" and "按时" in f.why)
    ]


def _named(run: NoticeRun, indicator: str) -> str:
    return f"{run.evidence.catalogue.indicator[indicator].name}：" if indicator else ""
