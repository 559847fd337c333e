"""A file that gathers several reporters' reports (汇总文件): its parts, and what is said of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Reading, Refusal
from flows.plan.terms import CITY, Measure
from flows.submissions.form.form_spec import Prior
from flows.submissions.formats.grid import Grid

KnownFor = Callable[[str, str], Prior]
BLANK = Refusal(
    "报表是空的：没有填任何数，也没有写工作情况",
    "请填写后重新报送；确实没有数的，填 0 或选“零”“不适用”。",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One report of a file and the sheets it stands on. `reporter` is empty where the file is that one report; where
    it is named, somebody gathered the file, and the report is not known to be the reporter's own."""

    reporter: str
    outcome: Reading | Refusal
    grids: tuple[Grid, ...] = ()


def told(parts: Sequence[Part], catalogue: Catalogue) -> tuple[Part, ...]:
    """The parts that say anything, each accepted one with the sentence on how it was taken; an empty form in a
    gathered file is nobody's report."""
    filled = [part for part in parts if part.outcome != BLANK]
    if not filled:
        return (Part("", BLANK),)
    names = "、".join(catalogue.name_of(part.reporter) for part in filled)
    empty = "、".join(catalogue.name_of(part.reporter) for part in parts if part.outcome == BLANK)
    return tuple(replace(part, outcome=_told(part, names, len(filled), empty, catalogue)) for part in filled)


def _told(part: Part, names: str, count: int, empty: str, catalogue: Catalogue) -> Reading | Refusal:
    if isinstance(part.outcome, Refusal):
        return part.outcome
    own = catalogue.name_of(part.reporter)
    said = [
        f"本文件是汇总文件，有 {count} 个单位的报表（{names}），逐一登记；本回执只答复{own}的部分",
        f"这一份不是{own}单独报送的：先按{own}的报表采用，{own}自己报送后以其报送的为准",
    ]
    said += [f"文件里{empty}的部分是空的，没有登记，仍按未报处理"] if empty else []
    return replace(part.outcome, decisions=(*said, *part.outcome.decisions))


def beside(known_for: KnownFor, before: Sequence[Part]) -> KnownFor:
    """What is known in force and, of the month itself, what the parts before this one say of their counties."""

    def known(reporter: str, month: str) -> Prior:
        return {**known_for(reporter, month), **dict(_running_totals(before, reporter, month))}

    return known


def _running_totals(
    parts: Sequence[Part], reporter: str, month: str
) -> Iterator[tuple[tuple[str, str], KnownTotals]]:
    for part in parts:
        if isinstance(part.outcome, Reading) and part.outcome.month == month:
            for o in part.outcome.observations:
                if o.measure is Measure.RUNNING_TOTAL and o.county not in (reporter, CITY):
                    yield (o.county, o.indicator), KnownTotals(None, None, current=o.value)
