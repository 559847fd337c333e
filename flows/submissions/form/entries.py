"""What gets typed into a form (填报内容): used for sample submissions and by tests, never for a real reporter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from flows.plan.terms import Measure, StatementKind

Typed = Decimal | int | str | date


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as filled in: what is typed under each measure (a date of completion apart), choice, reason."""

    values: Mapping[Measure, Typed] = field(default_factory=dict)
    choice: str = ""
    reason: str = ""
    done_on: date | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not (self.values or self.choice or self.reason or self.done_on)


@dataclass(frozen=True, slots=True)
class Entries:
    """A whole form as filled in: rows by (county, indicator), words by (task, kind), the day it was filled in."""

    rows: Mapping[tuple[str, str], Entry] = field(default_factory=dict)
    words: Mapping[tuple[int, StatementKind], str] = field(default_factory=dict)
    filled_on: date | None = None
    is_sample: bool = False


BLANK = Entry()
