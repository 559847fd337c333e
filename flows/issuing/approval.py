"""Passing a draft (送审、审核、签发): which drafts wait, for which step, and what somebody decided.

A decision is on one PDF, known by its hash. A draft made again with other bytes has not been passed by anybody.
"""

import json
import os
import platform
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.documents import notices as noticing
from flows.documents.evidence import last_change
from flows.files import sha256_of
from flows.plan.catalogue import Catalogue
from flows.plan.folders import plan_of
from flows.plan.issued import CORRECTION, Approval, Decision, DocumentName, Step, UnknownDocumentError
from flows.plan.notice import MatterStatus, NoticeState
from flows.plan.period import Period
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, decided, issued
from flows.warehouse.notice_ledger import filed

FEEDBACK = "feedback"  # how the policy calls any document for one county


class PassingError(RuntimeError):
    """A draft that may not be passed or issued: which, why, and what to do."""

    def __init__(self, name: DocumentName | str, why: str) -> None:
        super().__init__(f"{name}：{why}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished draft as it lies in its folder: `kind` as the policy names it, `sha256` of its PDF."""

    name: DocumentName
    kind: str
    title: str
    pdf: Path
    sha256: str
    as_of: datetime
    issued_on: date
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a draft has come: the decisions on this very PDF, the step it waits for (None: all passed), and
    when data came in that it does not hold (None: it holds all)."""

    draft: Draft
    decisions: tuple[Approval, ...]
    waits_for: Step | None
    newer_data_at: datetime | None

    @property
    def returned(self) -> Approval | None:
        """The decision that sent it back, if that is the last one."""
        last = self.decisions[-1] if self.decisions else None
        return last if last and last.decision is Decision.RETURNED else None


def standing(settings: Settings, document: str) -> Standing:
    """How far one draft has come; PassingError where it cannot be passed as it lies there."""
    name = DocumentName.parse(document)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        gone = next((d for d in issued(warehouse) if d.document == str(name)), None)
        if gone:
            raise PassingError(name, f"已于{gone.issued_on}以{gone.number}印发；数有更正的，出更正说明")
        return _standing(warehouse, _catalogue(settings, name), _draft(settings, warehouse, name))


def waiting(settings: Settings) -> list[Standing]:
    """Every finished draft that is not issued, by period and name; those as of an earlier moment are not drafts."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        gone = {d.document for d in issued(warehouse)}
        return [
            _standing(warehouse, _catalogue(settings, name), _draft(settings, warehouse, name))
            for name in _finished(settings)
            if str(name) not in gone and _notice_state(warehouse, name) in (None, NoticeState.DRAFTED)
        ]


def free_to_go(settings: Settings) -> list[str]:
    """The drafts that wait for nobody: the policy asks no step of their kind, or all are passed."""
    return [str(found.draft.name) for found in waiting(settings) if found.waits_for is None]


def decide(
    settings: Settings, found: Standing, decision: Decision, by: str, at: datetime, note: str = ""
) -> Standing:
    """Write down what somebody decided at the step the draft waits for; returns how far it is then."""
    draft, step = found.draft, found.waits_for
    if step is None:
        raise PassingError(draft.name, "各步均已通过，不再审")
    _may_decide(settings, found, step, decision, by.strip(), note.strip(), at)
    approval = Approval(
        str(draft.name), draft.sha256, step, decision, by.strip(), at, note.strip(),
        os_user=pwd.getpwuid(os.getuid()).pw_name, host=platform.node(),
    )  # fmt: skip
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        warehouse.book([decided(approval)])
        return _standing(warehouse, _catalogue(settings, draft.name), draft)


def _may_decide(
    settings: Settings, found: Standing, step: Step, decision: Decision, by: str, note: str, at: datetime
) -> None:
    name, policy = found.draft.name, _catalogue(settings, found.draft.name).policy.approval
    if not by:
        raise PassingError(name, f"{step.label}要写明是谁：用 --by 写姓名或岗位")
    if decision is Decision.RETURNED and not note:
        raise PassingError(name, "退回要写明原因")
    same = next((a for a in found.decisions if a.decided_by == by and a.step is not step), None)
    if policy.people_differ and decision is Decision.APPROVED and same:
        raise PassingError(name, f"{same.step.label}已由{by}办理，{step.label}须换人：审核和签发不得是同一人")
    if name.notice and (why := noticing.overtaken(settings, name.period, at).get(name.notice)):
        raise PassingError(name, f"情况已有变化（{why}），不得发出；先运行 diaodu notices {name.period}")


def _finished(settings: Settings) -> Iterator[DocumentName]:
    for pattern in ("*/*/manifest.json", "*/notices/*/manifest.json"):
        for manifest in sorted(settings.reports.glob(pattern)):
            folder = manifest.parent.relative_to(settings.reports).as_posix()
            if "@" not in folder:
                yield DocumentName.parse(folder)


def _draft(settings: Settings, warehouse: Warehouse, name: DocumentName) -> Draft:
    folder = settings.reports / str(name)
    if not (folder / "manifest.json").exists():
        raise UnknownDocumentError(str(name))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (pdf,) = folder.glob("*.pdf")
    sha256 = sha256_of(pdf.read_bytes())
    if sha256 != manifest["files"]["pdf"]:
        raise PassingError(name, f"{pdf.name} 与制作记录不符，可能被改动过；请重新生成")
    return Draft(
        name=name,
        kind=_kind(warehouse, name),
        title=manifest["title"],
        pdf=pdf,
        sha256=sha256,
        as_of=datetime.fromisoformat(manifest["as_of"]),
        issued_on=date.fromisoformat(manifest["issued_on"]),
        is_sample=manifest["sample"],
    )


def _kind(warehouse: Warehouse, name: DocumentName) -> str:
    """As the policy calls it."""
    if name.correction_ordinal:
        return CORRECTION
    if not name.notice:
        return FEEDBACK if name.county else name.kind
    (kind,) = {str(one.notice.kind) for one in _matters(warehouse, name)}
    return kind


def _notice_state(warehouse: Warehouse, name: DocumentName) -> NoticeState | None:
    """The state of a notice, unsent if any matter of it is; None for every other document."""
    states = [one.state for one in _matters(warehouse, name)] if name.notice else []
    return next((s for s in states if s is NoticeState.DRAFTED), states[0] if states else None)


def _matters(warehouse: Warehouse, name: DocumentName) -> list[MatterStatus]:
    found = filed(warehouse, int(name.period[:4]))
    return [one for one in found if one.notice.number == name.notice]


def _standing(warehouse: Warehouse, catalogue: Catalogue, draft: Draft) -> Standing:
    own = [a for a in approvals(warehouse, str(draft.name)) if a.sha256 == draft.sha256]
    last = {a.step: a.decision for a in own}
    steps = catalogue.policy.approval.steps(draft.kind)
    waits_for = next((step for step in steps if last.get(step) is not Decision.APPROVED), None)
    changed = last_change(warehouse)
    newer = changed if changed and changed > draft.as_of else None
    return Standing(draft, tuple(own), waits_for, newer)


def _catalogue(settings: Settings, name: DocumentName) -> Catalogue:
    return plan_of(settings, Period.parse(name.period).year)
