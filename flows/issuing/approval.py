"""Approve a draft (送审、审核、签发): which drafts wait, for which step, and what somebody decided.

A decision is on one PDF, known by its hash. A draft made again with other bytes has been approved by nobody.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from flows.accounts.accounts import Accounts, Actor, Duty
from flows.accounts.codes import Subject
from flows.accounts.record import AccessKind
from flows.documents import notices as noticing
from flows.documents.evidence import last_change
from flows.documents.manifest import edit_record
from flows.files import sha256_of
from flows.plan.document_kinds import CORRECTION, COUNTY_REPORT
from flows.plan.issued import Approval, Decision, DocumentName, Issued, Step, UnknownDocumentError
from flows.plan.load import Plans
from flows.plan.notice import MatterStatus, NoticeState
from flows.plan.paragraph_edit import ParagraphEdit
from flows.plan.period import Period
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approval_event, approvals, issued
from flows.warehouse.notice_ledger import matter_statuses
from flows.warehouse.words_ledger import in_force_by_document

DUTIES = {Step.REVIEW: Duty.REVIEW, Step.SIGN: Duty.SIGN}


class ApprovalError(RuntimeError):
    """A draft that may not be approved or issued: which, why, and what to do."""

    def __init__(self, name: DocumentName | str, why: str) -> None:
        super().__init__(f"{name}：{why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished draft as it lies in its folder: `kind` as the policy names it, `sha256` of its PDF; `edits` what the
    office words itself in it, as its manifest says, `stale` the paragraphs of these to be looked at again, `outside` the
    numbers from elsewhere, each with its source."""

    name: DocumentName
    kind: str
    title: str
    pdf: Path
    sha256: str
    as_of: datetime
    issued_on: date
    is_sample: bool
    edits: tuple[Mapping[str, str | None], ...] = ()
    stale: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalStatus:
    """How far a draft has come: the decisions on this very PDF, the step it waits for (None: all passed), and
    when data came in that it does not hold (None: it holds all). `lacks_edits`: it was made before the last of its edits."""

    draft: Draft
    decisions: tuple[Approval, ...]
    waits_for: Step | None
    newer_data_at: datetime | None
    lacks_edits: bool = False

    @property
    def words_fault(self) -> str:
        """Why the words in it cannot be approved; empty where they can."""
        name = self.draft.name
        if self.lacks_edits:
            return f"文字改过，草稿还没有重新生成：diaodu words {name} --redraft"
        if self.draft.stale:
            return f"有 {len(self.draft.stale)} 段改写的文字须重看（所依据的数变了）：diaodu words {name}"
        return ""

    @property
    def returned(self) -> Approval | None:
        """The decision that sent it back, if that is the last one."""
        last = self.decisions[-1] if self.decisions else None
        return last if last and last.decision is Decision.RETURNED else None


def approval_status(warehouse: Warehouse, plans: Plans, reports: Path, document: str) -> ApprovalStatus:
    """How far one draft has come; ApprovalError where it cannot be approved as it lies there."""
    name, ledgers = DocumentName.parse(document), _Ledgers(warehouse, plans)
    if gone := ledgers.issued.get(str(name)):
        raise ApprovalError(name, f"已于{gone.issued_on}以{gone.number}印发；数有更正的，出更正说明")
    return ledgers.status(_draft(ledgers, reports, name))


def waiting(warehouse: Warehouse, plans: Plans, reports: Path) -> list[ApprovalStatus]:
    """Every finished draft that is not issued, by period and name; those as of an earlier moment are not drafts."""
    ledgers = _Ledgers(warehouse, plans)
    return [
        ledgers.status(_draft(ledgers, reports, name))
        for name in _finished(reports)
        if str(name) not in ledgers.issued and ledgers.notice_state(name) in (None, NoticeState.DRAFTED)
    ]


def code_subject(status: ApprovalStatus) -> Subject:
    """What a one-time code for the step that a draft waits for is bound to; ApprovalError where it waits for none."""
    if status.waits_for is None:
        raise ApprovalError(status.draft.name, "各步均已通过，不再审")
    return Subject(str(status.draft.name), status.draft.sha256, status.waits_for)


def approval_of(
    status: ApprovalStatus, decision: Decision, actor: Actor, at: datetime, note: str = ""
) -> Approval:
    """A decision at the step the draft waits for, which `decide` records; ApprovalError where it waits for none."""
    of, name = code_subject(status), actor.account.name
    return Approval(of.document, of.sha256, of.step, decision, name, at, note.strip(), **actor.columns())


def decide(
    warehouse: Warehouse, plans: Plans, accounts: Accounts, status: ApprovalStatus, approval: Approval
) -> ApprovalStatus:
    """Record a decision; returns how far the draft is then. AccountError where the account may not take that step."""
    draft, at = status.draft, approval.decided_at
    account = accounts.require(approval.decided_by, DUTIES[approval.step])
    if not draft.is_sample:
        accounts.require_real(account, f"{draft.name}（不是示例数据）")
    catalogue = plans.of(Period.parse(draft.name.period).year)
    _check_decision(status, approval, draft.name, catalogue.policy.approval.people_differ)
    if status.words_fault and approval.decision is Decision.APPROVED:
        raise ApprovalError(draft.name, status.words_fault)
    if draft.name.notice:
        overtaken = noticing.overtaken(warehouse, catalogue, draft.name.period, at.date())
        if why := overtaken.get(draft.name.notice):
            raise ApprovalError(
                draft.name, f"情况已有变化（{why}），不得发出；先运行 diaodu notices {draft.name.period}"
            )
    # Before the ledger: no decision there is without its line in the access record.
    accounts.note(
        AccessKind.APPROVAL, at, account, document=approval.document, sha256=approval.sha256,
        step=str(approval.step), decision=str(approval.decision), instructed_by=approval.instructed_by,
    )  # fmt: skip
    warehouse.append([approval_event(approval)])
    return _Ledgers(warehouse, plans).status(draft)


def _check_decision(
    status: ApprovalStatus, approval: Approval, name: DocumentName, people_differ: bool
) -> None:
    by, step = approval.decided_by, approval.step
    if approval.decision is Decision.RETURNED and not approval.note:
        raise ApprovalError(name, "退回要写明原因")
    same = next((a for a in status.decisions if a.decided_by == by and a.step is not step), None)
    if people_differ and approval.decision is Decision.APPROVED and same:
        raise ApprovalError(
            name, f"{same.step.label}已由{by}办理，{step.label}须换人：审核和签发不得是同一人"
        )


def _finished(reports: Path) -> Iterator[DocumentName]:
    for pattern in ("*/*/manifest.json", "*/notices/*/manifest.json"):
        for manifest in sorted(reports.glob(pattern)):
            folder = manifest.parent.relative_to(reports).as_posix()
            if "@" not in folder:
                yield DocumentName.parse(folder)


def _draft(ledgers: "_Ledgers", reports: Path, name: DocumentName) -> Draft:
    folder = reports / str(name)
    if not (folder / "manifest.json").exists():
        raise UnknownDocumentError(str(name))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (pdf,) = folder.glob("*.pdf")
    sha256 = sha256_of(pdf.read_bytes())
    if sha256 != manifest["files"]["pdf"]:
        raise ApprovalError(name, f"{pdf.name} 与制作记录不符，可能被改动过；请重新生成")
    return Draft(
        name=name,
        kind=ledgers.kind(name),
        title=manifest["title"],
        pdf=pdf,
        sha256=sha256,
        as_of=datetime.fromisoformat(manifest["as_of"]),
        issued_on=date.fromisoformat(manifest["issued_on"]),
        is_sample=manifest["sample"],
        edits=tuple(manifest.get("edits", ())),
        stale=tuple(manifest.get("stale", ())),
        outside=tuple(
            one["text"]
            for block in manifest["printed"]
            for one in block["printed"]
            if one["kind"] == "outside"
        ),
    )


class _Ledgers:
    """What the ledgers say of drafts, each asked once for all of them."""

    def __init__(self, warehouse: Warehouse, plans: Plans) -> None:
        self._warehouse, self._plans = warehouse, plans
        self._matters_by_year: dict[int, tuple[MatterStatus, ...]] = {}

    @cached_property
    def issued(self) -> Mapping[str, Issued]:
        """Issued documents by the name they were drafted under."""
        return {one.document: one for one in issued(self._warehouse)}

    def status(self, draft: Draft) -> ApprovalStatus:
        """How far the draft has come, by the decisions on this very PDF and the policy of its year."""
        catalogue = self._plans.of(Period.parse(draft.name.period).year)
        own = [
            one for one in self._approvals if (one.document, one.sha256) == (str(draft.name), draft.sha256)
        ]
        last = {one.step: one.decision for one in own}
        steps = catalogue.policy.approval.steps(draft.kind)
        waits_for = next((step for step in steps if last.get(step) is not Decision.APPROVED), None)
        changed = self._last_change
        newer = changed if changed and changed > draft.as_of else None
        edits = tuple(edit_record(edit) for edit in self._edits.get(str(draft.name), ()))
        return ApprovalStatus(draft, tuple(own), waits_for, newer, lacks_edits=edits != draft.edits)

    def kind(self, name: DocumentName) -> str:
        """As the policy calls it."""
        if name.correction_ordinal:
            return CORRECTION
        if not name.notice:
            return COUNTY_REPORT if name.county else name.kind
        (kind,) = {str(one.notice.kind) for one in self._matters(name)}
        return kind

    def notice_state(self, name: DocumentName) -> NoticeState | None:
        """The state of a notice, unsent if any matter of it is; None for every other document."""
        states = [one.state for one in self._matters(name)] if name.notice else []
        return next((s for s in states if s is NoticeState.DRAFTED), states[0] if states else None)

    @cached_property
    def _approvals(self) -> tuple[Approval, ...]:
        return approvals(self._warehouse)

    @cached_property
    def _edits(self) -> Mapping[str, tuple[ParagraphEdit, ...]]:
        return in_force_by_document(self._warehouse)

    @cached_property
    def _last_change(self) -> datetime | None:
        return last_change(self._warehouse)

    def _matters(self, name: DocumentName) -> list[MatterStatus]:
        year = int(name.period[:4])
        if year not in self._matters_by_year:
            self._matters_by_year[year] = matter_statuses(self._warehouse, year)
        return [one for one in self._matters_by_year[year] if one.notice.number == name.notice]
