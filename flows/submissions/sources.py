"""Where reports came from (报表来源): whether a file came by a way that belongs to its reporter, and what the office confirms.

Kept apart from the questions about numbers: a source that is not verified is the office's to confirm, changes no figure and
no mark, and is on no county's receipt. Sample data have no source to confirm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.accounts.record import machine_user
from flows.plan.catalogue import Catalogue
from flows.plan.origin import INBOX, Origin, OriginKind
from flows.submissions.form.form_spec import month_label
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY, Columns
from flows.warehouse.questions import LONG_AFTER

SHOWN = 10  # characters of a hash that name a file for people


class SourceError(RuntimeError):
    """What was typed names no file whose source is to be confirmed."""


@dataclass(frozen=True, slots=True)
class UnverifiedSource:
    """A report in force whose file lay in the inbox that everybody shares."""

    sha256: str
    file_name: str
    reporter: str
    month: str
    received_at: datetime

    @property
    def number(self) -> str:
        """What names it on a command line."""
        return self.sha256[:SHOWN]


def origin_in_inbox(path: Path, inbox: Path, catalogue: Catalogue) -> Origin:
    """By which way a waiting file came: the folder of a county or department, by its name or id, or the shared inbox."""
    folder = path.relative_to(inbox).parts[0] if path.parent != inbox else ""
    reporter = catalogue.reporter_named(folder) if folder else None
    return Origin(OriginKind.FOLDER, reporter.id) if reporter else INBOX


def origin_of_named() -> Origin:
    """By which way a file came that somebody of the office names to be taken in: he answers for it."""
    return Origin(OriginKind.COMMAND, machine_user()[0])


def unverified_sources(warehouse: Warehouse, month: str | None = None) -> tuple[UnverifiedSource, ...]:
    """Those of a month, or all, in the order received."""
    rows = warehouse.select("unverified_sources", month=month, as_of=LONG_AFTER).iter_rows(named=True)
    return tuple(
        UnverifiedSource(
            row["file_sha256"], row["file_name"], row["reporter"], row["month"], row["received_at"]
        )
        for row in rows
    )


def confirm_sources(
    warehouse: Warehouse, numbers: Sequence[str], at: datetime, note: str, by: Columns = BY_NOBODY
) -> tuple[UnverifiedSource, ...]:
    """Record that files did come from whom they say, named by the beginning of their hash; SourceError where one is not
    waiting to be confirmed, and none is recorded."""
    waiting = unverified_sources(warehouse)
    confirmed: dict[str, UnverifiedSource] = {}
    for number in numbers:
        fits = {one.sha256: one for one in waiting if number and one.sha256.startswith(number.lower())}
        if len(fits) != 1:
            why = "没有待核实的" if not fits else f"不止一份（{len(fits)} 份），把编号写全些"
            raise SourceError(f"来源编号 {number}：{why}；diaodu sources 列出待核实的")
        confirmed |= fits
    rows = [{"file_sha256": digest, "confirmed_at": at, "note": note, **by} for digest in confirmed]
    if rows:
        warehouse.append([("source_confirmation", row) for row in rows])
    return tuple(confirmed.values())


def source_lines(catalogue: Catalogue, sources: Sequence[UnverifiedSource]) -> Iterator[str]:
    """A line a file: its number, whose report of which month it says it is, its name, when it came."""
    for one in sources:
        name = catalogue.name_of(one.reporter)
        yield f"  {one.number}  {name}  {month_label(one.month)}  {one.file_name}  {one.received_at:%m月%d日 %H:%M}收到"
