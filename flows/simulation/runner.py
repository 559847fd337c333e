"""Simulate a year: prepare the environment, run it day by day, audit it, write its ledger."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path

from flows.progress import shown
from flows.settings import Settings
from flows.simulation.arrivals import Inbox, deliveries
from flows.simulation.audit import audit, audit_letters, reproduce
from flows.simulation.environment import forbid_remote_connections, mail_account, prepare
from flows.simulation.ledger import LedgerTable, tables, write_ledger
from flows.simulation.year import Year


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
    with mail_account(environment), forbid_remote_connections(environment.checks):
        simulated = Year(environment, Inbox(environment, deliveries(environment, seed)))
        with environment.office.warehouse():  # opened once for all that is nested in it
            for day in shown(simulated.days(), "演练"):
                if events := simulated.run_day(day):
                    report(f"{day} {events}")
            simulated.finish()
            for _ in shown(chain(audit(environment), audit_letters(environment)), "年终核对"):
                pass
        for _ in shown(reproduce(environment), "重做印发的文件"):
            pass
    ledger = tables(environment, simulated.log)
    return ledger, write_ledger(environment, ledger)
