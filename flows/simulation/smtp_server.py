"""A mail server on loopback (演练邮局): takes every letter over real SMTP, keeps it, and passes nothing on."""

import contextlib
import socketserver
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

LOOPBACK = "127.0.0.1"
_MOST = 1 << 20  # bytes of one line; a letter's lines are far shorter


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter as the server took it: for which address, with which bytes."""

    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return message_from_bytes(self.content, policy=default)


class MailRoom:
    """The server; `taken` is what it took, oldest first. While it is closed nobody answers on its port."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.port = 0
        self._server: socketserver.ThreadingTCPServer | None = None

    def open(self) -> None:
        """Answer from now on, on a port of its own."""
        room = self

        class Desk(_Conversation):
            taken = room.taken

        self._server = _Server((LOOPBACK, 0), Desk)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more; what was taken stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 16


class _Conversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a sender needs."""

    taken: list[Taken]
    recipient = ""
    timeout = 60

    def handle(self) -> None:
        """Greet, then answer line by line until the sender quits or hangs up."""
        with contextlib.suppress(OSError):
            self._say("220 rehearsal")
            while line := self.rfile.readline(_MOST):
                if not self._answered(line.decode("ascii", "replace").strip()):
                    return

    def _answered(self, said: str) -> bool:
        verb = said[:4].upper()
        if verb == "RCPT":
            self.recipient = said.partition("<")[2].partition(">")[0]
        match verb:
            case "EHLO":
                self._say("250-rehearsal", "250 8BITMIME")
            case "DATA":
                self._say("354 go ahead")
                self.taken.append(Taken(self.recipient, self._content()))
                self._say("250 2.0.0 taken")
            case "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP":
                self._say("250 ok")
            case "QUIT":
                self._say("221 bye")
            case _:
                self._say("502 not here")
        return verb != "QUIT"

    def _content(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline(_MOST)) != b".\r\n":
            if not line:
                raise ConnectionError  # hung up before the last dot: nothing is taken
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
