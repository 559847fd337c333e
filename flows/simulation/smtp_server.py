"""A mail server on loopback for the simulation: takes every letter over real SMTP, keeps it and passes nothing on."""

import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """A letter as the server took it: the address it was for and its bytes."""

    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return message_from_bytes(self.content, policy=default)


@dataclass
class SmtpServer:
    """The server; `received` is what it took, oldest first. While it is closed nobody answers on its port."""

    received: list[ReceivedLetter] = field(default_factory=list)
    port: int = 0
    _controller: Controller | None = None

    def open(self) -> None:
        """Listen from now on, on a free port."""
        with socket.create_server((LOOPBACK, 0)) as free:  # the controller cannot choose one by itself
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Stop listening; what was received stays."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # named by aiosmtpd
        """Keep the letter."""
        content = envelope.original_content or b""
        self.received += [ReceivedLetter(recipient, content) for recipient in envelope.rcpt_tos]
        return "250 2.0.0 taken"
