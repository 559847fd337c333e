"""What must hold of the outcome of reading anything at all (健全)."""

import re
from collections import Counter
from collections.abc import Iterator

from flows.plan.observation import Observation, Reading, Refusal
from flows.plan.terms import State

WITH_VALUE = {State.REPORTED, State.CONFIRMED_ZERO}
_PLACE = re.compile(r"[A-Z]{1,3}\d{1,7}")
_ENGLISH = re.compile(r"Traceback|Error\b|Exception|panicked|None\b")


def faults(outcome: Reading | Refusal) -> list[str]:
    """What is wrong with an outcome in itself, whatever the file said; none for a sound one."""
    return list(_of_refusal(outcome) if isinstance(outcome, Refusal) else _of_reading(outcome))


def _of_refusal(refusal: Refusal) -> Iterator[str]:
    if not refusal.reason or not refusal.remedy.startswith("请"):
        yield "a refusal without its reason or remedy"
    if len(refusal.reason) > 500 or len(refusal.remedy) > 500:
        yield "a refusal that goes on and on"
    if _ENGLISH.search(refusal.reason):
        yield "a refusal in the words of a program"


def _of_reading(reading: Reading) -> Iterator[str]:
    places = Counter((o.county, o.indicator, o.measure) for o in reading.observations)
    if any(times > 1 for times in places.values()):
        yield "a cell observed twice"
    for observation in reading.observations:
        yield from _of_observation(observation)
    if not reading.observations and not reading.statements:
        yield "a reading of nothing"
    if any(not p.subject or not p.expected or not p.remedy for p in reading.problems):
        yield "a problem without subject, expectation or remedy"
    said = (*(s.text for s in reading.statements), *reading.decisions, *(p.found for p in reading.problems))
    "".join(said).encode("utf-8")  # what cannot be encoded can be neither stored nor printed


def _of_observation(o: Observation) -> Iterator[str]:
    if (o.value is not None) != (o.state in WITH_VALUE):
        yield f"a value that does not go with its state {o.state}"
    if o.value is not None and (not o.value.is_finite() or abs(o.value) >= 10**15):
        yield "a value beyond any figure"
    if o.state is State.CONFIRMED_ZERO and o.value != 0:
        yield "a confirmed zero that is none"
    if o.cell and not _PLACE.fullmatch(o.cell):
        yield "a cell without its address"
