"""The line to the mail server (线路): protected, introduced, logged in, and cut when it takes too long."""

import os
import smtplib
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flows.issuing.mail.account import MailServer, Security, network_fault
from flows.plan.policy import Delivery

_LONGEST = 300  # characters of an answer that are kept
_LONGEST_LINE = 8192


class Broken(Exception):  # noqa: N818  # a state of the line
    """The line never came about, or broke before the last dot: nothing was accepted. `reply` says at which step."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        super().__init__(reply)


class _Line(smtplib.SMTP):
    """A line on which an answer counts only when its last line has come whole: a torn 25 is not 250."""

    def getreply(self) -> tuple[int, bytes]:
        """The code (-1 for none) and the words; SMTPServerDisconnected where the answer ends before its end."""
        words: list[bytes] = []
        code, goes_on = b"", True
        while goes_on:
            line = self._answer_line()
            code, goes_on = line[:3], line[3:4] == b"-"
            words.append(line[4:].strip())
        return int(code) if code.isdigit() else -1, b"\n".join(words)

    def _answer_line(self) -> bytes:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("closed")
        if self.file is None:
            self.file = self.sock.makefile("rb")
        line = self.file.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            self.close()
            raise smtplib.SMTPServerDisconnected("closed")
        return line


class _PlainLine(_Line):
    """A line that knows the name its server's certificate must bear before it is connected."""

    def __init__(self, server: MailServer, patience: Delivery) -> None:
        super().__init__(local_hostname=server.domain, timeout=patience.step_seconds)
        self._host = server.host


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, protected from the first byte."""

    def __init__(self, server: MailServer, patience: Delivery) -> None:
        super().__init__(local_hostname=server.domain, timeout=patience.step_seconds, context=trust(server))
        self._host = server.host


def connected(server: MailServer, patience: Delivery) -> smtplib.SMTP:
    """A line ready for a letter; Broken where there is none to be had, with the step and the reason."""
    line: smtplib.SMTP | None = None
    try:
        with spoken("连接", server):
            line = (_TlsLine if server.security is Security.IMPLICIT else _PlainLine)(server, patience)
            _expect("连接", 220, line.connect(server.host, server.port))
        with cut_after(line, patience.conversation_seconds):
            _introduced(line, server)
    except Broken:
        if line is not None:
            line.close()
        raise
    return line


def _introduced(line: smtplib.SMTP, server: MailServer) -> None:
    with spoken("EHLO", server):
        _expect("EHLO", 250, line.ehlo())
    if server.security is Security.STARTTLS:
        with spoken("STARTTLS", server):
            _expect("STARTTLS", 220, line.starttls(context=trust(server)))
        with spoken("EHLO", server):
            _expect("EHLO", 250, line.ehlo())
    if server.user:
        with spoken("登录", server):
            line.login(server.user, server.password)


def trust(server: MailServer) -> ssl.SSLContext:
    """Certificate and host name are checked, always: by the office's own authority if it has one."""
    context = ssl.create_default_context(cafile=None if server.ca_file is None else str(server.ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


@contextmanager
def spoken(step: str, server: MailServer) -> Iterator[None]:
    """What breaks on the line becomes Broken with the step's name; nothing of the account is in its words."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        raise Broken(f"{step}：{server.host} 的证书不可信（{fault.verify_message}）") from None
    except smtplib.SMTPNotSupportedError:
        raise Broken(f"{step}：服务器不提供这一步（{server.security.label}）") from None
    except smtplib.SMTPResponseException as fault:
        raise Broken(f"{step}：{fault.smtp_code} {_without_account(fault.smtp_error, server)}") from None
    except smtplib.SMTPServerDisconnected:
        raise Broken(f"{step}：线路断开") from None
    except smtplib.SMTPException as fault:
        raise Broken(f"{step}：{_without_account(str(fault), server)}") from None
    except OSError as fault:
        known = network_fault(fault, server.host, server.port, server.security)
        raise Broken(f"{step}：{known or _without_account(str(fault), server)}") from None
    except ValueError:  # its words may hold what was to be sent
        raise Broken(f"{step}：含有不能发送的字符") from None


@contextmanager
def cut_after(line: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Cut the line when the block takes longer, however busily the other side drips; the block then fails."""
    if line.sock is None:
        yield
        return
    twin = socket.socket(fileno=os.dup(line.sock.fileno()))  # outlives the change to TLS
    timer = threading.Timer(seconds, _cut, [twin])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        twin.close()


def _cut(twin: socket.socket) -> None:
    with suppress(OSError):
        twin.shutdown(socket.SHUT_RDWR)


def legible(answer: bytes | str) -> str:
    """A server's answer as one line that may be printed and kept: no control characters, not too long."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


def _expect(step: str, wanted: int, answer: tuple[int, bytes]) -> None:
    code, text = answer
    if code != wanted:
        raise Broken(f"{step}：{code} {legible(text)}".strip())


def _without_account(text: bytes | str, server: MailServer) -> str:
    """Nothing a server repeats of the login is kept."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    spellings = (
        server.password,
        _in_base64(server.password),
        _in_base64(f"\0{server.user}\0{server.password}"),
    )
    for spelling in spellings if server.password else ():
        said = said.replace(spelling, "…")
    return legible(said)


def _in_base64(text: str) -> str:
    return b64encode(text.encode()).decode()
