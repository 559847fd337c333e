"""Entering a file (登记): read it against what was in force when it came, say what it changes of the version before, and
record every report in it at once.

The one way into the ledgers: for new files, and for those read again from the raw store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Observation, Question, Reading, Refusal
from flows.plan.origin import Origin
from flows.plan.terms import Measure, State
from flows.plan.units import format_number
from flows.submissions.checks.report_rules import month_not_over
from flows.submissions.formats.grid import Opened
from flows.submissions.read_form import Part, understand
from flows.warehouse.connection import Warehouse
from flows.warehouse.ledger import first_id, known_totals, record
from flows.warehouse.questions import questions

MAX_CHANGES = 12  # listed one by one
_STATES = {str(state): state for state in State}
_PARTS = (Measure.NUMERATOR, Measure.DENOMINATOR)


def _changes(reading: Reading, rows: list[dict[str, Any]], catalogue: Catalogue) -> str:
    before = {(row["county"], row["indicator"], row["measure"]): row for row in rows}
    changes = [
        _change(was, now, catalogue)
        for now in reading.observations
        if (was := before.get((now.county, now.indicator, str(now.measure))))
        and (_value(was), was["state"]) != (now.value, str(now.state))
    ]
    intro = f"与 {rows[0]['received_at']:%Y-%m-%d %H:%M} 收到的上一版相比，"
    more = f"等 {len(changes)} 个" if len(changes) > MAX_CHANGES else ""
    return intro + (
        f"改了 {len(changes)} 个数：{'、'.join(changes[:MAX_CHANGES])}{more}" if changes else "没有改数"
    )


def _value(was: dict[str, Any]) -> Decimal | None:
    return None if was["value"] is None else Decimal(was["value"])


def _change(was: dict[str, Any], now: Observation, catalogue: Catalogue) -> str:
    indicator = catalogue.indicator[now.indicator]
    unit = indicator.part_unit if now.measure in _PARTS else indicator.unit.split("/")[0]
    then = _value_text(_value(was), _STATES[was["state"]], now.measure, unit)
    return f"{indicator.name}（{now.measure.label}）{then}→{_value_text(now.value, now.state, now.measure, unit)}"


def _value_text(value: Decimal | None, state: State, measure: Measure, unit: str) -> str:
    if value is None:
        return state.label
    return ("是" if value else "否") if measure is Measure.DONE else format_number(value, unit)


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the ledgers know it: `own_name` is its name without its package's, which the reader gets; `origin` by
    which way it came, null where that was not noted yet."""

    file_name: str
    own_name: str
    sha256: str
    received_at: datetime
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """The reports that a file holds, by the plan that accepts them."""

    parts: tuple[Part, ...]
    catalogue: Catalogue

    @property
    def folder(self) -> str | None:
        """The month under which the file itself is kept, the last that it reports; None where it was refused."""
        return max((p.outcome.month for p in self.parts if isinstance(p.outcome, Reading)), default=None)

    def strangers_to(self, origin: Origin) -> list[str]:
        """The reporters in it that do not belong to the way by which it came."""
        reporters = {p.outcome.reporter for p in self.parts if isinstance(p.outcome, Reading)}
        return sorted(reporters - {origin.reporter}) if origin.reporter else []

    def months_began_by(self, moment: datetime) -> bool:
        """Whether every month that it reports had begun by then."""
        return self.folder is None or self.folder <= f"{moment:%Y-%m}"


def ingest(
    source: Source, opened: Opened | Refusal, warehouse: Warehouse, catalogues: tuple[Catalogue, ...]
) -> None:
    """Read and record one file that the ledgers do not have."""
    record_reports(source, parse(source, opened, warehouse, catalogues), warehouse)


def record_reports(source: Source, result: IngestResult, warehouse: Warehouse) -> None:
    """Record every report of one file, in one transaction."""
    reports = [(part.reporter, part.outcome) for part in result.parts]
    record(warehouse, source.sha256, source.received_at, source.file_name, reports, source.origin)


def parse(
    source: Source, opened: Opened | Refusal, warehouse: Warehouse, catalogues: tuple[Catalogue, ...]
) -> IngestResult:
    """The same without recording: against the newest plan that accepts it, and against what was in force when it
    came; if no plan accepts it, the newest plan's refusal stands."""
    if isinstance(opened, Refusal):
        return IngestResult((Part("", opened),), catalogues[0])

    before_id = first_id(warehouse, source.sha256)

    def known(reporter: str, month: str) -> dict[tuple[str, str], KnownTotals]:
        return known_totals(warehouse, reporter, month, source.received_at, before_id)

    def questions_for(numbers: Sequence[str]) -> dict[str, Question]:
        return questions(warehouse, numbers, source.received_at)

    tried = [
        IngestResult(understand(source.own_name, opened, c, known, questions_for), c) for c in catalogues
    ]
    result = next((one for one in tried if one.folder), tried[0])
    parts = (_unless_reported(part, source, before_id, warehouse, result.catalogue) for part in result.parts)
    return replace(
        result,
        parts=tuple(_compared(part, source, before_id, warehouse, result.catalogue) for part in parts),
    )


def _compared(part: Part, source: Source, before_id: int, warehouse: Warehouse, catalogue: Catalogue) -> Part:
    """The part, its receipt saying every number that is another than in the version before (recorded before the submission
    of this id); asked about if its month is not over."""
    outcome = part.outcome
    if isinstance(outcome, Refusal):
        return part
    before = warehouse.select(
        "version_before",
        reporter=outcome.reporter,
        month=outcome.month,
        as_of=source.received_at,
        before_id=before_id,
    )
    if len(rows := before.to_dicts()):
        said = _changes(outcome, rows, catalogue)
        outcome = replace(outcome, decisions=(said, *outcome.decisions), follows_at=rows[0]["received_at"])
    early = month_not_over(outcome, part.grids, source.received_at, catalogue)
    return replace(part, outcome=replace(outcome, problems=(*outcome.problems, *early)))


def _unless_reported(
    part: Part, source: Source, before_id: int, warehouse: Warehouse, catalogue: Catalogue
) -> Part:
    """A part of a gathered file, refused where its reporter has reported that month itself: only he changes it."""
    if not part.reporter or isinstance(part.outcome, Refusal):
        return part
    month = part.outcome.month
    rows = warehouse.select(
        "own_report", reporter=part.reporter, month=month, as_of=source.received_at, before_id=before_id
    )
    if rows.is_empty():
        return part
    name, (file_name, at) = catalogue.name_of(part.reporter), rows.row(0)
    reason = f"{name}已于 {at:%Y-%m-%d %H:%M} 自己报送本月报表（{file_name}），汇总文件里{name}的部分不采用"
    return replace(
        part, outcome=Refusal(reason, f"请{name}核对自己报送的报表；需要更正的，由{name}重新报送。")
    )
