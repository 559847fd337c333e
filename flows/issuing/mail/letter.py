"""A letter as it travels (信件): Chinese throughout, the files attached, the same bytes whenever it is made again."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from flows.issuing.mail.mail_server import MailServer
from flows.plan.letter import Letter, Role

SAMPLE = "【示例】"
BEIJING = ZoneInfo("Asia/Shanghai")
_DOMAIN = "letters.diaodu"  # the right side of every Message-ID: not the office's, so that it never changes
_TYPES = {
    ".pdf": ("application", "pdf"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
ATTACHED = tuple(_TYPES)


def message_id(number: str, sha256: str, unit: str, address: str) -> str:
    """The Message-ID of a document (number and sha256 of its PDF) to an addressee: always the same for the same."""
    named = "\n".join((number, sha256, unit, address.lower()))
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:40]}@{_DOMAIN}>"


def one_line(text: str) -> str:
    """Text that may stand in a header: line ends and what is not seen or turns the text around become a space."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c for c in text)
    return re.sub(r" +", " ", kept).strip()


def subject_of(title: str, number: str, *, is_sample: bool) -> str:
    """【示例】关于…的通报（通人社发〔2025〕6号）."""
    return one_line(f"{SAMPLE if is_sample else ''}{title}（{number}）")


def body_of(unit_name: str, role: Role, subject: str, sentences: tuple[str, ...], *, is_sample: bool) -> str:
    """The short text: whom it is for, the document, its few figures, what to do if it does not open."""
    figures = [f"　　{one_line(sentence)}" for sentence in sentences]
    lines = [
        f"{one_line(unit_name)}：",
        "",
        f"　　随信{'抄送' if role is Role.CC else '送上'}{_titled(subject)}，正文和附表见附件，请查收。",
        *figures,
        *(["　　本件由虚构的示例数据生成，仅供演示，不作任何依据。"] if is_sample else []),
        "　　如附件打不开，或与本单位无关，请回复本邮件告知。",
    ]
    return "\n".join(lines) + "\n"


def _titled(subject: str) -> str:
    title, bracket, number = subject.removeprefix(SAMPLE).rpartition("（")
    return f"《{title}》{bracket}{number}"


def written(letter: Letter, server: MailServer, reply_to: str, files: Mapping[str, bytes]) -> bytes:
    """The whole message with CRLF lines. `files` are its attachments by name; dated when it was queued, so that
    a second attempt is the very same letter."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(server.sender_name, server.sender)
    message["To"] = _address(letter.unit_name, letter.address)
    if reply_to and reply_to != server.sender:
        message["Reply-To"] = _address("", reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(in_beijing(letter.queued_at))
    message["Message-ID"] = letter.letter_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{letter.body}\n{_signature(letter, server)}", charset="utf-8", cte="base64")
    for name, content in files.items():
        main, sub = _TYPES.get(name[name.rfind(".") :], ("application", "octet-stream"))
        message.add_attachment(content, maintype=main, subtype=sub, filename=one_line(name))
    message["Content-Language"] = "zh-CN"  # last: setting the content drops it
    message.set_boundary(f"=_{letter.letter_id[1:41]}")  # base64 has no `_`: it cannot stand in a part
    return message.as_bytes()


def note_to_operator(
    server: MailServer, address: str, lines: tuple[str, ...], at: datetime, *, is_sample: bool
) -> bytes:
    """What the operator must see to: a line each. No document, so not in the outbox; the same note is one letter."""
    said = "\n".join(one_line(line) for line in lines) + "\n"
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(server.sender_name, server.sender)
    message["To"] = _address("", address)
    message["Subject"] = f"{SAMPLE if is_sample else ''}发文信件有 {len(lines)} 封需要处理"
    message["Date"] = format_datetime(in_beijing(at))
    message["Message-ID"] = message_id(
        "经办", hashlib.sha256(said.encode()).hexdigest(), at.isoformat(), address
    )
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{said}\n处理办法用 diaodu outbox 列出。\n", charset="utf-8", cte="base64")
    return message.as_bytes()


def trial_letter(server: MailServer, address: str, at: datetime) -> bytes:
    """A letter to the operator that shows that mail goes out; it carries nothing."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(server.sender_name, server.sender)
    message["To"] = _address("", address)
    message["Subject"] = "就业促进行动调度：试发"
    message["Date"] = format_datetime(in_beijing(at))
    message["Message-ID"] = message_id("试发", "", at.isoformat(), address)
    message["Auto-Submitted"] = "auto-generated"
    text = f"这是 {at:%Y-%m-%d %H:%M} 试发的信，收到即说明发信设置可用。没有附件，不用答复。\n"
    message.set_content(text, charset="utf-8", cte="base64")
    return message.as_bytes()


def _signature(letter: Letter, server: MailServer) -> str:
    at = letter.queued_at
    return f"{one_line(server.sender_name)}\n{at.year}年{at.month}月{at.day}日\n\n附件：\n" + "".join(
        f"{name}\n  sha256 {digest}\n" for name, digest in letter.attachments
    )


def in_beijing(at: datetime) -> datetime:
    """A naive Beijing moment with its zone."""
    return at.replace(tzinfo=BEIJING)


def _address(name: str, address: str) -> Address:
    return Address(display_name=one_line(name), addr_spec=address)
