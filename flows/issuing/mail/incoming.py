"""Read a message that came in (来信): who wrote it, what it answers, which files it brings, which letter it returns.

Mail programs in offices write names in every way there is: RFC 2231, RFC 2047 also where it is not allowed, percent
signs, or plain GBK bytes. Nothing here raises for what a message holds: what cannot be read is left out.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from pathlib import Path

from flows.issuing.mail.header_text import decoded_header, parameter
from flows.plan.file_name import shown_name

_WORKBOOK = frozenset(
    {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ett", ".xlt", ".xltx", ".ods", ".csv", ".zip", ".rar", ".7z"}
)
_MAGIC = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls"}
_OTHER_OFFICE = frozenset({".docx", ".doc", ".pptx", ".ppt", ".wps", ".msg", ".eml", ".ofd", ".pdf"})
_NAMES = {
    "application/ms-tnef": "winmail.dat"
}  # what Outlook's rich text makes of all attachments, mostly nameless
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOT = re.compile(
    r"(?i)(mailer-daemon|postmaster|no-?reply|do-?not-?reply)[+@].*|(mailer-daemon|postmaster)"
)
_LETTER = re.compile(r"<([0-9a-f]{40})@[^<>\s]+>")  # a Message-ID of ours (flows/issuing/mail/letter.py)
_DEEPEST = 5  # messages within messages


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter of ours that came back: the beginning of its Message-ID, for whom it was, and why (RFC 3464)."""

    letter: str
    recipient: str
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A message as read. `sender` is one address in small letters, empty where it names none or several. `files` are
    its attachments that could be workbooks, or, where there is none, all that somebody attached."""

    mail_id: str
    message_id: str
    reference_ids: str
    sender: str
    subject: str
    is_automatic: bool
    files: tuple[tuple[str, bytes], ...]
    bounces: tuple[Bounce, ...]
    doubt: str


def parse(raw: bytes, own_domain: str = "") -> ParsedMail:
    """Read a message; `own_domain` is the office's, whose servers' verdicts on the sender count."""
    message = message_from_bytes(raw)
    senders = [address.lower() for _, address in getaddresses([decoded_header(message, "From")]) if address]
    message_id = next(iter(_ids(decoded_header(message, "Message-ID"))), "")
    attached = [*_attachments(message)]
    workbooks = [one for one in attached if _may_be_workbook(*one)]
    is_automatic = _is_automatic(message, senders)
    if _is_reply_of_machine(message, senders) or _is_own(message_id, own_domain):  # what is in it is ours
        workbooks = attached = []
    return ParsedMail(
        mail_id=_fingerprint(message, message_id, senders),
        message_id=message_id,
        reference_ids=" ".join(
            _ids(f"{decoded_header(message, 'References')} {decoded_header(message, 'In-Reply-To')}")
        ),
        sender=senders[0] if len(set(senders)) == 1 else "",
        subject=_subject(message),
        is_automatic=is_automatic,
        files=tuple(workbooks or attached),
        bounces=tuple(_bounces(message, raw)) if is_automatic else (),
        doubt=_doubt(message, own_domain),
    )


def _subject(message: Message) -> str:
    """The subject fit to be shown: on one line, without an identity number."""
    return shown_name(decoded_header(message, "Subject").replace("/", "／").replace("\\", "＼"))


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"<[!-;=?-~]+@[!-;=?-~]+>", text)))[-20:]


def _fingerprint(message: Message, message_id: str, senders: list[str]) -> str:
    """A hash of what the sender wrote: what servers add on the way does not change it."""
    digest = hashlib.sha256("\n".join((message_id, *senders, decoded_header(message, "Subject"))).encode())
    for part in message.walk():
        if not part.is_multipart():
            digest.update(hashlib.sha256(_content(part)).digest())
    return digest.hexdigest()


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attachments(message: Message, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """What is attached, also in forwarded messages: name and bytes. Pictures that a text shows are not attachments."""
    for part in message.walk():
        if part.is_multipart():
            continue
        kind, disposition = part.get_content_type(), part.get_content_disposition()
        name, content = parameter(part) or _NAMES.get(kind, ""), _content(part)
        if not content or kind in ("message/delivery-status", "text/rfc822-headers"):
            continue
        if Path(name).suffix.lower() == ".eml" and depth < _DEEPEST:
            yield from _attachments(message_from_bytes(content), depth + 1)
            continue
        is_shown = part.get("Content-ID") is not None or disposition != "attachment"
        if _may_be_workbook(name, content) or (
            name and not (is_shown and part.get_content_maintype() == "image")
        ):
            yield _named(name, content), content


def _named(name: str, content: bytes) -> str:
    """The name as shown, with the ending that its bytes have where the mail program spoilt it (`tcmime.bin`)."""
    own = shown_name(name)
    ending = next((suffix for magic, suffix in _MAGIC.items() if content.startswith(magic)), "")
    return own if Path(own).suffix.lower() in _WORKBOOK | _OTHER_OFFICE or not ending else f"{own}{ending}"


def _may_be_workbook(name: str, content: bytes) -> bool:
    suffix = Path(name).suffix.lower()
    return suffix in _WORKBOOK or (suffix not in _OTHER_OFFICE and content.startswith(tuple(_MAGIC)))


def _is_automatic(message: Message, senders: list[str]) -> bool:
    """Whether a machine wrote it (RFC 3834): it is never answered."""
    submitted = decoded_header(message, "Auto-Submitted").split(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or decoded_header(message, "Precedence").strip().lower() in _BULK
        or any(name.lower().startswith(("list-", "x-autoreply", "x-autorespond")) for name in message.keys())  # noqa: SIM118  # not a mapping
        or decoded_header(message, "Return-Path").strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or any(_ROBOT.fullmatch(sender) for sender in senders)
    )


def _is_reply_of_machine(message: Message, senders: list[str]) -> bool:
    """Whether a machine sends something back, as against a machine that hands in a report."""
    submitted = decoded_header(message, "Auto-Submitted").split(";")[0].strip().lower()
    is_report = message.get_content_type() == "multipart/report"
    return is_report or submitted == "auto-replied" or any(_ROBOT.fullmatch(sender) for sender in senders)


def _is_own(message_id: str, own_domain: str) -> bool:
    """Whether it is a letter of the office's own, which came back into its mailbox as it left."""
    return bool(own_domain) and bool(_LETTER.fullmatch(message_id)) and message_id.endswith(f"@{own_domain}>")


def _bounces(message: Message, raw: bytes) -> Iterator[Bounce]:
    """The letters of ours that it says were not delivered: by its report, or, where it has none, by naming one."""
    reports = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    letters = list(dict.fromkeys(_LETTER.findall(raw.decode("latin-1")) or _letters_inside(message)))
    if not reports:
        subject = _subject(message)
        if re.search(r"退信|无法投递|投递失败|[Uu]ndeliver|[Ff]ail|returned mail", subject):
            yield from (Bounce(letter, "", f"对方邮件系统退回：{subject}") for letter in letters)
        return
    for report in reports:
        for block in report.get_payload() if report.is_multipart() else ():
            if decoded_header(block, "Action").strip().lower() == "failed":  # type: ignore[arg-type]  # blocks of a report are messages
                yield from (Bounce(letter, *_reason(block)) for letter in letters)  # type: ignore[arg-type]  # the same


def _letters_inside(message: Message) -> list[str]:
    """Our Message-IDs in parts that are encoded."""
    return [
        found
        for part in message.walk()
        if not part.is_multipart()
        for found in _LETTER.findall(_content(part).decode("latin-1"))
    ]


def _reason(block: Message) -> tuple[str, str]:
    """For whom, and the diagnosis with its status: 5.1.1 user unknown."""
    recipient = decoded_header(block, "Final-Recipient") or decoded_header(block, "Original-Recipient")
    diagnosis = decoded_header(block, "Diagnostic-Code").partition(";")[2].strip()
    status = decoded_header(block, "Status").strip()
    words = " ".join(f"{'' if status in diagnosis else status} {diagnosis}".split())[:200]
    return recipient.partition(";")[2].strip().lower(), f"对方邮件系统退回：{words or '没有说明原因'}"


def _doubt(message: Message, own_domain: str) -> str:
    """What the office's own mail server found wrong with the sender (RFC 8601); empty where nothing, or nothing is said.
    Results that any other server wrote may be the sender's own."""
    for name, _ in message.raw_items():
        if name.lower() != "authentication-results":
            continue
        said = re.sub(
            r"\([^()]*\)", " ", decoded_header(message, name)
        ).lower()  # the first is the last server's
        server = said.split(";")[0].split()[:1]
        if not own_domain or not server or not f".{server[0]}".endswith(f".{own_domain.lower()}"):
            return ""
        found = dict(re.findall(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", said))
        is_wrong = found.get("dmarc") == "fail" or (
            "dmarc" not in found
            and "pass" not in (found.get("spf"), found.get("dkim"))
            and bool({found.get("spf"), found.get("dkim")} & {"fail", "softfail"})
        )
        return "，".join(f"{key}={value}" for key, value in found.items()) if is_wrong else ""
    return ""
