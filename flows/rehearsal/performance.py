"""A whole rehearsal (演练): prepared, lived through day by day, audited, and told in a ledger."""

from collections.abc import Callable
from pathlib import Path

from flows.drafting.composing import typesetter
from flows.rehearsal.arrivals import deliveries
from flows.rehearsal.audit import audit
from flows.rehearsal.bar import Bar, progressing
from flows.rehearsal.inbox import Inbox
from flows.rehearsal.ledger import Table, tables, write_out
from flows.rehearsal.post_audit import audit_letters
from flows.rehearsal.remaking import remade
from flows.rehearsal.stage import account, prepared, watched_lines
from flows.rehearsal.year import Year
from flows.settings import Settings

Say = Callable[[str], None]


def rehearse(
    office: Settings, year: int, months: tuple[int, ...], folder: Path, seed: int, say: Say
) -> tuple[tuple[Table, ...], Path]:
    """Rehearse these months of a year in an empty folder; the first check that fails is a CheckError.

    `say` is told what happens, a line an event. Returns the ledger and where it lies.
    """
    stage = prepared(office, year, tuple(f"{year}-{month:02d}" for month in months), folder)
    setter = typesetter(stage.settings.faces)
    setter.remembered = {}
    try:
        with account(stage), watched_lines(stage.checks), progressing() as bar:
            bar.tell(0, "写示例报表")
            inbox = Inbox(stage, deliveries(stage, seed))
            with stage.warehouse():  # held open, every other opening costs a third
                lived = Year(stage, inbox)
                _live(lived, bar, say)
                for said in audit(stage):
                    bar.tell(1, f"年终核对：{said}")
            audit_letters(stage)
            for said in remade(stage):
                bar.tell(1, f"年终核对：{said}")
    finally:
        setter.remembered = None
    found = tables(stage, lived.diary)
    return found, write_out(stage, found)


def _live(lived: Year, bar: Bar, say: Say) -> None:
    days = lived.days()
    for n, day in enumerate(days):
        bar.tell(n / len(days), str(day))
        if told := lived.live(day):
            bar.tell(n / len(days), f"{day} {told}")
            say(f"{day} {told}")
    lived.end()
