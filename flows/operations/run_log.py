"""The runs' own log (运行记录): a line a run that ended, kept by the flows beside their data.

Prefect keeps runs too, but its database may be lost or its server down, which is just when somebody must be told.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows.clock import BEIJING
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect import Flow, State
    from prefect.client.schemas.objects import FlowRun

LINES_READ = 2000  # half a year and more


@dataclass(frozen=True, slots=True)
class Run:
    """One run that ended: flow, its parameters, when (Beijing), Prefect's state (Completed, Failed, TimedOut,
    Crashed …) and, of one that failed, what it said."""

    name: str
    parameters: dict[str, Any]
    ended_at: datetime
    state: str
    message: str

    @property
    def completed(self) -> bool:
        """Whether it did its work."""
        return self.state == "Completed"

    @property
    def matter(self) -> str:
        """What it was about, as an operator says it: 2025-06 月调度."""
        periods = [str(v) for k, v in self.parameters.items() if k in _PERIODS and v]
        return " ".join([*periods, self.name])


_PERIODS = ("month", "quarter", "half_year", "year")


def noted(flow: "Flow[Any, Any]", run: "FlowRun", state: "State[Any]") -> None:
    """Prefect's hook at the end of a run: append it to the log."""
    ended = state.timestamp.astimezone(BEIJING).replace(tzinfo=None, microsecond=0)
    message = "" if state.is_completed() else str(state.message or "")
    append(Settings(), Run(flow.name, dict(run.parameters), ended, str(state.name), message))


LOGGED: dict[str, Any] = {"on_completion": [noted], "on_failure": [noted], "on_crashed": [noted]}
"""The options of every flow: however its run ends, it is noted."""


def append(settings: Settings, run: Run) -> None:
    """Add a line in one write, so that two processes never mix theirs."""
    line = json.dumps(asdict(run), ensure_ascii=False, default=str) + "\n"
    settings.runs.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(settings.runs, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as log:
        log.write(line.encode())


def runs(settings: Settings) -> list[Run]:
    """The last runs, oldest first; a line torn by a power cut is passed over."""
    if not settings.runs.is_file():
        return []
    lines = settings.runs.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_READ:]
    return [run for line in lines if (run := _read(line)) is not None]


def _read(line: str) -> Run | None:
    try:
        kept = json.loads(line)
        return Run(**kept | {"ended_at": datetime.fromisoformat(kept["ended_at"])})
    except (ValueError, TypeError, KeyError):
        return None
