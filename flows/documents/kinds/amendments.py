"""What was corrected (更正情况): every running total a later file changed, and what changed since the last issue."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from flows.documents.document import Frames
from flows.documents.filters import amount, cell, listed, points, wording
from flows.documents.provenance import Fact, Source, count, derived, quoted, subject
from flows.documents.words import NOT_COMPUTABLE
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY, Measure

TOLD = 5  # so many corrections are told one by one in a note; of more, only whose they are


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
        change=f"{points(derived((now - first) * 100 / first, changed, now=now, then=first))}%"
        if first
        else NOT_COMPUTABLE,
    )


def _whose(county: str, reporter: str | None, catalogue: Catalogue) -> str:
    return catalogue.name_of(reporter if county == CITY and reporter else county)


def amended_since(frames: Frames, catalogue: Catalogue) -> tuple[str, ...]:
    """A sentence on what was corrected or made up for earlier months since the last document of this kind was
    issued, for its footnote; none where nothing was."""
    cells = frames.amended
    if cells.is_empty():
        return ()
    figures = cells.filter(pl.col("measure") != Measure.IN_MONTH)
    corrected = figures.filter(pl.col("state_before").is_not_null())
    made_up = figures.filter(pl.col("state_before").is_null()).unique(
        ["reporter", "month"], maintain_order=True
    )
    return (*_corrected(corrected, catalogue), *_made_up(made_up, catalogue))


def _corrected(cells: pl.DataFrame, catalogue: Catalogue) -> Iterator[str]:
    told = [
        subject(
            f"{_whose(row['county'], row['reporter'], catalogue)}{_label(row['month'])}"
            f"{catalogue.indicator[row['indicator']].name}由{_said(row, '_before', catalogue)}更正为{_said(row, '', catalogue)}",
            row["county"],
            row["indicator"],
        )
        for row in cells.iter_rows(named=True)
    ]
    if len(told) > TOLD:
        names = dict.fromkeys(_whose(c, r, catalogue) for c, r in cells.select("county", "reporter").rows())
        told = [f"{listed(list(names))}更正了{count(told)}个数（见{wording('附件2')}）"]
    if told:
        yield f"上期印发后，{'；'.join(told)}。本期按更正后的数计算。"


def _made_up(reports: pl.DataFrame, catalogue: Catalogue) -> Iterator[str]:
    names = [
        f"{catalogue.name_of(reporter)}{_label(month)}"
        for reporter, month in reports.select("reporter", "month").rows()
    ]
    if names:
        yield f"上期印发后，{listed(names)}的报表已补报，计入本期累计。"


def _said(row: dict[str, object], when: str, catalogue: Catalogue) -> str:
    value, unit = row[f"value{when}"], catalogue.indicator[str(row["indicator"])].unit
    if not isinstance(value, float):
        return cell(None, unit, str(row[f"state{when}"]))
    source = Source(str(row["month"]), str(row["county"]), str(row["indicator"]), f"value{when}")
    return amount(Fact(value, source), unit)


def _label(month: str) -> str:
    return quoted(Period.parse(month).label, "period.label")
