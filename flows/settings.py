"""Where things are: paths from the environment (DIAODU_…) or `.env`, never from the code that uses them."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]  # the checkout
PREFIX, FILE = "DIAODU_", ROOT / ".env"
MOST = 65535  # of ports there are no more, and nobody has as many processes


class SettingError(RuntimeError):
    """A setting that cannot be read: its name, what was expected, what was written."""

    def __init__(self, name: str, expected: str, written: str) -> None:
        super().__init__(f"设置 {PREFIX}{name} 应为{expected}，写的是“{written}”")


def shown_path(path: Path) -> str:
    """A path as people look for it: from here if it lies below, whole otherwise."""
    whole = path.resolve()
    return str(whole.relative_to(Path.cwd())) if whole.is_relative_to(Path.cwd()) else str(whole)


def _given(name: str) -> str | None:
    """What the environment says, or else the file; None for nothing or an empty text."""
    said = os.environ.get(PREFIX + name)
    if said is None and FILE.exists():
        from dotenv import dotenv_values

        said = dotenv_values(FILE).get(PREFIX + name)
    return said or None


def _folder(name: str) -> Path | None:
    said = _given(name)
    return Path(said) if said else None


def _number(name: str) -> int | None:
    said = _given(name)
    if said is None:
        return None
    if not said.strip().isdecimal() or not 1 <= int(said) <= MOST:
        raise SettingError(name, f"1 到 {MOST} 的整数", said)
    return int(said)


@dataclass(frozen=True)
class Settings:
    """The office's paths and ports. DIAODU_DATA, DIAODU_PLAN (one plan folder), DIAODU_FONTS, DIAODU_PORT, DIAODU_DASK,
    DIAODU_PROCESSES, DIAODU_BACKUPS, DIAODU_PREFECT_DATABASE and, for the desk, DIAODU_DESK_HOST, _PORT, _NAMES, _CERTIFICATE
    and _KEY override them.

    Plain Python: every command begins with these, and a library for settings took two thirds of its start.
    """

    data: Path = field(default_factory=lambda: _folder("DATA") or ROOT / "data")
    plan: Path | None = field(default_factory=lambda: _folder("PLAN"))
    plans: Path = field(default_factory=lambda: _folder("PLANS") or ROOT / "plan")
    fonts: Path = field(default_factory=lambda: _folder("FONTS") or ROOT / "build" / "faces")
    backup_folder: Path | None = field(default_factory=lambda: _folder("BACKUPS"))
    port: int = field(default_factory=lambda: _number("PORT") or 4200)  # of Prefect's page, on loopback
    desk_host: str = field(default_factory=lambda: _given("DESK_HOST") or "127.0.0.1")
    desk_port: int = field(default_factory=lambda: _number("DESK_PORT") or 4280)
    desk_names: tuple[str, ...] = field(
        default_factory=lambda: tuple(filter(None, (_given("DESK_NAMES") or "").replace(",", " ").split()))
    )
    """Other names under which browsers reach the desk, such as a reverse proxy's."""
    desk_certificate: Path | None = field(default_factory=lambda: _folder("DESK_CERTIFICATE"))
    desk_key: Path | None = field(default_factory=lambda: _folder("DESK_KEY"))
    dask: str | None = field(default_factory=lambda: _given("DASK"))
    """tcp://host:8786: a Dask scheduler whose machines share the work."""
    processes: int | None = field(default_factory=lambda: _number("PROCESSES"))
    """On this machine; not given, one a core."""
    prefect_database: str | None = field(default_factory=lambda: _given("PREFECT_DATABASE"), repr=False)
    """Prefect's: postgresql+asyncpg://…; not given, SQLite in data/prefect."""

    def __post_init__(self) -> None:
        """Make the folders whole: a flow may run in another folder than the command."""
        for name in ("data", "plan", "plans", "fonts", "backup_folder"):
            if folder := getattr(self, name):
                object.__setattr__(self, name, folder.absolute())

    @property
    def inbox(self) -> Path:
        """Where new files wait."""
        return self.data / "raw" / "inbox"

    @property
    def raw(self) -> Path:
        """Files exactly as received, by month."""
        return self.data / "raw"

    @property
    def receipts(self) -> Path:
        """Receipts (回执), by month."""
        return self.data / "receipts"

    @property
    def reports(self) -> Path:
        """Documents, by period."""
        return self.data / "reports"

    @property
    def engine(self) -> Path:
        """Prefect's own database and logs."""
        return self.data / "prefect"

    @property
    def logs(self) -> Path:
        """What the services and the watchdog say."""
        return self.data / "logs"

    @property
    def backups(self) -> Path:
        """Backups: the folder that DIAODU_BACKUPS names, best on another disk, or one beside the data."""
        return self.backup_folder or self.data / "backups"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.data / "warehouse" / "diaodu.duckdb"

    @property
    def journal(self) -> Path:
        """What no received file holds: answers, notices, approvals, numbers, letters, in the order booked."""
        return self.data / "ledgers" / "journal.jsonl"

    @cached_property
    def plan_folders(self) -> tuple[Path, ...]:
        """The plan folders in use, newest first: the one DIAODU_PLAN names, or all under plan/."""
        if self.plan is not None:
            return (self.plan,)
        return tuple(sorted((p for p in self.plans.glob("[0-9]*") if p.is_dir()), reverse=True))
