"""A whole rehearsal (演练): prepared, lived through day by day, audited, and told in a ledger."""

import shutil
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from flows.settings import Settings
from flows.simulation.arrivals import deliveries
from flows.simulation.audit import audit
from flows.simulation.bar import Bar, progressing
from flows.simulation.environment import Stage, account, prepared, watched_lines
from flows.simulation.inbox import Inbox
from flows.simulation.ledger import Table, tables, write_out
from flows.simulation.post_audit import audit_letters
from flows.simulation.remaking import Remaking, behind, remade
from flows.simulation.workers import AGAIN, FIRST, hands, remembering, workers
from flows.simulation.year import Year

Say = Callable[[str], None]


def rehearse(
    office: Settings, year: int, months: tuple[int, ...], folder: Path, seed: int, say: Say
) -> tuple[tuple[Table, ...], Path]:
    """Rehearse these months of a year in an empty folder; the first check that fails is a CheckError.

    `say` is told what happens, a line an event. Returns the ledger and where it lies.
    """
    stage = prepared(office, year, tuple(f"{year}-{month:02d}" for month in months), folder)
    memory = stage.settings.data / FIRST
    try:
        with (
            account(stage), watched_lines(stage.checks), progressing() as bar,
            remembering(stage.settings, memory), workers(stage.settings, hands(stage.settings), memory) as pool,
        ):  # fmt: skip
            bar.tell(0, "写示例报表")
            lived = Year(stage, Inbox(stage, deliveries(stage, seed)), pool)
            with stage.warehouse():  # held open, which spares every other opening
                with behind(stage) as remaking:
                    _live(lived, remaking, bar, say)
                with remade(stage) as waited_for:
                    for said in chain(audit(stage), _of_letters(stage), waited_for):
                        bar.tell(1, f"年终核对：{said}")
    finally:
        for layouts in (FIRST, AGAIN):
            shutil.rmtree(stage.settings.data / layouts, ignore_errors=True)
    found = tables(stage, lived.diary)
    return found, write_out(stage, found)


def _of_letters(stage: Stage) -> Iterator[str]:
    audit_letters(stage)
    yield "信件"


def _live(lived: Year, remaking: Remaking, bar: Bar, say: Say) -> None:
    days = lived.days()
    for n, day in enumerate(days):
        bar.tell(n / len(days), str(day))
        if told := lived.live(day):
            bar.tell(n / len(days), f"{day} {told}")
            say(f"{day} {told}")
            remaking.go_on()
    lived.end()
