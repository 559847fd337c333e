"""What is gone through when the year is over (年终核对): documents, notices, numbers, corrections."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

import polars as pl

from flows.documents import corrections as correcting
from flows.documents.evidence import Evidence, gather
from flows.documents.tracing.lines import faults
from flows.plan.issued import DocumentName, Issued
from flows.plan.letter import LetterState
from flows.plan.notice import Ladder, MatterStatus
from flows.plan.period import Period
from flows.plan.terms import CITY, Mark
from flows.simulation.check import Check
from flows.simulation.environment import Stage
from flows.simulation.outcomes import open_ends
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import BEATS, carried_by, issued
from flows.warehouse.letter_ledger import posted
from flows.warehouse.notice_ledger import filed

TRACED_EACH = 2  # so many figures of each document are followed to their cells
_BEHIND = (Mark.YELLOW, Mark.RED)


def audit(stage: Stage) -> Iterator[str]:
    """Go through it all, saying what is looked at; CheckError at the first thing that does not hold."""
    with stage.warehouse() as warehouse:
        documents = issued(warehouse)
        notices = filed(warehouse, stage.catalogue.plan.year)
    yield "编号"
    _numbers(stage, documents)
    yield "提醒催办"
    _notices(stage, notices)
    for document in documents:
        if document.kind in BEATS:
            yield f"溯源 {document.number}"
            _traced(stage, document)
    yield "更正"
    with stage.warehouse() as warehouse:
        left = correcting.due(warehouse, stage.office.plans)
    stage.checks.must(Check.CORRECTED, not left, f"{'、'.join(left)} 印发的文件与在库的数不同，没有更正")


def _numbers(stage: Stage, documents: Sequence[Issued]) -> None:
    """No number twice; every serial left out has its reason with the one after it."""
    numbers = [d.number for d in documents]
    stage.checks.must(Check.NUMBERS, len(numbers) == len(set(numbers)), "有编号重复")
    names = [d.document for d in documents]
    stage.checks.must(Check.NUMBERS, len(names) == len(set(names)), "有文件印发两次")
    last: dict[tuple[str, int], int] = {}
    for one in documents:
        series = one.series, one.year
        follows = one.serial == last.get(series, 0) + 1
        skips = one.serial > last.get(series, 0) and bool(one.gap_note)
        stage.checks.must(Check.NUMBERS, follows or skips, f"{one.number} 前面跳号，没有说明")
        last[series] = one.serial


def _traced(stage: Stage, document: Issued) -> None:
    """Figures the document carried, followed to their cells: the cells come to the very figure that was printed."""
    with stage.warehouse() as warehouse:
        carried = (
            carried_by(warehouse, document.number)
            .filter(pl.col("ytd").is_not_null())
            .sort("county", "indicator")
        )
    if document.county:
        carried = carried.filter(county=document.county)
    rows = carried.to_dicts()
    for row in Random(document.number).sample(rows, min(TRACED_EACH, len(rows))):
        indicator = stage.catalogue.indicator[row["indicator"]]
        period = Period.parse(document.period)
        found = stage.office.trace(period, indicator, row["county"], document.as_of)
        wrong = faults(found) + (
            [] if found.figure["ytd"] == row["ytd"] else ["印出的数与现在由底数算出的不同"]
        )
        stage.checks.must(
            Check.TRACED, not wrong, f"{document.number} {indicator.name} {row['county']}：{'；'.join(wrong)}"
        )


def _notices(stage: Stage, notices: Sequence[MatterStatus]) -> None:
    """Every notice was true at its data cut, was still true when it went out, and came to an end."""
    known: dict[tuple[str, datetime], Evidence] = {}
    with stage.warehouse() as warehouse:
        names = {d.number: DocumentName.parse(d.document).notice for d in issued(warehouse)}
        gone = {names[p.letter.number]: p.stated_at for p in posted(warehouse) if p.state is LetterState.SENT}
        for one in notices:
            what = f"{one.notice.number} {one.matter.indicator or '月报'}"
            found = _as_of(stage, warehouse, known, one.notice.month, one.notice.as_of)
            stage.checks.must(Check.JUSTIFIED, _holds(one, found), f"{what} 与当时的数不符")
            if sent_at := gone.get(one.notice.number):
                then = _as_of(stage, warehouse, known, one.notice.month, sent_at)
                stage.checks.must(Check.OVERTAKEN, _holds(one, then), f"{what} 发出时（{sent_at}）情况已变")
    for one in open_ends(notices):
        stage.checks.must(Check.ENDED, False, f"{one.notice.number}（{one.state.label}）没有着落")
    stage.checks.must(Check.ENDED, True, "")


def _as_of(
    stage: Stage, warehouse: Warehouse, known: dict[tuple[str, datetime], Evidence], month: str, at: datetime
) -> Evidence:
    """The evidence of a month as of a moment; gathered once for all moments between two reports."""
    cut: datetime = warehouse.select("last_change", up_to=at)["last_change_at"][0] or at
    if (month, cut) not in known:
        known[month, cut] = gather(warehouse, stage.catalogue, Period.parse(month), cut)
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
