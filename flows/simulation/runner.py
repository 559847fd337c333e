"""A simulated year: prepare the environment, run it day by day, audit it, write its ledger."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings import Settings
from flows.simulation.arrivals import deliveries
from flows.simulation.audit import audit, audit_letters
from flows.simulation.environment import SimulatedOffice, forbid_remote_connections, mail_account, prepare
from flows.simulation.inbox import Inbox
from flows.simulation.ledger import LedgerTable, tables, write_ledger
from flows.simulation.reproduction import BackgroundReproduction, reproduce_all, reproduce_in_background
from flows.simulation.workers import DRAFTS, REPRODUCTIONS, caching_layouts, max_processes, workers
from flows.simulation.year import Year

if TYPE_CHECKING:
    from rich.progress import Progress

DESCRIPTION_WIDTH = 60


def simulate(
    office: Settings,
    year: int,
    months: tuple[int, ...],
    folder: Path,
    seed: int,
    report: Callable[[str], None],
) -> tuple[tuple[LedgerTable, ...], Path]:
    """Simulate these months of a year in an empty folder; CheckError at the first check that fails.

    `report` receives a line for every day on which something happened. Returns the ledger and where it was written.
    """
    environment = prepare(office, year, tuple(f"{year}-{month:02d}" for month in months), folder)
    data = environment.settings.data
    try:
        with (
            mail_account(environment), forbid_remote_connections(environment.checks), _progress_bar() as progress,
            caching_layouts(environment.settings, data / DRAFTS),
            workers(environment.settings, max_processes(environment.settings), data / DRAFTS) as pool,
        ):  # fmt: skip
            progress.update(0, "写示例报表")
            simulated = Year(environment, Inbox(environment, deliveries(environment, seed)), pool)
            with environment.warehouse():  # kept open, which spares every other opening
                with reproduce_in_background(environment) as background:
                    _run_days(simulated, background, progress, report)
                with reproduce_all(environment) as reproduced:
                    for step in chain(audit(environment), _audit_letters(environment), reproduced):
                        progress.update(1, f"年终核对：{step}")
    finally:
        for layouts in (DRAFTS, REPRODUCTIONS):
            shutil.rmtree(data / layouts, ignore_errors=True)
    ledger = tables(environment, simulated.log)
    return ledger, write_ledger(environment, ledger)


def _audit_letters(environment: SimulatedOffice) -> Iterator[str]:
    audit_letters(environment)
    yield "信件"


def _run_days(
    simulated: Year,
    background: BackgroundReproduction,
    progress: "_ProgressBar",
    report: Callable[[str], None],
) -> None:
    days = simulated.days()
    for number, day in enumerate(days):
        progress.update(number / len(days), str(day))
        if events := simulated.run_day(day):
            progress.update(number / len(days), f"{day} {events}")
            report(f"{day} {events}")
            background.submit_new()
    simulated.finish()


class _ProgressBar:
    """The share of the simulation that is over (0 to 1) and what happens now, on a terminal; else nothing."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._task = progress.add_task("", total=1.0)

    def update(self, share: float, description: str) -> None:
        """Show this share and this description."""
        self._progress.update(self._task, completed=share, description=description[:DESCRIPTION_WIDTH])


@contextmanager
def _progress_bar() -> Iterator[_ProgressBar]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (BarColumn(30), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _ProgressBar(progress)
