"""One conversation with a mail server (寄信): one letter to one address, and exactly what became of it.

The one moment that cannot be known is between the last dot of the letter and the server's answer to it.
Whatever fails before has sent nothing; whatever fails there may have been sent, and is said to be uncertain.
"""

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass

from flows.issuing.mail.account import MailServer
from flows.issuing.mail.line import Broken, connected, cut_after, legible, spoken
from flows.plan.policy import Delivery

LOGIN_WANTED = (530, 534, 535, 538)  # what is refused is the office, not this letter
# The office may send no more for now. A full mailbox (X.2.2) is the addressee's and does not match.
_SENDING_QUOTA = re.compile(
    r"[45]\.4\.5\b|(?:sending|sender|daily|hourly|outgoing)\b.{0,40}\b(?:quota|limit|rate)|frequency limited|"
    r"too many (?:messages|mails|emails)|发(?:信|送|件).{0,12}(?:上限|超限|超过|频率|配额)",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"[45]\.(?:3\.4|2\.3)\b|\bsize\b|too (?:large|big)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the letter (已接收): its answer to the last dot."""

    reply: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server will never take this letter (拒收, 5xx): its answer."""

    reply: str


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was accepted; another time may do (稍后再试). `is_general`: the server did not get as far as the
    letter, and no other would fare better. A line lost over a letter is the letter's own: it may be too large,
    and must not keep those behind it waiting for ever."""

    reply: str
    is_general: bool


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The line was lost after the last dot and before the answer (去向不明)."""

    reply: str


Outcome = Accepted | Refused | Later | Uncertain


class _AnsweredNoError(Exception):
    """The server said no at a step of the letter."""

    def __init__(self, outcome: Refused | Later) -> None:
        self.outcome = outcome


def send(server: MailServer, recipient: str, message: bytes, patience: Delivery) -> Outcome:
    """Hand `message` (whole, lines ending in CRLF) to the server for one recipient.

    Never raises for what a server, a line or a certificate does; UnprotectedError for a plain line to
    another machine.
    """
    server.check()
    try:
        line = connected(server, patience)
    except Broken as broken:
        return Later(broken.reply, is_general=True)
    try:
        with cut_after(line, patience.conversation_seconds):
            _handed_over(line, server, recipient, message)
        with cut_after(line, patience.answer_seconds):
            return _finished(line, patience)
    except _AnsweredNoError as no:
        return no.outcome
    except Broken as broken:
        return Later(broken.reply, is_general=False)
    finally:
        line.close()


def _handed_over(line: smtplib.SMTP, server: MailServer, recipient: str, message: bytes) -> None:
    """Everything up to the last dot, which is not sent."""
    options = _size_option(line, message)
    with spoken("MAIL", server):
        _expect("MAIL", (250,), line.mail(server.sender, options))
    with spoken("RCPT", server):
        _expect("RCPT", (250, 251), line.rcpt(recipient))
    with spoken("DATA", server):
        _expect("DATA", (354,), line.docmd("DATA"))
    with spoken("正文", server):
        line.send(stuffed(message))


def _size_option(line: smtplib.SMTP, message: bytes) -> list[str]:
    """What MAIL declares of the letter's size (RFC 1870); nothing where the server has not said SIZE. A letter above the
    server's limit is refused before it is sent."""
    if not line.has_extn("size"):
        return []
    limit = line.esmtp_features["size"].strip()
    if limit.isdecimal() and 0 < int(limit) < len(message):
        megabytes = f"{len(message) / 2**20:.1f} MB，超过邮件服务器的上限 {int(limit) / 2**20:.1f} MB"
        raise _AnsweredNoError(Refused(f"信件连同附件 {megabytes}，没有发"))
    return [f"SIZE={len(message)}"]


def stuffed(message: bytes) -> bytes:
    """A message as it goes over the line: a dot that begins a line doubled (RFC 5321, 4.5.2), CRLF at the end."""
    doubled = re.sub(rb"(?m)^\.", b"..", message)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def _finished(line: smtplib.SMTP, patience: Delivery) -> Outcome:
    """Send the last dot and read the answer; no answer, or one that is none, leaves the letter uncertain."""
    try:
        if line.sock is not None:
            line.sock.settimeout(patience.answer_seconds)
        line.send(b".\r\n")
        code, text = line.getreply()
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        return Uncertain(f"正文发完后没有等到答复（{type(fault).__name__}）")
    if 200 <= code < 300:
        with suppress(OSError, smtplib.SMTPException):
            line.putcmd("quit")  # politeness; its answer changes nothing and is not waited for
        return Accepted(f"{code} {legible(text)}".strip())
    no = _no("正文", code, text)
    return Uncertain(f"正文发完后的答复不合规：{code} {legible(text)}") if no is None else no


def _expect(step: str, wanted: tuple[int, ...], answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code in wanted:
        return
    unclear = Later(f"{step}：答复不合规 {code} {legible(text)}", is_general=False)
    raise _AnsweredNoError(_no(step, code, text) or unclear)


def _no(step: str, code: int, text: bytes) -> Refused | Later | None:
    """What an answer of 4xx or 5xx means for the letter; None for any other. A refusal of the sender, or of his sending
    any more, is no fault of this letter: no other would fare better, and none is lost by it."""
    said = legible(text)
    reply = f"{step}：{code} {said}".strip()
    is_refusal = 400 <= code < 600
    of_sender = step == "MAIL" and code >= 500 and not _TOO_LARGE.search(said)
    if code in LOGIN_WANTED or (is_refusal and (of_sender or _SENDING_QUOTA.search(said))):
        return Later(reply, is_general=True)
    if 500 <= code < 600:
        return Refused(reply)
    return Later(reply, is_general=False) if 400 <= code < 500 else None
