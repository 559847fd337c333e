"""One conversation with a mail server (寄信): one letter to one address, and exactly what became of it.

The one moment that cannot be known is between the last dot of the letter and the server's answer to it.
Whatever fails before has sent nothing; whatever fails there may have been sent, and is said to be uncertain.
"""

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass

from flows.issuing.mail.line import Broken, connected, cut_after, legible, spoken
from flows.issuing.mail.mail_server import MailServer
from flows.plan.policy import Delivery

LOGIN_WANTED = (530, 534, 535, 538)  # what is refused is the office, not this letter


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
    with spoken("MAIL", server):
        _expect("MAIL", (250,), line.mail(server.sender))
    with spoken("RCPT", server):
        _expect("RCPT", (250, 251), line.rcpt(recipient))
    with spoken("DATA", server):
        _expect("DATA", (354,), line.docmd("DATA"))
    with spoken("正文", server):
        line.send(stuffed(message))


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
    """What an answer of 4xx or 5xx means for the letter; None for any other."""
    reply = f"{step}：{code} {legible(text)}".strip()
    if code in LOGIN_WANTED:
        return Later(reply, is_general=True)
    if 500 <= code < 600:
        return Refused(reply)
    return Later(reply, is_general=False) if 400 <= code < 500 else None
