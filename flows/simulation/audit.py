"""The audit at the end of a simulated year: numbers, notices, figures, corrections, and every issued document reproduced
byte for byte in new processes."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from random import Random

import polars as pl

from flows.documents import corrections as correcting
from flows.documents.evidence import Evidence, gather
from flows.documents.tracing.lines import faults
from flows.documents.worker_pool import max_workers
from flows.office import Office
from flows.plan.document_kinds import carries_figures
from flows.plan.issued import DocumentName, Issued
from flows.plan.letter import LetterKind, LetterState
from flows.plan.notice import Ladder, MatterStatus
from flows.plan.period import Period
from flows.plan.terms import CITY, Mark
from flows.settings import Settings
from flows.simulation.checks import Check
from flows.simulation.environment import SimulatedOffice
from flows.simulation.ledger import open_matters
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import carried_by, issued
from flows.warehouse.letter_ledger import letter_statuses
from flows.warehouse.notice_ledger import matter_statuses

TRACED_PER_DOCUMENT = 2
REPRODUCED_PER_TASK = 8  # documents that a process reproduces from one opened warehouse
_BEHIND = (Mark.YELLOW, Mark.RED)


def audit(environment: SimulatedOffice) -> Iterator[str]:
    """Check everything but mail, yielding what is checked; CheckError at the first failure."""
    with environment.office.warehouse() as warehouse:
        documents = issued(warehouse)
        notices = matter_statuses(warehouse, environment.catalogue.plan.year)
    yield "编号"
    _numbers(environment, documents)
    yield "提醒催办"
    _notices(environment, notices)
    for document in documents:
        if carries_figures(document.kind):
            yield f"溯源 {document.number}"
            _traced(environment, document)
    yield "更正"
    with environment.office.warehouse() as warehouse:
        left = correcting.due(warehouse, environment.office.plans)
    environment.checks.require(
        Check.CORRECTED, not left, f"{'、'.join(left)} 印发的文件与在库的数不同，没有更正"
    )


def _numbers(environment: SimulatedOffice, documents: Sequence[Issued]) -> None:
    """No number twice; every serial left out has its reason with the one after it."""
    numbers = [d.number for d in documents]
    environment.checks.require(Check.NUMBERS, len(numbers) == len(set(numbers)), "有编号重复")
    names = [d.document for d in documents]
    environment.checks.require(Check.NUMBERS, len(names) == len(set(names)), "有文件印发两次")
    last: dict[tuple[str, int], int] = {}
    for one in documents:
        series = one.series, one.year
        follows = one.serial == last.get(series, 0) + 1
        skips = one.serial > last.get(series, 0) and bool(one.gap_note)
        environment.checks.require(Check.NUMBERS, follows or skips, f"{one.number} 前面跳号，没有说明")
        last[series] = one.serial


def _traced(environment: SimulatedOffice, document: Issued) -> None:
    """Figures the document carried, followed to their cells: the cells come to the very figure that was printed."""
    with environment.office.warehouse() as warehouse:
        carried = (
            carried_by(warehouse, document.number)
            .filter(pl.col("ytd").is_not_null())
            .sort("county", "indicator")
        )
    if document.county:
        carried = carried.filter(county=document.county)
    rows = carried.to_dicts()
    for row in Random(document.number).sample(rows, min(TRACED_PER_DOCUMENT, len(rows))):
        indicator = environment.catalogue.indicator[row["indicator"]]
        period = Period.parse(document.period)
        found = environment.office.trace(period, indicator, row["county"], document.as_of)
        wrong = faults(found) + (
            [] if found.figure["ytd"] == row["ytd"] else ["印出的数与现在由底数算出的不同"]
        )
        environment.checks.require(
            Check.TRACED, not wrong, f"{document.number} {indicator.name} {row['county']}：{'；'.join(wrong)}"
        )


def _notices(environment: SimulatedOffice, notices: Sequence[MatterStatus]) -> None:
    """Every notice was true at its data cut, was still true when it went out, and came to an end."""
    known: dict[tuple[str, datetime], Evidence] = {}
    with environment.office.warehouse() as warehouse:
        names = {d.number: DocumentName.parse(d.document).notice for d in issued(warehouse)}
        gone = {
            names[p.letter.number]: p.stated_at
            for p in letter_statuses(warehouse)
            if p.state is LetterState.SENT and p.letter.kind is LetterKind.DOCUMENT
        }
        for one in notices:
            what = f"{one.notice.number} {one.matter.indicator or '月报'}"
            found = _as_of(environment, warehouse, known, one.notice.month, one.notice.as_of)
            environment.checks.require(Check.JUSTIFIED, _holds(one, found), f"{what} 与当时的数不符")
            if sent_at := gone.get(one.notice.number):
                then = _as_of(environment, warehouse, known, one.notice.month, sent_at)
                environment.checks.require(
                    Check.OVERTAKEN, _holds(one, then), f"{what} 发出时（{sent_at}）情况已变"
                )
    for one in open_matters(notices):
        environment.checks.require(Check.ENDED, False, f"{one.notice.number}（{one.state.label}）没有着落")
    environment.checks.require(Check.ENDED, True, "")


def _as_of(
    environment: SimulatedOffice,
    warehouse: Warehouse,
    known: dict[tuple[str, datetime], Evidence],
    month: str,
    at: datetime,
) -> Evidence:
    """The evidence of a month as of a moment; gathered once for all moments between two reports."""
    cut: datetime = warehouse.select("last_change", up_to=at)["last_change_at"][0] or at
    if (month, cut) not in known:
        known[month, cut] = gather(warehouse, environment.catalogue, Period.parse(month), cut)
    return known[month, cut]


def _holds(one: MatterStatus, found: Evidence) -> bool:
    """Whether what the notice says is so: the report missing, or the figure behind and the same."""
    matter = one.matter
    if one.notice.ladder is Ladder.LATE:
        rows = found.reporting.filter(month=one.notice.month, reporter=one.notice.addressee)
        return rows["status"].to_list() == ["missing"]
    row = found.figures.filter(county=matter.county or CITY, indicator=matter.indicator).to_dicts()
    return (
        bool(row)
        and row[0]["mark"] in _BEHIND
        and (row[0]["ytd"], row[0]["mark"]) == (matter.ytd, matter.mark)
    )


def reproduce(environment: SimulatedOffice) -> Iterator[str]:
    """Make every issued document again in new processes, from the snapshot published when the warehouse was closed."""
    settings = environment.settings
    numbers = [entry.number for entry in environment.office.issued()]
    shares = [numbers[n : n + REPRODUCED_PER_TASK] for n in range(0, len(numbers), REPRODUCED_PER_TASK)]
    with ProcessPoolExecutor(max_workers(settings.processes), get_context("spawn")) as pool:
        for share, differing in zip(shares, pool.map(partial(_differing, settings), shares), strict=True):
            for number in share:
                environment.checks.require(Check.REMADE, number not in differing, f"{number} 重做后不同")
            yield f"重做 {share[-1]}"


def _differing(settings: Settings, numbers: Sequence[str]) -> list[str]:
    """The numbers of those documents that are not reproduced byte for byte."""
    office = Office(settings)
    entries = [entry for entry in office.issued() if entry.number in numbers]
    return [entry.number for entry in entries if not office.remake(entry).is_equal]
