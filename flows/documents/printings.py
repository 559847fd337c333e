"""Every way in which the numbers behind a document may stand in print (印法), from the frames and not the templates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from itertools import combinations_with_replacement

import polars as pl

from flows.documents.document import Frames, Issue
from flows.documents.words import amount, bare, day, moment, month_day, one_decimal, rounded_up, stamp
from flows.plan.catalogue import Catalogue
from flows.plan.units import decimals, format_number, round_half_up

_AMOUNTS = ("value", "ytd", "target", "previous_value", "ytd_year_ago")
_COUNTED_BY = ("mark", "state", "county", "indicator", "reporter", "status", "tier")


@dataclass(frozen=True)
class Printings:
    """Numbers as printed: quantities with their unit (8123人), percentages and points without, counts of things.

    `bare` is what may stand without a unit in a table; `pairs` are coverages and places such as 8/9; `own` are
    the numbers of the office's policy.
    """

    amounts: frozenset[str]
    percents: frozenset[str]
    points: frozenset[str]
    bare: frozenset[str]
    pairs: frozenset[str]
    counts: frozenset[str]
    own: frozenset[str]
    dates: frozenset[str]


def printings(frames: Frames, catalogue: Catalogue, issue: Issue) -> Printings:
    """All of them for one document."""
    rows = frames.figures.to_dicts()
    amounts = {text for row in rows for text in _amounts(row)} | set(_own_of_city(frames, catalogue))
    amounts |= {amount(float(i.target), i.unit) for i in catalogue.indicators if i.target is not None}
    percents = {one_decimal(row["attainment_pct"]) for row in rows if row["attainment_pct"] is not None}
    points = {one_decimal(abs(row[key])) for row in rows for key in ("gap_pp", "seasonal_gap_pp") if row[key] is not None}  # fmt: skip
    clocks = {one_decimal(row[key]) for row in rows for key in ("pace_pct", "seasonal_pct") if row[key] is not None}  # fmt: skip
    return Printings(
        amounts=frozenset(amounts),
        percents=frozenset(percents | clocks),
        points=frozenset(points),
        bare=frozenset(_bare(rows)),
        pairs=frozenset(_pairs(rows)),
        counts=frozenset(map(str, _counts(frames, catalogue))),
        own=_own(catalogue),
        dates=frozenset(_dates(frames, issue)),
    )


def _amounts(row: Mapping[str, object]) -> Iterator[str]:
    unit, known = str(row["unit"]), [v for v in map(row.get, _AMOUNTS) if isinstance(v, float)]
    for value in known:
        yield amount(value, unit)
        yield f"{format_number(value, unit)}个"  # of counties, where every county has to reach a number
    now, then = row["ytd"], row["ytd_year_ago"]
    if isinstance(now, float) and isinstance(then, float):
        yield amount(abs(float(round_half_up(now, 4) - round_half_up(then, 4))), unit)


def _own_of_city(frames: Frames, catalogue: Catalogue) -> Iterator[str]:
    for row in frames.city_own.iter_rows(named=True):
        for key in ("own_ytd", "difference"):
            if row[key] is not None:
                yield amount(abs(row[key]), catalogue.indicator[row["indicator"]].unit)


def _bare(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    for row in rows:
        unit = str(row["unit"])
        for value in (v for v in map(row.get, _AMOUNTS) if isinstance(v, float)):
            yield format_number(value, unit)
            yield f"{round_half_up(value, decimals(unit)):f}"
        if isinstance(need := row["required_monthly"], float):
            yield format_number(rounded_up(need, unit), unit)
            yield f"{round_half_up(rounded_up(need, unit), decimals(unit)):f}"


def _pairs(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    for row in rows:
        yield f"{row['reported']}/{row['expected']}"
        yield f"{row['value_reported']}/{row['expected']}"
        yield f"{row['rank']}/{row['ranked']}"
        if isinstance(row["ytd"], float) and isinstance(row["target"], float):
            yield f"{format_number(row['ytd'], '个')}/{format_number(row['target'], '个')}"


def _counts(frames: Frames, catalogue: Catalogue) -> set[int]:
    """How many of anything there are: rows by each of the words they are sorted by, and the words two by two."""
    found = {
        len(catalogue.tasks),
        len(catalogue.indicators),
        len(catalogue.counties),
        len(catalogue.departments),
    }
    for frame in (frames.figures, frames.reporting, frames.problems, frames.statements):
        words = [frame[key].to_list() for key in _COUNTED_BY if key in frame.columns]
        for one, other in combinations_with_replacement(words, 2):
            found |= set(Counter(zip(one, other, strict=True)).values())
    for column in ("rank", "ranked", "rank_change", "reported", "expected", "value_reported"):
        found |= {abs(n) for n in frames.figures[column].drop_nulls()}
    for column in ("versions", "days_late", "open_queries", "errors"):
        found |= set(frames.reporting[column].drop_nulls())
    return found | set(range(len(catalogue.counties) + 1))


def _own(catalogue: Catalogue) -> frozenset[str]:
    """The numbers of the office's policy as they are printed."""
    return frozenset(format_number(abs(n), "%") for n in _numbers(catalogue.policy))


def _numbers(policy: object) -> Iterator[float]:
    """Every number of the policy, however deep."""
    if isinstance(policy, int | float) and not isinstance(policy, bool):
        yield policy
    for part in _parts(policy):
        yield from _numbers(part)


def _parts(policy: object) -> Iterable[object]:
    if isinstance(policy, Mapping):
        return policy.values()
    if isinstance(policy, tuple):
        return policy
    return [getattr(policy, field.name) for field in fields(policy)] if is_dataclass(policy) else ()


def _dates(frames: Frames, issue: Issue) -> Iterator[str]:
    asked: list[date] = [
        issue.issued_on,
        issue.answer_by,
        *([issue.next_due_on] if issue.next_due_on else []),
    ]
    for on in {*asked, *_column(frames.reporting, "due_on"), *_column(frames.figures, "done_on")}:
        yield from (day(on), month_day(on))
    yield from (moment(issue.as_of), day(issue.as_of))
    for column in ("first_received_at", "received_at"):
        for at in _column(frames.reporting, column):
            yield from (month_day(at), *([stamp(at)] if isinstance(at, datetime) else []))


def _column(frame: pl.DataFrame, name: str) -> list[date]:
    return frame[name].drop_nulls().unique().to_list() if name in frame.columns else []


def units(catalogue: Catalogue) -> list[str]:
    """The units of the plan as they follow a number, the longest first."""
    plain = {bare(i.unit) for i in catalogue.indicators}
    return sorted(plain | {f"万{unit}" for unit in plain}, key=len, reverse=True)
