"""A letter as it travels (信件): Chinese throughout, the files attached, the same bytes whenever it is made again."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from flows.issuing.mail.account import MailServer
from flows.issuing.mail.letter_page import Block, as_page, as_text
from flows.issuing.mail.mime import WIRE, composed, encoded_address, encoded_name, encoded_text
from flows.plan.issued import SealedCopy
from flows.plan.letter import Letter, LetterKind, Role

SAMPLE = "【示例】"
BEIJING = ZoneInfo("Asia/Shanghai")
_DOMAIN = "letters.diaodu"  # in the ledger, so that a letter keeps its id; it travels under the sender's own (sent_id)
ATTACHED = (".pdf", ".xlsx")


def message_id(number: str, sha256: str, unit: str, address: str) -> str:
    """The ledger's id of a letter: a document (number and sha256 of its PDF) to an addressee; the same for the same."""
    named = "\n".join((number, sha256, unit, address.lower()))
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:40]}@{_DOMAIN}>"


def carrying(letter: Letter, copy: SealedCopy | None) -> Letter:
    """The letter with the sealed copy in place of the PDF as it was issued; the same where there is no copy, or it has it
    already."""
    if copy is None or letter.sha256 == copy.sha256:
        return letter
    place = copy.place.removeprefix(f"{letter.folder}/")
    files = [(name, digest) for name, digest in letter.attachments if not name.endswith(".pdf")]
    named = message_id(letter.number, copy.sha256, letter.unit, letter.address)
    return replace(letter, letter_id=named, sha256=copy.sha256, attachments=((place, copy.sha256), *files))


def one_line(text: str) -> str:
    """Text that may stand in a header: line ends and what is not seen or turns the text around become a space."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text)
    return re.sub(r" +", " ", kept).strip()


def subject_of(title: str, number: str, *, is_sample: bool) -> str:
    """【示例】关于…的通报（通人社发〔2025〕6号）."""
    return one_line(f"{SAMPLE if is_sample else ''}{title}（{number}）")


def body_of(unit_name: str, role: Role, subject: str, said: Sequence[Block], *, is_sample: bool) -> str:
    """The text of a document's letter: whom it is for, the document, what it says to them, what to do if it does not
    open."""
    return as_text(*_words(unit_name, role, subject, said, is_sample=is_sample))


def page_of(unit_name: str, role: Role, subject: str, said: Sequence[Block], *, is_sample: bool) -> str:
    """The same as a page."""
    return as_page(*_words(unit_name, role, subject, said, is_sample=is_sample))


def _words(
    unit_name: str, role: Role, subject: str, said: Sequence[Block], *, is_sample: bool
) -> tuple[str, list[Block], str]:
    sent = f"随信{'抄送' if role is Role.CC else '送上'}{_titled(subject)}，正文和附表见附件，请查收。"
    items = [one_line(block) if isinstance(block, str) else block for block in said]
    sample = ["本件由虚构的示例数据生成，仅供演示，不作任何依据。"] if is_sample else []
    help_line = "如附件打不开，或与本单位无关，请回复本邮件告知。"
    return f"{one_line(unit_name)}：", [sent, *items, *sample, help_line], ""


def _titled(subject: str) -> str:
    title, bracket, number = subject.removeprefix(SAMPLE).rpartition("（")
    return f"《{title}》{bracket}{number}"


def written(letter: Letter, server: MailServer, reply_to: str, files: Mapping[str, bytes]) -> bytes:
    """The whole message with CRLF lines. `files` are its attachments by name; dated when it was queued, so that
    a second attempt is the very same letter."""
    text = f"{letter.body}\n{_signature(letter, server)}"
    page = letter.html.replace("</div></body>", f"{_signature_page(letter, server)}</div></body>")
    message = composed(
        text,
        page,
        [(attachment_name(letter, name), content) for name, content in files.items()],
        letter.letter_id,
    )
    _add_headers(message, server, (letter.unit_name, letter.address), letter.subject, letter.queued_at)
    if reply_to and reply_to != server.sender and letter.kind is LetterKind.DOCUMENT:
        message["Reply-To"] = reply_to
    message["Message-ID"] = sent_id(letter.letter_id, server)
    is_reply = letter.kind is LetterKind.RECEIPT
    message["Auto-Submitted"] = "auto-replied" if is_reply else "auto-generated"
    for name, value in (("In-Reply-To", letter.in_reply_to), ("References", letter.reference_ids)):
        if value:
            message[name] = "\r\n ".join(one_line(value).split())
    for name, digest in letter.attachments:
        message["X-Diaodu-SHA256"] = f"{digest} {encoded_name(attachment_name(letter, name))}"
    return message.as_bytes(policy=WIRE)


def sent_id(letter_id: str, server: MailServer) -> str:
    """The Message-ID under which a letter travels: the ledger's, under the domain that it is sent from."""
    return f"{letter_id.partition('@')[0]}@{server.domain}>"


def ledger_id(sent: str) -> str:
    """The ledger's id of a letter by the Message-ID under which it travelled."""
    return f"{sent.partition('@')[0]}@{_DOMAIN}>"


def attachment_name(letter: Letter, name: str) -> str:
    """The name that an attachment has for whoever gets it: a document's, 通人社发〔2025〕1号 关于….pdf; else its own."""
    own = one_line(name.rpartition("/")[2])
    title = letter.subject.removeprefix(SAMPLE).removesuffix(f"（{letter.number}）")
    if letter.kind is not LetterKind.DOCUMENT:
        return own
    suffix = own[own.rfind(".") :]
    is_only = sum(other.endswith(suffix) for other, _ in letter.attachments) <= 1
    return one_line(f"{letter.number} {title}{suffix}" if is_only else f"{letter.number} {own}")


def _add_headers(
    message: Message, server: MailServer, to: tuple[str, str], subject: str, at: datetime
) -> None:
    message["From"] = encoded_address(one_line(server.sender_name), server.sender)
    message["To"] = encoded_address(one_line(to[0]), to[1])
    message["Subject"] = encoded_text(one_line(subject))
    message["Date"] = format_datetime(in_beijing(at))
    message["Content-Language"] = "zh-CN"


def note_to_operator(
    server: MailServer, address: str, lines: tuple[str, ...], at: datetime, *, is_sample: bool
) -> bytes:
    """What the operator must see to: a line each. No document, so not in the outbox; the same note is one letter."""
    said = "\n".join(one_line(line) for line in lines) + "\n"
    subject = f"{SAMPLE if is_sample else ''}往来信件有 {len(lines)} 封需要处理"
    named = message_id("经办", hashlib.sha256(said.encode()).hexdigest(), at.isoformat(), address)
    return _plain(server, address, subject, f"{said}\n处理办法用 diaodu outbox 列出。\n", at, named)


def trial_letter(server: MailServer, address: str, at: datetime) -> bytes:
    """A letter to the operator that shows that mail goes out; it carries nothing."""
    text = f"这是 {at:%Y-%m-%d %H:%M} 试发的信，收到即说明发信设置可用。没有附件，不用答复。\n"
    named = message_id("试发", "", at.isoformat(), address)
    return _plain(server, address, "就业促进行动调度：试发", text, at, named)


def _plain(server: MailServer, address: str, subject: str, text: str, at: datetime, letter_id: str) -> bytes:
    message = composed(text, "", [], letter_id)
    _add_headers(message, server, ("", address), subject, at)
    message["Message-ID"] = sent_id(letter_id, server)
    message["Auto-Submitted"] = "auto-generated"
    return message.as_bytes(policy=WIRE)


def _signature(letter: Letter, server: MailServer) -> str:
    """Who writes, when, and what is attached; a header's sha256 shows whether a file arrived whole."""
    return "\n".join(_signature_lines(letter, server)) + "\n"


def _signature_lines(letter: Letter, server: MailServer) -> list[str]:
    at = letter.queued_at
    names = [attachment_name(letter, name) for name, _ in letter.attachments]
    signed = [one_line(server.sender_name), f"{at.year}年{at.month}月{at.day}日"]
    if len(names) == 1:  # numbered from two on, as in a document
        return [*signed, "", f"附件：{names[0]}"]
    return [*signed, *(["", "附件：", *(f"{n}. {name}" for n, name in enumerate(names, 1))] if names else [])]


def _signature_page(letter: Letter, server: MailServer) -> str:
    lines = "<br>".join(escape(line) for line in _signature_lines(letter, server))
    return f'<p style="margin:16px 0 0;color:#555">{lines}</p>'


def in_beijing(at: datetime) -> datetime:
    """A naive Beijing moment with its zone."""
    return at.replace(tzinfo=BEIJING)
