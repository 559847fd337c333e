"""Units that a sheet states for itself (计量单位): 单位：万人 at the right, 元 in a column for 万元.

What is stated is followed, exactly, and the receipt says so; a number without a stated unit is never scaled.
"""

import re
from decimal import Decimal

from flows.plan.catalogue import normalize_name
from flows.plan.units import magnitude
from flows.submissions.form.layout import UNITS
from flows.submissions.formats.grid import Grid
from flows.submissions.reading.labels import HEAD_ROWS

_NOTE = re.compile(r"单位[::]([^()。;]+)")
_BETWEEN = re.compile(r"[、,,/和]")
_RATES = frozenset({"%", "个百分点"})
_SIZE = re.compile(r"^[万亿]")


def note_units(grid: Grid) -> tuple[str, ...]:
    """The units of the note over the table: (人, 万元) for 单位：人、万元; none where it names a reporter."""
    for (row, _), text in grid.texts():
        found = _NOTE.search(normalize_name(text)) if row < HEAD_ROWS else None
        units = tuple(_BETWEEN.split(found[1])) if found else ()
        if units and all(unit in UNITS for unit in units):
            return units
    return ()


def of_kind(units: tuple[str, ...], due: str) -> str:
    """The one of several stated units that a number due in `due` is in: the same thing, else the same kind."""
    alike = [unit for unit in units if kind(unit) == kind(due)]
    same = [unit for unit in alike if _base(unit) == _base(due)]
    found = same or alike
    return found[0] if len({magnitude(unit) for unit in found}) == 1 else ""


def kind(unit: str) -> str:
    """Money, a rate, land, or a count of people and things."""
    base = _base(unit)
    return base if base in ("元", "亩") else "rate" if unit in _RATES else "count"


def _base(unit: str) -> str:
    return _SIZE.sub("", unit)


def scale(stated: str, due: str) -> Decimal | None:
    """What a number in the stated unit is multiplied with; None for another kind of thing of another size."""
    if not stated or magnitude(stated) == magnitude(due):
        return Decimal(1)
    return magnitude(stated) / magnitude(due) if kind(stated) == kind(due) else None
