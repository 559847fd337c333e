"""A real mail server on loopback (邮局) that can be told to misbehave at any step of a conversation.

Steps: greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, body (after the first kilobyte of it), dot.
"""

import contextlib
import socket
import ssl
import struct
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Self

from flows.issuing.mail.letter import ledger_id

STALL, DROP, DRIP = "(stalls)", "(drops the line)", "(drips)"
TAKEN_THEN_DROP = "(takes the letter and drops the line)"


class _HungUpError(Exception):
    """The conversation is over."""


class PostOffice:
    """Listens from the start; what it took is in `taken`, oldest first. A context manager."""

    def __init__(
        self,
        faults: Mapping[str, str] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        implicit: bool = False,
        account: tuple[str, str] | None = None,
        slow: float = 0.0,
    ) -> None:
        self.faults = dict(faults or {})
        self.tls, self.implicit, self.account, self.slow = tls, implicit, account, slow
        self.taken: list[bytes] = []
        self.heard: list[str] = []
        self.lines = 0
        self.refused = ""  # the one address it does not know
        self.small = 1024  # letters up to this size pass the fault "body"
        self.before_answer: Callable[[], None] | None = (
            None  # called after the last dot, before it is answered
        )
        self._over = threading.Event()
        self._conversations: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16
        )  # a stalled letter soon fills it
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]
        self._door = threading.Thread(target=self._listen, daemon=True)
        self._door.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self._over.set()
        for thread in (self._door, *self._conversations):
            thread.join(10)
        self._listener.close()

    @property
    def letters(self) -> list[EmailMessage]:
        """What it took, read as a mail program reads it."""
        return [message_from_bytes(raw, policy=default) for raw in self.taken]  # type: ignore[misc]

    @property
    def message_ids(self) -> list[str]:
        """The ids of the letters as the ledger has them."""
        return [ledger_id(str(letter["Message-ID"])) for letter in self.letters]

    def wait(self, fault: str, line: socket.socket) -> None:
        """Do what the fault says until the other side has had enough."""
        while fault in (STALL, DRIP) and not self._over.wait(0.02):
            if fault == DRIP:
                line.sendall(b"2")
        if fault in (DROP, TAKEN_THEN_DROP):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _HungUpError

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                line, _ = self._listener.accept()
                self.lines += 1
                thread = threading.Thread(target=self._converse, args=[line], daemon=True)
                self._conversations.append(thread)
                thread.start()

    def _converse(self, line: socket.socket) -> None:
        line.settimeout(10)
        with contextlib.suppress(OSError, _HungUpError, ValueError):
            conversation = _Conversation(self, line)
            try:
                conversation.run()
            finally:
                conversation.close()
        line.close()


class _Conversation:
    """One line, from greeting to end."""

    def __init__(self, office: PostOffice, line: socket.socket) -> None:
        self.office, self.line = office, line
        if office.implicit and office.tls:
            self.line = office.tls.wrap_socket(line, server_side=True)
        self.file = self.line.makefile("rb")
        self.is_in = office.account is None

    def close(self) -> None:
        self.file.close()
        self.line.close()

    def run(self) -> None:
        self.say("greeting", "220 post office")
        while raw := self.file.readline(4096):
            word = raw.decode("ascii").strip()
            self.office.heard.append(word)
            verb = word.split(" ")[0].split(":")[0].upper()
            if verb == "QUIT":
                self.line.sendall(b"221 bye\r\n")
                return
            getattr(self, f"on_{verb.lower()}", self.on_unknown)(word)

    def say(self, step: str, usual: str) -> bool:
        """Answer as usual (true), or with the fault of this step."""
        fault = self.office.faults.get(step)
        if fault is None:
            self.line.sendall(usual.encode() + b"\r\n")
            return True
        if fault.startswith("("):
            self.office.wait(fault, self.line)
        self.line.sendall(fault.encode() + b"\r\n")
        return False

    def on_unknown(self, word: str) -> None:
        self.line.sendall(b"502 what?\r\n")

    def on_ehlo(self, word: str) -> None:
        offers = ["post office", "8BITMIME"]
        if self.office.tls and not isinstance(self.line, ssl.SSLSocket):
            offers.append("STARTTLS")
        if self.office.account:
            offers.append("AUTH PLAIN LOGIN")
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        self.say("EHLO", "\r\n".join(lines))

    def on_starttls(self, word: str) -> None:
        if self.say("STARTTLS", "220 go ahead") and self.office.tls:
            self.file.close()
            self.line = self.office.tls.wrap_socket(self.line, server_side=True)
            self.file = self.line.makefile("rb")

    def on_auth(self, word: str) -> None:
        if "AUTH" in self.office.faults:
            self.say("AUTH", "")
            return
        given = tuple(b64decode(word.split(" ")[2]).decode().split("\0")[1:]) if " PLAIN " in word else ()
        self.is_in = given == self.office.account
        self.line.sendall(b"235 welcome\r\n" if self.is_in else b"535 5.7.8 no such account\r\n")

    def on_mail(self, word: str) -> None:
        self.say("MAIL", "250 ok") if self.is_in else self.line.sendall(b"530 5.7.0 log in first\r\n")

    def on_rcpt(self, word: str) -> None:
        if self.office.refused and self.office.refused in word:
            self.line.sendall(b"550 5.1.1 no such user\r\n")
        else:
            self.say("RCPT", "250 ok")

    def on_data(self, word: str) -> None:
        if not self.say("DATA", "354 go ahead"):
            return
        content = self._content()
        time.sleep(self.office.slow)
        if self.office.before_answer:
            self.office.before_answer()
        if self.office.faults.get("dot", TAKEN_THEN_DROP) == TAKEN_THEN_DROP:
            self.office.taken.append(content)
        self.say("dot", "250 2.0.0 taken")

    def _content(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        while (raw := self.file.readline(65536)) != b".\r\n":
            if not raw:
                raise _HungUpError  # the line ended without the last dot: nothing is taken
            lines.append(raw[1:] if raw.startswith(b".") else raw)
            size += len(raw)
            if size > self.office.small and "body" in self.office.faults:
                self.office.wait(self.office.faults["body"], self.line)
        return b"".join(lines)
