"""The environment of a simulation: an empty data folder, a virtual clock, the plan, a mailbox, and a mail server on loopback
that accepts every letter over real SMTP, keeps it and passes nothing on."""

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flows.files import write_whole
from flows.office import Office
from flows.plan.catalogue import Catalogue
from flows.plan.load import EXAMPLE, plan_of
from flows.plan.workdays import Deadlines, deadlines
from flows.settings import Settings
from flows.simulation.checks import Check, Checks
from flows.simulation.mail import LOOPBACK, OFFICE, MemoryMailbox, OfficeMailbox, SmtpServer

WITHOUT_ADDRESS = "trade_union"  # the unit whose address is missing from the contacts at first
_ACCOUNT_SETTINGS = ("HOST", "PORT", "SECURITY", "SENDER", "USER", "SECRET", "PASSWORD")


class FolderError(RuntimeError):
    """The folder cannot be used for a simulation: which, and what to do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"演练要用空文件夹，{folder} 里已有东西：换一个（--out），或先移走")


class VirtualClock:
    """A clock that shows the moment it was set to."""

    def __init__(self) -> None:
        self.moment = datetime.min

    def __call__(self) -> datetime:
        """The moment."""
        return self.moment


@dataclass(frozen=True)
class SimulatedOffice:
    """What the parts of a simulation share: the office and its clock, the plan, the simulated months, everybody's address
    (by the unit's id; empty: the operator's), the mailbox, the mail server and the checks."""

    office: Office
    clock: VirtualClock
    catalogue: Catalogue
    months: tuple[str, ...]
    addresses: Mapping[str, str]
    mailbox: OfficeMailbox = field(default_factory=MemoryMailbox)
    mail: SmtpServer = field(default_factory=SmtpServer)
    checks: Checks = field(default_factory=Checks)

    @property
    def settings(self) -> Settings:
        """The office's settings."""
        return self.office.settings

    def at(self, moment: datetime) -> Office:
        """The office, its clock set to this moment."""
        self.clock.moment = moment
        return self.office

    def deadlines(self, month: str) -> Deadlines:
        """The dates of one month by the plan's policy."""
        return deadlines(month, self.catalogue.policy.reporting)

    @property
    def contacts(self) -> Path:
        """The simulation's contacts."""
        return self.settings.data / "contacts.toml"

    def open_mail(self) -> None:
        """Start the mail server and set the account's port to it."""
        self.mail.open()
        os.environ["DIAODU_SMTP_PORT"] = str(self.mail.port)


def prepare(
    office: Settings, year: int, months: tuple[str, ...], folder: Path, mailbox: OfficeMailbox | None = None
) -> SimulatedOffice:
    """Prepare an empty folder; FolderError where there is anything in it or it is the office's own data folder. Without a
    `mailbox`, one in memory."""
    if folder.resolve() == office.data.resolve() or (folder.is_dir() and any(folder.iterdir())):
        raise FolderError(folder)
    settings = Settings(data=folder.absolute(), plan=office.plan, plans=office.plans, fonts=office.fonts)
    clock = VirtualClock()
    simulated = Office(settings, clock)
    contacts = tomllib.loads(_contacts(settings, year, leave_out=False))
    units = {"": contacts["operator"], **contacts["units"]}
    addresses = {name: unit["addresses"][0] for name, unit in units.items()}
    environment = SimulatedOffice(
        simulated, clock, simulated.plan(year), months, addresses, mailbox or MemoryMailbox()
    )
    write_whole(environment.contacts, _contacts(settings, year, leave_out=True).encode())
    return environment


def add_address(environment: SimulatedOffice) -> None:
    """Add the missing address to the contacts, as the operator does."""
    year = environment.catalogue.plan.year
    write_whole(environment.contacts, _contacts(environment.settings, year, leave_out=False).encode())


def _contacts(settings: Settings, year: int, *, leave_out: bool) -> str:
    folder = next(f for f in settings.plan_folders if plan_of(Settings(plan=f)).plan.year == year)
    lines = (folder / EXAMPLE).read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not (leave_out and line.startswith(f"{WITHOUT_ADDRESS} "))]
    return "".join(kept)


@contextmanager
def mail_account(environment: SimulatedOffice) -> Iterator[None]:
    """Set the mail account to the server on loopback while the block lasts, whatever `.env` says."""
    account = dict.fromkeys(_ACCOUNT_SETTINGS, "") | {
        "HOST": LOOPBACK, "PORT": "1", "SECURITY": "plain", "SENDER": OFFICE
    }  # fmt: skip
    settings = {f"DIAODU_SMTP_{name}": value for name, value in account.items()}
    # The mailbox is given to every fetching; the name says that there is one.
    settings |= {"DIAODU_CONTACTS": str(environment.contacts), "DIAODU_IMAP_HOST": LOOPBACK}
    before = dict(os.environ)
    os.environ.update(settings)
    try:
        environment.open_mail()
        yield
    finally:
        environment.mail.close()
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def forbid_remote_connections(checks: Checks) -> Iterator[None]:
    """CheckError at the first connection of this process to another machine."""
    active = True

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if active and event == "socket.connect":
            address = arguments[1]
            host = str(address[0]) if isinstance(address, tuple) else LOOPBACK
            checks.require(Check.INSIDE, host in (LOOPBACK, "::1", "localhost"), f"要连接 {host}")

    sys.addaudithook(audit)
    try:
        yield
    finally:
        active = False
