"""The office's mail server (发信服务器) and its account there."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from flows.plan.terms import Term


class Security(Term):
    """How the line to the server is protected."""

    STARTTLS = "starttls", "STARTTLS"
    IMPLICIT = "implicit", "TLS"
    PLAIN = "plain", "明文"


class UnprotectedError(ValueError):
    """A plain line to another machine: refused before anything is said."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} 不是本机，不得明文发信：DIAODU_SMTP_SECURITY 应为 starttls 或 implicit")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in; no `user` means no login. The password is never shown.

    `ca_file` holds the certificates trusted besides none other; without it those of the system are.
    """

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def check(self) -> None:
        """UnprotectedError where letters and password would cross a network in the open."""
        if self.security is Security.PLAIN and not is_loopback(self.host):
            raise UnprotectedError(self.host)

    @property
    def domain(self) -> str:
        """The domain the office writes from, by which it introduces itself."""
        return self.sender.rpartition("@")[2]


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, by its name or its number; no name is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
