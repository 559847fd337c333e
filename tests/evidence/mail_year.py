"""A simulated year by mail over real servers (全年往来邮件): letters out by SMTP, reports into a Dovecot mailbox and fetched by IMAP
with TLS. Writes the year's mails, in and out by month, to docs/evidence/mail.md. Run from the checkout:
python -m tests.evidence.mail_year [months]   (default 12; about a minute and a half of processor time a month)
"""

import sys
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.clock import BEIJING
from flows.issuing.mail.mailbox import ImapMailbox, Mailbox
from flows.settings import Settings
from flows.simulation.ledger import LedgerTable, as_text
from flows.simulation.year import simulate
from tests.evidence.kill_fetching import write
from tests.issuing.mail.certificates import authority
from tests.issuing.mail.dovecot import Dovecot

SHOWN = ("来件", "提醒催办", "信件", "来往邮件", "检查")


@dataclass(frozen=True)
class DovecotMailbox:
    """The mailbox of a simulated office on a real server."""

    server: Dovecot

    def put(self, content: bytes, at: datetime) -> None:
        """A message arrives at that moment (Beijing)."""
        self.server.put(content, at=at.replace(tzinfo=BEIJING))

    def open(self) -> AbstractContextManager[Mailbox]:
        """The mailbox as fetching reads it."""
        return ImapMailbox(self.server.account())


def run(months: int, folder: Path) -> tuple[LedgerTable, ...]:
    """The tables of the simulated months; CheckError at the first check that fails."""
    with Dovecot(authority(folder, "year")) as server:
        mailbox = DovecotMailbox(server)
        tables, _ = simulate(
            Settings(), 2025, tuple(range(1, months + 1)), folder / "data", 2025, print, mailbox
        )
    return tables


def main() -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        tables = run(int(sys.argv[1]) if len(sys.argv) > 1 else 12, Path(name))
    shown = as_text([one for one in tables if one.name in SHOWN])
    print(shown, f"{time.monotonic() - began:.0f} s")
    write("year", f"```\n{shown}```\n")


if __name__ == "__main__":
    main()
