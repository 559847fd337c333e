"""What the journal alone decides (已登记), read once for each state of it: notices, documents issued, letters, approvals.

Every line of the journal names the one before it by its hash, so the hash of one stands for all up to it, in
whichever file they lie: the same hash, the same rows.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flows.warehouse.connection import Warehouse

MOST = 64  # answers kept; a round asks some few questions again and again
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Reading = Callable[Concatenate[Warehouse, Asked], tuple[Answer, ...]]
_ANSWERS: dict[tuple[object, ...], object] = {}


def as_booked(*names: str) -> Callable[[Reading[Asked, Answer]], Reading[Asked, Answer]]:
    """For a reading of rows that come by these statements of sql/load alone: asked once for each state of theirs."""

    def once(reading: Reading[Asked, Answer]) -> Reading[Asked, Answer]:
        @wraps(reading)
        def read(warehouse: Warehouse, /, *asked: Asked.args, **named: Asked.kwargs) -> tuple[Answer, ...]:
            state = warehouse.booked_up_to(*names)
            if not state:
                return reading(warehouse, *asked, **named)
            key = (reading, state, asked, *sorted(named.items()))
            if key not in _ANSWERS:
                while len(_ANSWERS) >= MOST:
                    del _ANSWERS[next(iter(_ANSWERS))]
                _ANSWERS[key] = reading(warehouse, *asked, **named)
            return _ANSWERS[key]  # type: ignore[return-value]

        return read

    return once
