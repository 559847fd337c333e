"""Every issued document made again at the end (重做), by fresh processes that remember nothing, side by side."""

import multiprocessing
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from flows.issuance.issuing import made_again
from flows.rehearsal.check import Check
from flows.rehearsal.stage import Stage
from flows.settings import Settings
from flows.warehouse.issue_ledger import issued
from flows.warehouse.warehouse import Warehouse

MOST_AT_ONCE = 4


def remade(stage: Stage) -> Iterator[str]:
    """Make each again from a copy of the warehouse, and compare byte for byte; says how far it is."""
    with stage.warehouse() as warehouse:
        numbers = [d.number for d in issued(warehouse)]
    workers = min(MOST_AT_ONCE, os.cpu_count() or 1)
    copies = [_copy(stage.settings, n) for n in range(workers)]
    shares = [(copy, numbers[n::workers]) for n, copy in enumerate(copies)]
    try:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            for differing, share in zip(
                pool.map(_differing, copies, [s for _, s in shares]), shares, strict=True
            ):
                stage.checks.must(Check.REMADE, not differing, f"{'、'.join(differing)} 重做后不同")
                stage.checks.held[Check.REMADE] += max(0, len(share[1]) - 1)
                yield f"重做 {len(share[1])} 份"
    finally:
        for copy in copies:
            shutil.rmtree(copy.data, ignore_errors=True)


def _copy(settings: Settings, n: int) -> Settings:
    """The warehouse, the ledgers and the files received in a folder of their own: one process at a time has a warehouse."""
    folder = settings.data / f"remaking-{n}"
    for part in (settings.warehouse.parent, settings.journal.parent):
        shutil.copytree(part, folder / part.relative_to(settings.data))
    return settings.model_copy(update={"data": Path(folder)})


def _differing(settings: Settings, numbers: list[str]) -> list[str]:
    """Which of these documents come out otherwise."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        entries = [d for d in issued(warehouse) if d.number in numbers]
    return [e.number for e in entries if not made_again(settings, e).is_equal]
