"""时间过半、任务过半: which indicators have done their half by midsummer, and which nobody can judge."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.documents.kinds.overall import CityLine
from flows.documents.provenance import Count, count


@dataclass(frozen=True, slots=True)
class Halfway:
    """Names of the totals by whether half the annual target is done; a partial sum below it decides nothing."""

    done: tuple[str, ...]
    short: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def all_done(self) -> bool:
        """Whether 任务过半 may be said of all of them."""
        return bool(self.done) and not self.short and not self.undecided

    @property
    def total(self) -> Count:
        """How many were looked at."""
        return count((*self.done, *self.short, *self.undecided))


def halfway(lines: Sequence[CityLine]) -> Halfway:
    """By the unrounded attainment: 49.96 % is not half, though it prints as 50.0."""
    found: dict[str, list[str]] = {"done": [], "short": [], "undecided": []}
    for line in lines:
        found[_half(line)].append(line.name)
    return Halfway(*(tuple(names) for names in found.values()))


def _half(line: CityLine) -> str:
    attained = line.figure.attainment_pct
    if attained is not None and attained >= 50:
        return "done"
    return "undecided" if attained is None or line.figure.is_partial else "short"
