"""Where things are: paths from the environment (DIAODU_…) or `.env`, never from the code that uses them."""

from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parents[1]  # the checkout
Whole = Annotated[Path, AfterValidator(Path.absolute)]  # a flow may run in another folder than the command


def shown_path(path: Path) -> str:
    """A path as people look for it: from here if it lies below, whole otherwise."""
    whole = path.resolve()
    return str(whole.relative_to(Path.cwd())) if whole.is_relative_to(Path.cwd()) else str(whole)


class Settings(BaseSettings):
    """The office's paths and ports. DIAODU_DATA, DIAODU_PLAN (one plan folder), DIAODU_FACES, DIAODU_PORT,
    DIAODU_DASK, DIAODU_PROCESSES, DIAODU_BACKUPS and DIAODU_PREFECT_DATABASE override them."""

    model_config = SettingsConfigDict(env_prefix="DIAODU_", env_file=ROOT / ".env", extra="ignore")

    data: Whole = ROOT / "data"
    plan: Whole | None = None
    plans: Whole = ROOT / "plan"
    faces: Whole = ROOT / "build" / "faces"
    backup_folder: Whole | None = Field(default=None, validation_alias="DIAODU_BACKUPS")
    port: int = 4200  # of Prefect's page, on loopback
    dask: str | None = None  # tcp://host:8786: a Dask scheduler whose machines share the work
    processes: int | None = Field(default=None, ge=1)  # on this machine; not given, one a core
    prefect_database: str | None = Field(default=None, repr=False)
    """Prefect's: postgresql+asyncpg://…; not given, SQLite in data/prefect."""

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
    def runs(self) -> Path:
        """The runs' own log, a line a run."""
        return self.logs / "runs.jsonl"

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
