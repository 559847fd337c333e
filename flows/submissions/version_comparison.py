"""What a report changes of the one before it (与上一版相比), for its receipt: nothing is written over unseen."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Observation, Reading
from flows.plan.terms import Measure, State
from flows.plan.units import format_number
from flows.warehouse.connection import Warehouse

MAX_CHANGES = 12  # listed one by one
_STATES = {str(state): state for state in State}
_PARTS = (Measure.NUMERATOR, Measure.DENOMINATOR)


def compared(
    reading: Reading, before_id: int, received_at: datetime, warehouse: Warehouse, catalogue: Catalogue
) -> Reading:
    """The reading that knows the version before it (recorded before the submission of this id), and says every
    number that is another now, old and new; as it is where the month was not reported before."""
    rows = warehouse.select(
        "version_before",
        reporter=reading.reporter,
        month=reading.month,
        as_of=received_at,
        before_id=before_id,
    ).to_dicts()
    if not rows:
        return reading
    said = _changes(reading, rows, catalogue)
    return replace(reading, decisions=(said, *reading.decisions), follows_at=rows[0]["received_at"])


def _changes(reading: Reading, rows: list[dict[str, Any]], catalogue: Catalogue) -> str:
    before = {(row["county"], row["indicator"], row["measure"]): row for row in rows}
    changes = [
        _change(was, now, catalogue)
        for now in reading.observations
        if (was := before.get((now.county, now.indicator, str(now.measure)))) and _differs(was, now)
    ]
    intro = f"与 {rows[0]['received_at']:%Y-%m-%d %H:%M} 收到的上一版相比，"
    more = f"等 {len(changes)} 个" if len(changes) > MAX_CHANGES else ""
    return intro + (
        f"改了 {len(changes)} 个数：{'、'.join(changes[:MAX_CHANGES])}{more}" if changes else "没有改数"
    )


def _differs(was: dict[str, Any], now: Observation) -> bool:
    return (_value(was), was["state"]) != (now.value, str(now.state))


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
