"""What an office writes and reads by mail (信件): the outbox, the mailbox, forms and prompts. Base of the Office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows.handover import Handover

if TYPE_CHECKING:  # a command loads only what it runs
    from collections.abc import Sequence
    from pathlib import Path

    from flows.accounts.accounts import Actor
    from flows.issuing.delivery_round import DeliveryRound, Row
    from flows.issuing.fetching import FetchRound, OpenMailbox
    from flows.issuing.outbox import Settlement
    from flows.plan.incoming_mail import IncomingMail
    from flows.plan.letter import Letter, LetterStatus
    from flows.plan.period import Period
    from flows.submissions.ingest import ReportResult


class UnknownReporterError(RuntimeError):
    """The plan has no reporter of that name: says which there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"没有“{name}”这个报送单位，应为：{'、'.join(known)}")


class Correspondence(Handover):
    """Workbooks in and out, and letters."""

    def reporter_id(self, name: str) -> str:
        """The id of a county or department by its name or id; UnknownReporterError where the plan has none such."""
        unit = self.plan().reporter_named(name)
        if unit is None:
            raise UnknownReporterError(name, [one.name for one in self.plan().reporters])
        return unit.id

    def form(self, month: Period, reporter: str) -> tuple[str, bytes]:
        """The blank workbook of a month for one reporter: its name and its bytes."""
        from flows.submissions.forms import blank_form

        plan = self.plan(month.year)
        with self.snapshot() as warehouse:
            return blank_form(warehouse, plan, month, plan.reporter[reporter])

    def reports_of(self, reporter: str) -> list[dict[str, Any]]:
        """A row a report of one reporter, the newest first (sql/select/reports_of.sql)."""
        with self.snapshot() as warehouse:
            return warehouse.select("reports_of", reporter=reporter).to_dicts()

    def held_mail(self) -> list[IncomingMail]:
        """The messages whose files wait until somebody says whose address they came from, oldest first."""
        from flows.warehouse.mail_ledger import mail_statuses

        with self.snapshot() as warehouse:
            mails = [one.mail for one in mail_statuses(warehouse)]
        return [mail for mail in mails if mail.files and mail.reporter is None]

    def forms(self, month: Period, folder: Path | None = None) -> list[Path]:
        """Write the blank workbooks of a month, one a reporter; returns their places."""
        from flows.submissions.forms import write_forms

        with self.warehouse() as warehouse:
            default = self.settings.data / "forms" / str(month)
            return write_forms(warehouse, self.plan(month.year), month, folder or default)

    def ingest(self, files: Sequence[Path] = ()) -> list[ReportResult]:
        """Take in these workbooks, or all in the inbox: one result a report, in the order received."""
        from flows.submissions.ingest import Folders, Ingest, scan_inbox

        folders = Folders(self.settings.inbox, self.settings.raw, self.settings.receipts)
        waiting = scan_inbox(folders.inbox, files, self.now(), self.plan())
        with self.warehouse() as warehouse:
            return Ingest(warehouse, self.plans.catalogues, folders).files(waiting)

    @property
    def delivery(self) -> DeliveryRound:
        """Queueing and sending, with this office's account and contacts."""
        from flows.issuing.delivery_round import DeliveryRound
        from flows.issuing.mail.account import contacts_file

        contacts = contacts_file(self.settings)
        return DeliveryRound(self.warehouse, self.plans, self.settings.data, contacts, self.now)

    def deliver(self, samples: bool = False) -> list[Row]:
        """Send the letters that wait, each once; one row a letter or matter."""
        return self.delivery.run(samples)

    @property
    def fetching(self) -> FetchRound:
        """Reading the mailbox, with this office's contacts; PlanError where those are missing or wrong."""
        from flows.issuing.fetching import FetchRound
        from flows.issuing.mailbox_account import own_domain

        data, inbox, contacts = self.settings.data, self.settings.inbox, self.delivery.contacts()
        return FetchRound(self.warehouse, data, inbox, contacts, own_domain(), self.now)

    def fetch(self, open_mailbox: OpenMailbox | None = None) -> list[Row]:
        """Fetch the mail, take in what waits, and send the receipts with whatever else waits in the outbox: one row a
        message or matter. `open_mailbox` opens the mailbox; by default, the one of the settings."""
        from flows.issuing.mail.mailbox import ImapMailbox
        from flows.issuing.mailbox_account import imap_account

        if open_mailbox is None:
            account = imap_account()
            open_mailbox = lambda: ImapMailbox(account)  # noqa: E731  # opened again where the line breaks
        rows = self.fetching.run(open_mailbox)
        self.ingest()
        notified = self.delivery.tell_operator(rows, samples=False)
        return rows + notified + self.deliver()

    def mail_forms(self, month: str, folder: Path | None = None) -> list[Letter]:
        """Write the blank workbooks of a month and queue each for its reporter, once; returns the new letters."""
        from flows.issuing.form_letters import queue_forms
        from flows.operations.inventory import mark_done
        from flows.plan.agenda import Job
        from flows.plan.period import Period

        period = Period.parse(month)
        written = self.forms(period, folder)
        with self.warehouse() as warehouse:
            contacts = self.delivery.contacts()
            letters = queue_forms(warehouse, contacts, self.settings.data, period, written, self.now())
        mark_done(self.settings, Job.FORMS, month, self.now().date())
        return letters

    def mail_prompts(self, month: str) -> list[Letter]:
        """Queue a reminder to everybody who has not reported a month yet, once; returns the new letters."""
        from flows.issuing.form_letters import queue_prompts
        from flows.operations.inventory import mark_done
        from flows.plan.agenda import Job
        from flows.plan.period import Period

        with self.warehouse() as warehouse:
            letters = queue_prompts(warehouse, self.delivery.contacts(), Period.parse(month), self.now())
        mark_done(self.settings, Job.PROMPTS, month, self.now().date())
        return letters

    def has_mailbox(self) -> bool:
        """Whether a mailbox is set, which reports may come to."""
        from flows.issuing.mailbox_account import has_mailbox

        return has_mailbox()

    def confirm_sender(self, address: str, reporter: str, actor: Actor) -> str:
        """Remember that an address is a reporter's and let in what was held of it; a sentence of what was done."""
        unit = self.reporter_id(reporter)
        with self.registering(actor, "来信地址的确认", address) as columns:
            released = self.fetching.confirm(address, unit, self.now(), columns)
        name = self.plan().name_of(unit)
        return f"已记住：{address} 是{name}的地址，先前的来信 {len(released)} 件随后收表"

    def letters(self) -> tuple[LetterStatus, ...]:
        """Every letter with its present state, in the order they were queued."""
        from flows.warehouse.letter_ledger import letter_statuses

        with self.snapshot() as warehouse:
            return letter_statuses(warehouse)

    def settle(self, letter: str, how: Settlement, note: str, actor: Actor) -> str:
        """Record the operator's decision on a letter; a sentence of what follows."""
        from flows.issuing.outbox import settle

        with self.warehouse() as warehouse, self.registering(actor, f"信件{how.label}", letter) as columns:
            return settle(warehouse, self.delivery.contacts, letter, how, self.now(), note, columns)
