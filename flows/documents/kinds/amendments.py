"""What was corrected (更正情况): every running total a later file changed, and what changed since the last issue."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.documents.document import Frames
from flows.documents.filters import cell, points
from flows.documents.provenance import Fact, Source, derived, quoted
from flows.documents.words import NOT_COMPUTABLE, bare
from flows.indicators.exact import fraction
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period
from flows.plan.terms import CITY, Measure


@dataclass(frozen=True, slots=True)
class Amendment:
    """One running total as it was first reported for a month and as it is in force; the change is in % of the first,
    — where that was 0."""

    month: str
    county: str
    name: str
    indicator: str
    unit: str
    first: str
    now: str
    change: str


def amendments(frames: Frames, catalogue: Catalogue, period: Period) -> tuple[Amendment, ...]:
    """All of the year up to the period's end, month by month in the plan's order: the size of revisions by county
    and indicator, a quality figure of its own."""
    if frames.revisions.is_empty():
        return ()
    rows = frames.revisions.filter(
        pl.col("month").is_between(pl.lit(f"{period.year}-01"), pl.lit(period.months[-1]))
    )
    order = {i.id: at for at, i in enumerate(catalogue.indicators)}
    places = {name: at for at, name in enumerate((CITY, *(c.id for c in catalogue.counties)))}
    found = sorted(
        rows.iter_rows(named=True), key=lambda r: (r["month"], places[r["county"]], order[r["indicator"]])
    )
    return tuple(_amendment(row, catalogue) for row in found)


def _amendment(row: dict[str, object], catalogue: Catalogue) -> Amendment:
    indicator = catalogue.indicator[str(row["indicator"])]
    source = Source(str(row["month"]), str(row["county"]), indicator.id, "first_value")
    first = Fact(float(str(row["first_value"])), source)
    now = Fact(float(str(row["value"])), source._replace(column="ytd"))
    changed = source._replace(column="change_pct")
    return Amendment(
        month=_label(str(row["month"])),
        county=str(row["county"]),
        name=_whose(str(row["county"]), indicator.reporter, catalogue),
        indicator=indicator.name,
        unit=indicator.unit,
        first=cell(first, indicator.unit, ""),
        now=cell(now, indicator.unit, ""),
        change=f"{points(derived(float((fraction(now) / fraction(first) - 1) * 100), changed, now=now, then=first))}%"
        if first
        else NOT_COMPUTABLE,
    )


def _whose(county: str, reporter: str | None, catalogue: Catalogue) -> str:
    return catalogue.name_of(reporter if county == CITY and reporter else county)


@dataclass(frozen=True, slots=True)
class Correction:
    """One number of an earlier month that was corrected after the last document was issued, before and now as printed."""

    county: str
    name: str
    month: str
    indicator: Indicator
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class AmendedSince:
    """What changed in earlier months after the last document of this kind was issued: numbers corrected, and reports
    that came late, each by its reporter's name and month."""

    corrected: tuple[Correction, ...] = ()
    late: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> list[str]:
        """Whose numbers were corrected, each once."""
        return list(dict.fromkeys(one.name for one in self.corrected))


def amended_since(frames: Frames, catalogue: Catalogue) -> AmendedSince:
    """What the document's footnotes say of it."""
    if frames.amended.is_empty():
        return AmendedSince()
    cells = frames.amended.filter(pl.col("measure") != Measure.IN_MONTH)
    corrected = cells.filter(pl.col("state_before").is_not_null())
    late = cells.filter(pl.col("state_before").is_null()).unique(["reporter", "month"], maintain_order=True)
    return AmendedSince(
        tuple(
            Correction(
                county=row["county"],
                name=_whose(row["county"], row["reporter"], catalogue),
                month=_label(row["month"]),
                indicator=catalogue.indicator[row["indicator"]],
                before=_amount(row, "_before", catalogue),
                now=_amount(row, "", catalogue),
            )
            for row in corrected.iter_rows(named=True)
        ),
        tuple((catalogue.name_of(r), _label(m)) for r, m in late.select("reporter", "month").rows()),
    )


def _amount(row: dict[str, Any], when: str, catalogue: Catalogue) -> str:
    unit, value = catalogue.indicator[row["indicator"]].unit, reported_number(row, when)
    number = cell(value, unit, row[f"state{when}"])
    return number if value is None else f"{number}{bare(unit)}"


# The column of the figures that a reported number is; the parts of a share are no figure and keep their own names.
_COLUMN = {Measure.RUNNING_TOTAL: "ytd", Measure.LEVEL: "ytd", Measure.DONE: "ytd", Measure.RATE: "value"}


def reported_number(row: dict[str, Any], when: str) -> Fact | None:
    """A number of CorrectedCellSchema as it was (`when` is "_before") or is (""), under the name by which its month's
    figures have it, so that a trace compares it with the same one; null where there is none."""
    if row[f"value{when}"] is None:
        return None
    column = _COLUMN.get(row["measure"], row["measure"])
    return Fact(row[f"value{when}"], Source(row["month"], row["county"], row["indicator"], f"{column}{when}"))


def _label(month: str) -> str:
    return quoted(Period.parse(month).label, "period.label")
