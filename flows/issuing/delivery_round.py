"""One round of delivery (发送情况): queue, withdraw what no longer holds, send, and notify the operator of what needs a hand."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.documents import notices as noticing
from flows.files import write_whole
from flows.issuing.fetching import HELD
from flows.issuing.form_letters import needless_prompts
from flows.issuing.mail import smtp
from flows.issuing.mail.account import MailAccountError, MailSettings, mail_server
from flows.issuing.mail.contacts import Contacts, load_contacts
from flows.issuing.mail.letter import note_to_operator, trial_letter
from flows.issuing.outbox import NEEDS_A_HAND
from flows.issuing.queueing import QueueError, queue, unqueued
from flows.issuing.receipt_letters import queue_receipts
from flows.issuing.sending import (
    Clock,
    OpenWarehouse,
    Sender,
    SendResult,
    Waiting,
    recover_interrupted,
    sole_sender,
    waiting_letters,
)
from flows.plan.issued import DocumentName
from flows.plan.letter import Letter, LetterKind, LetterState, LetterStatus
from flows.plan.load import Plans
from flows.plan.notice import MatterStatus, NoticeState
from flows.plan.period import Period
from flows.plan.plan_file import PlanError
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued
from flows.warehouse.letter_ledger import NO_ADDRESS, letter_statuses, state_letters
from flows.warehouse.notice_ledger import matter_statuses, notice_state_changed

WITHDRAWN = "文书已撤回"


def withdraw_stale(warehouse: Warehouse, plans: Plans, at: datetime) -> list[tuple[LetterStatus, str]]:
    """Drop the waiting letters of notices that no longer hold, and withdraw those; each letter with the reason."""
    dropped, withdrawn = find_stale(warehouse, plans, at)
    state_letters(warehouse, [(one, LetterState.DROPPED, one.attempt, said) for one, said in dropped], at)
    if withdrawn:
        warehouse.append(
            [
                notice_state_changed(number, NoticeState.WITHDRAWN, at, said)
                for number, said in withdrawn.items()
            ]
        )
    return dropped


def find_stale(
    warehouse: Warehouse, plans: Plans, at: datetime
) -> tuple[list[tuple[LetterStatus, str]], dict[str, str]]:
    """The waiting letters of notices that no longer hold and of needless prompts, each with the reason; and which of
    those notices are to be withdrawn, with theirs. Nothing is changed."""
    waiting = _waiting_notices(warehouse)
    overtaken: dict[str, str] = {}
    for month in {name.period for _, name in waiting}:
        catalogue = plans.of(Period.parse(month).year)
        overtaken |= noticing.overtaken(warehouse, catalogue, month, at.date())
    years = {int(name.period[:4]) for _, name in waiting}
    now = {one.notice.number: one for year in years for one in matter_statuses(warehouse, year)}
    why = {number: _why(one, overtaken.get(number, ""), at) for number, one in now.items()}
    dropped = [(one, why[name.notice]) for one, name in waiting if why[name.notice]]
    dropped += needless_prompts(warehouse)
    withdrawn = {
        name.notice: why[name.notice]
        for _, name in waiting
        if why[name.notice] and now[name.notice].is_unsent
    }
    return dropped, withdrawn


def _why(one: MatterStatus, overtaken: str, at: datetime) -> str:
    """Why a notice does not leave; empty where it may."""
    if one.state is NoticeState.WITHDRAWN:
        return WITHDRAWN
    if one.notice.reply_by < at.date():
        return f"要求{one.notice.reply_by}前答复，发送时已过"
    return overtaken


def _waiting_notices(warehouse: Warehouse) -> list[tuple[LetterStatus, DocumentName]]:
    """The waiting letters that carry a notice, each with the notice's name."""
    names = {entry.number: DocumentName.parse(entry.document) for entry in issued(warehouse)}
    return [
        (one, names[one.letter.number])
        for one in letter_statuses(warehouse, states=[LetterState.QUEUED])
        if one.letter.kind is LetterKind.DOCUMENT and names[one.letter.number].notice
    ]


OPEN = "待处理"  # failed or uncertain since an earlier round: shown every time, reported to the operator once
NEWS_FOR_OPERATOR = (LetterState.FAILED.label, LetterState.UNCERTAIN.label, HELD)
FAULTS = (*NEWS_FOR_OPERATOR, OPEN, "没有排队", "服务器", "没有告知经办")
Row = dict[str, str]


@dataclass(frozen=True)
class DeliveryRound:
    """What a round needs: how to open the warehouse, which is closed while the mail server is spoken with; the plans,
    the data folder, the file of contacts and the clock."""

    open_warehouse: OpenWarehouse
    plans: Plans
    data: Path
    contacts_file: Path
    clock: Clock

    def run(self, samples: bool) -> list[Row]:
        """Queue, withdraw and send whatever there is; one row a letter or matter. AlreadySendingError where another
        process sends, MailAccountError or PlanError where account or contacts are not usable."""
        with sole_sender(self.data):
            with self.open_warehouse() as warehouse:
                rows = [_row(one) for one in recover_interrupted(warehouse, self.clock())]
            rows += self.queue_missing()
            self.queue_receipts()
            rows += self.withdraw_stale()
            rows += self.send_all(samples)
            rows += self._unresolved(rows, samples)
            return rows + self.tell_operator(rows, samples)

    def queue_missing(self) -> list[Row]:
        """Queue the issued documents that are not queued yet: how many letters, or why there are none; and every unit
        that the contacts have no address for."""
        rows: list[Row] = []
        with self.open_warehouse() as warehouse:
            for document in unqueued(warehouse):
                catalogue = self.plans.of(Period.parse(document.period).year)
                try:
                    contacts = load_contacts(self.contacts_file, catalogue)
                    new = queue(warehouse, catalogue, contacts, self.data, document, self.clock())
                except (PlanError, QueueError) as fault:
                    rows.append(_note("没有排队", str(fault), document.number))
                    continue
                except Exception as fault:  # one document's; the letters of the others are queued and sent
                    logging.getLogger(__name__).exception("%s", document.number)
                    said = f"信件写不成：程序内部出错（{type(fault).__name__}：{fault}）"
                    rows.append(_note("没有排队", said, document.number))
                    continue
                rows.append(_note("补排队", f"{len(new)} 封", document.number))
                rows += [
                    _row(SendResult(one, LetterState.FAILED, NO_ADDRESS)) for one in new if _is_stuck(one)
                ]
        return rows

    def queue_receipts(self) -> list[Letter]:
        """Queue the receipts of what came by mail and is dealt with; returns the letters."""
        own = [MailSettings().sender]
        with self.open_warehouse() as warehouse:
            return queue_receipts(warehouse, self.plans.of(), self.data, own, self.clock())

    def withdraw_stale(self) -> list[Row]:
        """Drop what is overtaken before anything is sent; a row a letter with the reason."""
        with self.open_warehouse() as warehouse:
            dropped = withdraw_stale(warehouse, self.plans, self.clock())
        return [
            _row(SendResult(one.letter, LetterState.DROPPED, f"{LetterState.DROPPED.label}：{why}"))
            for one, why in dropped
        ]

    def send_all(self, samples: bool) -> list[Row]:
        """Send what is due, one letter after the other until the server lets nobody in; say what is left and why. The
        account is asked for only where there is something to send."""
        with self.open_warehouse() as warehouse:
            policy = self.plans.of().policy.delivery
            waiting = waiting_letters(warehouse, policy, self.clock(), samples=samples)
        results = list(self._sender().send_each(waiting.due)) if waiting.due else []
        rows = [_row(one) for one in results]
        if results and results[-1].is_general:
            rows.append(_note("服务器", results[-1].reply))
            rows[-1]["说明"] += "；信件留待发，恢复后自动再发"
        rows += _left(waiting)
        self._note_trouble(results, waiting)
        return rows

    def preview(self, samples: bool) -> list[Row]:
        """What a round would do now, a row a letter; nothing is changed and no server asked. What is issued and not yet
        queued is one row a document."""
        with self.open_warehouse() as warehouse:
            policy, now = self.plans.of().policy.delivery, self.clock()
            stale = {one.letter.letter_id: why for one, why in find_stale(warehouse, self.plans, now)[0]}
            waiting = waiting_letters(warehouse, policy, now, samples=samples)
            rows = [_note("将排队", document.title, document.number) for document in unqueued(warehouse)]
        for one in waiting.due:
            why = stale.get(one.letter.letter_id)
            size = sum(
                (self.data / one.letter.folder / name).stat().st_size for name, _ in one.letter.attachments
            )
            said = f"{one.letter.subject}；附件 {len(one.letter.attachments)} 个，{size / 1024:.0f} KB"
            row = _row(SendResult(one.letter, one.state, why or said))
            rows.append(row | {"结果": LetterState.DROPPED.label if why else "将发出"})
        return rows + _left(waiting)

    def write_messages(self, folder: Path, samples: bool) -> list[Path]:
        """Write the letters that are due as .eml, as they would travel, for looking at; nothing is changed and no server
        asked. MailAccountError or PlanError where account or contacts are not usable, AttachmentError as in sending."""
        with self.open_warehouse() as warehouse:
            policy, now = self.plans.of().policy.delivery, self.clock()
            due = waiting_letters(warehouse, policy, now, samples=samples).due
        if not due:
            return []
        sender = self._sender()
        messages = {folder / f"{one.short_id} {one.letter.unit_name}.eml": one.letter for one in due}
        for path, letter in messages.items():
            write_whole(path, sender.message(letter))
        return [*messages]

    def try_out(self) -> tuple[str, smtp.Outcome]:
        """Send one letter to the operator, with the account and the server of every letter: to which address, and what
        came of it."""
        sender = self._sender()
        letter = trial_letter(sender.server, sender.reply_to, self.clock())
        return sender.reply_to, smtp.send(sender.server, sender.reply_to, letter, sender.policy)

    def _note_trouble(self, results: list[SendResult], waiting: Waiting) -> None:
        """Keep for the watch that the server lets nothing out, since when and why; forget it once something left or
        nothing waits."""
        file = trouble_file(self.data)
        if results and results[-1].is_general:
            since = read_trouble(self.data)[0] if file.exists() else f"{self.clock():%Y-%m-%d %H:%M}"
            write_whole(file, f"{since}\n{results[-1].reply}\n".encode())
        elif results or not waiting.paused:
            file.unlink(missing_ok=True)

    def _unresolved(self, rows: list[Row], samples: bool) -> list[Row]:
        """What has failed or is uncertain since an earlier round: said every time until a person settles it."""
        listed = {row["信件"] for row in rows}
        with self.open_warehouse() as warehouse:
            letters = letter_statuses(warehouse, states=NEEDS_A_HAND)
        return [
            _row(SendResult(one.letter, one.state, f"{one.state.label}：{one.reply}")) | {"结果": OPEN}
            for one in letters
            if one.short_id not in listed and (samples or not one.letter.is_sample)
        ]

    def tell_operator(self, rows: list[Row], samples: bool) -> list[Row]:
        """Write to the operator what came to need a hand just now; a row if that fails too. Nothing where the server
        lets nobody in."""
        news = [
            f"{r['结果']}：{r['文号']} {r['单位']} {r['说明']}"
            for r in rows
            if r["结果"] in NEWS_FOR_OPERATOR
        ]
        if not news or any(r["结果"] == "服务器" for r in rows):
            return []
        try:
            sender = self._sender()
        except (MailAccountError, PlanError) as fault:
            return [_note("没有告知经办", str(fault))]
        note = note_to_operator(sender.server, sender.reply_to, tuple(news), self.clock(), is_sample=samples)
        outcome = smtp.send(sender.server, sender.reply_to, note, sender.policy)
        return [] if isinstance(outcome, smtp.Accepted) else [_note("没有告知经办", outcome.reply)]

    def contacts(self) -> Contacts:
        """The contacts by the newest plan; PlanError where the file is missing or wrong."""
        return load_contacts(self.contacts_file, self.plans.of())

    def _sender(self) -> Sender:
        policy = self.plans.of().policy
        server = mail_server(policy.documents.issuer)
        operator = self.contacts().operator
        return Sender(self.open_warehouse, self.data, server, operator, policy.delivery, self.clock)


def trouble_file(data: Path) -> Path:
    """Where it is kept that the mail server lets nothing out."""
    return data / "logs" / "delivery-trouble.txt"


def read_trouble(data: Path) -> tuple[str, str]:
    """Since when the server lets nothing out, and what it answered last; two empty texts where it does."""
    file = trouble_file(data)
    since, _, reply = (file.read_text(encoding="utf-8") if file.exists() else "").partition("\n")
    return since, reply.strip()


def _left(waiting: Waiting) -> list[Row]:
    """What waits and is not due."""
    rows = []
    if waiting.paused:
        rows.append(_note("未到时间", f"{waiting.paused} 封上次没有发成，隔一会再试"))
    if waiting.samples:
        rows.append(_note("示例未发", f"{waiting.samples} 封是示例数据，加 --sample 才发"))
    return rows


def _is_stuck(letter: Letter) -> bool:
    """Sample data is not to leave anyway."""
    return not letter.address and not letter.is_sample


def _row(result: SendResult) -> Row:
    letter = result.letter
    return {
        "结果": result.state.label,
        "文号": letter.number,
        "单位": letter.unit_name,
        "地址": letter.address,
        "信件": letter.letter_id[1:11],
        "说明": result.reply,
    }


def _note(what: str, text: str, number: str = "") -> Row:
    return {"结果": what, "文号": number, "单位": "", "地址": "", "信件": "", "说明": text}
