"""What the journal alone decides (已登记), read once for each state of it: notices, documents issued, letters, approvals.

Every line of the journal names the one before it by its hash, so the hash of the last one stands for them all, in
whichever file they lie: the same hash, the same rows.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flows.warehouse.warehouse import Warehouse

MOST = 64  # answers kept; a round asks some few questions again and again
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
_ANSWERS: dict[tuple[object, ...], object] = {}


def as_booked(
    reading: Callable[Concatenate[Warehouse, Asked], tuple[Answer, ...]],
) -> Callable[Concatenate[Warehouse, Asked], tuple[Answer, ...]]:
    """A reading of rows that come by way of the journal alone, asked once for each state of the journal."""

    @wraps(reading)
    def read(warehouse: Warehouse, /, *asked: Asked.args, **named: Asked.kwargs) -> tuple[Answer, ...]:
        if not warehouse.booked_up_to:
            return reading(warehouse, *asked, **named)
        key = (reading, warehouse.booked_up_to, asked, *sorted(named.items()))
        if key not in _ANSWERS:
            while len(_ANSWERS) >= MOST:
                del _ANSWERS[next(iter(_ANSWERS))]
            _ANSWERS[key] = reading(warehouse, *asked, **named)
        return _ANSWERS[key]  # type: ignore[return-value]

    return read
