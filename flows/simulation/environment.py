"""Where a rehearsal plays (场地): an empty folder of its own, the plan, a mail server, and nothing of the office's."""

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
from flows.plan.folders import plan_of
from flows.plan.load import EXAMPLE
from flows.plan.workdays import Deadlines, deadlines
from flows.settings import Settings
from flows.simulation.check import Check, Checks
from flows.simulation.smtp_server import LOOPBACK, MailRoom
from flows.warehouse.connection import Warehouse

WITHOUT_ADDRESS = "trade_union"  # the unit whose address is missing from the contacts at first
_ACCOUNT = ("HOST", "PORT", "SECURITY", "SENDER", "USER", "SECRET", "PASSWORD")


class FolderError(RuntimeError):
    """The folder is not fit for a rehearsal: which, and what to do."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"演练要用空文件夹，{folder} 里已有东西：换一个（--out），或先移走")


class VirtualClock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.moment = datetime.min

    def __call__(self) -> datetime:
        """The moment it was set to."""
        return self.moment


@dataclass(frozen=True)
class Stage:
    """Everything a rehearsal shares: the office and its clock, the plan, the months rehearsed, the mail server, the
    checks."""

    office: Office
    clock: VirtualClock
    catalogue: Catalogue
    months: tuple[str, ...]
    mail: MailRoom = field(default_factory=MailRoom)
    checks: Checks = field(default_factory=Checks)

    @property
    def settings(self) -> Settings:
        """The office's."""
        return self.office.settings

    def at(self, moment: datetime) -> Office:
        """The office at a moment of the rehearsal."""
        self.clock.moment = moment
        return self.office

    def deadlines(self, month: str) -> Deadlines:
        """The dates of one month by the plan's policy."""
        return deadlines(month, self.catalogue.policy.reporting)

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The rehearsal's warehouse."""
        with self.office.warehouse() as warehouse:
            yield warehouse

    @property
    def contacts(self) -> Path:
        """The rehearsal's contacts."""
        return self.settings.data / "contacts.toml"

    def open_mail(self) -> None:
        """Let the mail server answer, and tell the office's account where it is."""
        self.mail.open()
        os.environ["DIAODU_SMTP_PORT"] = str(self.mail.port)


def prepared(office: Settings, year: int, months: tuple[str, ...], folder: Path) -> Stage:
    """A stage in an empty folder; FolderError where there is anything in it, or it is the office's own."""
    if folder.resolve() == office.data.resolve() or (folder.is_dir() and any(folder.iterdir())):
        raise FolderError(folder)
    settings = Settings(data=folder.absolute(), plan=office.plan, plans=office.plans, faces=office.faces)
    clock = VirtualClock()
    rehearsed = Office(settings, clock)
    stage = Stage(rehearsed, clock, rehearsed.plan(year), months)
    write_whole(stage.contacts, _contacts(settings, year, leave_out=True).encode())
    return stage


def add_address(stage: Stage) -> None:
    """The operator completes the contacts."""
    write_whole(
        stage.contacts, _contacts(stage.settings, stage.catalogue.plan.year, leave_out=False).encode()
    )


def _year_of(folder: Path) -> int:
    return plan_of(Settings(plan=folder)).plan.year


def _contacts(settings: Settings, year: int, *, leave_out: bool) -> str:
    folder = next(f for f in settings.plan_folders if _year_of(f) == year)
    lines = (folder / EXAMPLE).read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not (leave_out and line.startswith(f"{WITHOUT_ADDRESS} "))]
    tomllib.loads("".join(kept))
    return "".join(kept)


@contextmanager
def account(stage: Stage) -> Iterator[None]:
    """The office's mail account for as long as the block lasts: the server on loopback, whatever `.env` says."""
    said = dict.fromkeys(_ACCOUNT, "") | {
        "HOST": LOOPBACK, "PORT": "1", "SECURITY": "plain", "SENDER": "bangongshi@rsj.example"
    }  # fmt: skip
    ours = {f"DIAODU_SMTP_{name}": value for name, value in said.items()}
    ours |= {"DIAODU_CONTACTS": str(stage.contacts)}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        stage.open_mail()
        yield
    finally:
        stage.mail.close()
        _restore(before)


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def watched_lines(checks: Checks) -> Iterator[None]:
    """Watch every connection the process makes; CheckError at the first to another machine."""
    watching = True

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "socket.connect":
            address = arguments[1]
            host = str(address[0]) if isinstance(address, tuple) else LOOPBACK
            checks.must(Check.INSIDE, host in (LOOPBACK, "::1", "localhost"), f"要连接 {host}")

    sys.addaudithook(hear)
    try:
        yield
    finally:
        watching = False
