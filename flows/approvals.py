"""What the accounts of an office do (审签、登记): decide on drafts, issue one-time codes, confirm sources, record by
hand. Base of the Office.

Raises AccountError where an account may not, ApprovalError where the draft is not one to decide on.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from flows.resources import Resources

if TYPE_CHECKING:  # a command loads only what it runs: the layout engine alone takes half a second
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from flows.accounts.accounts import Account, Actor, Duty
    from flows.issuing.approval import ApprovalStatus
    from flows.plan.issued import Decision, DocumentName
    from flows.plan.period import Period
    from flows.submissions.sources import UnverifiedSource
    from flows.warehouse.events import Columns


class Approvals(Resources):
    """Drafts and the accounts that decide on them."""

    def waiting(self) -> list[ApprovalStatus]:
        """Every finished draft that is not issued, with how far it has come."""
        from flows.issuing.approval import waiting

        with self.snapshot() as warehouse:
            return waiting(warehouse, self.plans, self.settings.reports)

    def approval_status(self, document: str) -> ApprovalStatus:
        """How far one draft has come."""
        from flows.issuing.approval import approval_status

        with self.snapshot() as warehouse:
            return approval_status(warehouse, self.plans, self.settings.reports, document)

    def addressee(self, name: DocumentName) -> str:
        """The county or unit that a document is for; empty for one that is for all."""
        return self.plan(int(name.period[:4])).name_of(name.county) if name.county else ""

    def decide(
        self, status: ApprovalStatus, decision: Decision, actor: Actor, note: str = ""
    ) -> ApprovalStatus:
        """Record what an account decided at the step a draft waits for."""
        from flows.issuing.approval import approval_of, decide

        approval = approval_of(status, decision, actor, self.now(), note)
        with self.warehouse() as warehouse:
            return decide(warehouse, self.plans, self.accounts, status, approval)

    def issue_code(self, document: str, account: Account) -> tuple[str, datetime]:
        """A one-time code with which an account that has logged in may decide on a draft on Prefect's page, and until
        when."""
        from flows.accounts.codes import issue_code
        from flows.issuing.approval import DUTIES, code_subject

        status = self.approval_status(document)
        subject = code_subject(status)
        self.accounts.require(account.name, DUTIES[subject.step])
        return issue_code(self.accounts, account, subject, self.now())

    def decide_by_code(
        self, status: ApprovalStatus, decision: Decision, name: str, code: str, note: str, instructed_by: str
    ) -> ApprovalStatus:
        """Record what an account decided by its one-time code, which is used up whatever comes of it."""
        from flows.accounts.accounts import AccountError, Actor
        from flows.accounts.codes import refuse_code, use_code
        from flows.issuing.approval import ApprovalError, code_subject

        subject = code_subject(status)
        account = use_code(self.accounts, name, code, subject, self.now())
        try:
            return self.decide(status, decision, Actor(account, instructed_by), note)
        except (AccountError, ApprovalError) as fault:
            refuse_code(self.accounts, account, subject, str(fault), self.now())
            raise

    def refused_codes(self, status: ApprovalStatus) -> int:
        """How many codes were refused for the step that a draft waits for."""
        from flows.accounts.codes import refusals
        from flows.issuing.approval import code_subject

        return refusals(self.accounts, code_subject(status))

    def unverified_sources(self, month: Period | None = None) -> tuple[UnverifiedSource, ...]:
        """The reports, of a month or all, whose source the office has to confirm."""
        from flows.submissions.sources import unverified_sources

        with self.snapshot() as warehouse:
            return unverified_sources(warehouse, str(month) if month else None)

    def confirm_sources(
        self, numbers: Sequence[str], note: str, actor: Actor
    ) -> tuple[UnverifiedSource, ...]:
        """Record that files did come from whom they say; returns those files."""
        from flows.submissions.sources import confirm_sources

        noted = self.registering(actor, "报表来源", "、".join(numbers))
        with self.warehouse() as warehouse, noted as columns:
            return confirm_sources(warehouse, numbers, self.now(), note, columns)

    def note_export(self, what: str, account: Account | None = None) -> None:
        """Record that data were taken out; at the terminal without an account, as the user of the machine. Nothing where
        this is no office's data folder, or its disk takes no more: reading goes on."""
        from flows.accounts.record import AccessKind
        from flows.operations.data_folder import marker

        if marker(self.settings).exists():
            with suppress(OSError):
                self.accounts.note(AccessKind.EXPORT, self.now(), account, what=what)

    @contextmanager
    def registering(
        self, actor: Actor, what: str, subject: str, duty: Duty | None = None
    ) -> Iterator[Columns]:
        """What an account records by hand: who it is, for the ledger; in the access record once it is done. `duty` is
        REGISTER if not given."""
        from flows.accounts.accounts import Duty
        from flows.accounts.record import AccessKind

        account = self.accounts.require(actor.account.name, duty or Duty.REGISTER)
        self.accounts.require_real(account, what)
        columns = actor.columns()
        yield columns
        instructed_by = columns["instructed_by"]
        self.accounts.note(
            AccessKind.REGISTERED,
            self.now(),
            account,
            what=what,
            subject=subject,
            instructed_by=instructed_by,
        )
