"""Receipts as replies (回执信): once every file of a message is dealt with, its sender is answered, at most once.

The decision on a message and its letter are one transaction of the journal, so that a crash at any instant answers
nothing twice and forgets nobody. What machines write is not answered, nor is an address beyond its daily number.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flows.files import sha256_of, write_whole
from flows.issuing.mail.letter import message_id, one_line
from flows.issuing.mail.letter_page import Block, Lines, Table, as_page, as_text
from flows.plan.catalogue import Catalogue
from flows.plan.incoming_mail import IncomingMail, MailKind, MailResult
from flows.plan.letter import Letter, LetterKind, Role
from flows.submissions.form.layout import RETURNED
from flows.submissions.receipts.receipt import STATUS_LABELS
from flows.warehouse.connection import Warehouse
from flows.warehouse.letter_ledger import queued_events
from flows.warehouse.mail_ledger import answer_decided, mail_results, mail_statuses

_AGAIN = re.compile(r"^(?:(?:re|回复|答复|回覆)\s*[:：]\s*)+", re.IGNORECASE)
_HASH = re.compile(rf"{RETURNED}-[0-9a-f]{{12}}")
_CLOSING = "报表有改正的，直接回复本邮件、附上工作簿即可。本邮件由系统自动发出。"


def queue_receipts(
    warehouse: Warehouse, catalogue: Catalogue, data: Path, own_addresses: Sequence[str], at: datetime
) -> list[Letter]:
    """Decide on every message that is dealt with and not decided on; returns the letters put into the outbox."""
    statuses, letters = mail_statuses(warehouse), []
    answered = Counter(
        one.mail.sender for one in statuses if one.letter_id and one.mail.noticed_at.date() == at.date()
    )
    receipts = {one.letter_id[1:41] for one in statuses if one.letter_id}
    own, limit = {address.lower() for address in own_addresses}, catalogue.policy.mail.receipts_per_day
    for mail in [one.mail for one in statuses if one.letter_id is None]:
        results = mail_results(warehouse, mail.mail_id)
        if not _is_dealt_with(mail, results):
            continue
        is_over = answered[mail.sender] >= limit
        if why := _not_answered(mail, results, is_over=is_over, own=own, receipts=receipts):
            warehouse.append([answer_decided(mail.mail_id, at, "", why)])
            continue
        letter = _letter(mail, results, catalogue, data, at)
        warehouse.append([*queued_events(letter, at), answer_decided(mail.mail_id, at, letter.letter_id)])
        answered[mail.sender] += 1
        letters.append(letter)
    return letters


def _is_dealt_with(mail: IncomingMail, results: Sequence[MailResult]) -> bool:
    if mail.kind is not MailKind.REPORT:
        return True
    return mail.reporter is not None and {digest for _, digest in mail.files} <= {
        one.file_sha256 for one in results
    }


def _not_answered(
    mail: IncomingMail, results: Sequence[MailResult], *, is_over: bool, own: set[str], receipts: set[str]
) -> str:
    """Why a message is not answered; empty where it is. `receipts` are the beginnings of the Message-IDs of those sent."""
    if mail.is_automatic:
        return "自动邮件"
    if mail.kind is MailKind.TOO_LARGE and mail.reporter is None:
        return "发件地址未登记"
    if mail.kind not in (MailKind.REPORT, MailKind.TOO_LARGE):
        return mail.kind.label
    if not mail.sender or mail.sender in own:
        return "没有可回的地址"
    is_of_receipt = any(one[1:41] in receipts for one in mail.reference_ids.split())
    if results and is_of_receipt and all(one.status == "unchanged" for one in results):
        return "把回执原样退了回来"
    return "当日回执已达上限" if is_over else ""


def _letter(
    mail: IncomingMail, results: Sequence[MailResult], catalogue: Catalogue, data: Path, at: datetime
) -> Letter:
    unit = mail.reporter or ""
    greeting = f"{catalogue.name_of(unit) if unit else '您好'}："
    blocks, folder = _blocks(mail, results, data), f"mail/receipts/{mail.short_id}"
    return Letter(
        letter_id=message_id("回执", mail.mail_id, unit, mail.sender),
        number=f"回执 {mail.short_id}",
        sha256=mail.mail_id,
        unit=unit,
        unit_name=greeting.rstrip("："),
        role=Role.TO,
        address=mail.sender,
        subject=one_line(f"回复：{_AGAIN.sub('', mail.subject)}"),
        body=as_text(greeting, blocks, _CLOSING),
        attachments=_attachments(results, data, data / folder),
        folder=folder,
        queued_at=at,
        is_sample=False,
        kind=LetterKind.RECEIPT,
        html=as_page(greeting, blocks, _CLOSING),
        in_reply_to=mail.message_id,
        reference_ids=" ".join(dict.fromkeys([*mail.reference_ids.split(), mail.message_id])).strip(),
    )


def _blocks(mail: IncomingMail, results: Sequence[MailResult], data: Path) -> list[Block]:
    when = f"{mail.received_at.month}月{mail.received_at.day}日{mail.received_at:%H:%M}"
    if mail.kind is MailKind.TOO_LARGE:
        return [f"{when}来信过大，没有收下。请只附报表工作簿，重新发来。"]
    left = sum(one.status == "refused" or one.items_left > 0 for one in results)
    said = f"{when}来信收到，报表 {len(results)} 份，" + (
        f"其中 {left} 份需要您处理：" if left else "没有需要您处理的事项："
    )
    rows = tuple(
        (
            one.report_name,
            STATUS_LABELS[one.status] + (f"，{one.items_left} 项待处理" if one.items_left else ""),
            one.next_step,
        )
        for one in results
    )
    receipts = [
        Lines(f"{one.report_name} 的回执", _receipt_text(data / one.receipt))
        for one in results
        if one.receipt
    ]
    return [said, Table(("报表", "结果", "请您"), rows, is_numeric=False), *receipts]


def _receipt_text(path: Path) -> str:
    """The receipt without its rules and its hash, which nobody compares by eye; `data/receipts` keeps it whole."""
    if not path.is_file():
        return "（回执文件已不在，结果以上表为准）"
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if line.strip("─") and not line.startswith("文件校验码"))


def _attachments(results: Sequence[MailResult], data: Path, folder: Path) -> tuple[tuple[str, str], ...]:
    """The workbooks that go back, copied under the names that their sender sees, with their sha256."""
    attached: dict[str, str] = {}
    for returned in dict.fromkeys(one.returned for one in results if one.returned):
        source = data / returned
        name = _HASH.sub(RETURNED, source.name)
        stem, dot, suffix = name.rpartition(".")
        name = name if name not in attached else f"{stem}{len(attached) + 1}{dot}{suffix}"
        content = source.read_bytes()
        write_whole(folder / name, content)
        attached[name] = sha256_of(content)
    return tuple(attached.items())
