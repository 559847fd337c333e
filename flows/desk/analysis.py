"""分析: any period, county and indicator by menus; the heat table, gaps, the year's course; documents made on demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import polars as pl
from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.accounts.accounts import Duty
from flows.desk.desk import WORKBOOK, Acting, AnyDesk, Desk, LoggedIn, download, require_county
from flows.desk.work import Outcome
from flows.documents.evidence import Evidence, NothingReceivedError
from flows.documents.figures import Figures
from flows.documents.kinds.trend import indicator_series
from flows.documents.words import STATE_LABEL
from flows.indicators.figures import trend
from flows.plan.catalogue import Indicator
from flows.plan.document_kinds import DOCUMENT_KINDS, DocumentKind, periodic_kinds
from flows.plan.issued import DocumentName
from flows.plan.period import Period
from flows.plan.terms import CITY
from flows.plan.units import format_number, round_half_up

router = APIRouter()
QUARTER = 3  # months
CHARTS = {"gaps": "较时序进度", "course": "逐月完成率"}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": WORKBOOK,
    "json": "application/json",
}


@dataclass(frozen=True)
class Cell:
    """A county and indicator of the table: the texts to show (— where there is no number), the mark's code, and
    the indicator's id for the trace (empty: no such target)."""

    ytd: str
    attainment: str
    mark: str
    indicator: str


@dataclass(frozen=True)
class Bar:
    """A county's gap to the pace as a bar: its length in per cent of half the picture, and its text."""

    name: str
    gap: float
    length: float
    mark: str


@router.get("/analysis")
def analysis_page(
    desk: AnyDesk, session: LoggedIn, period: str = "", indicator: str = "", county: str = CITY
) -> Response:
    """The figures of a period; before anything was received, a sentence in their place."""
    parsed = Period.parse(period) if period else desk.last_month()
    catalogue = desk.office.plan(parsed.year)
    chosen = catalogue.indicator.get(indicator) or catalogue.annex_indicators[0]
    whose = require_county(catalogue, county)
    evidence = _evidence(desk, parsed)
    return desk.page(
        "analysis.html.j2",
        session,
        title="分析",
        period=parsed,
        periods=desk.periods(),
        catalogue=catalogue,
        indicator=chosen,
        county=county,
        whose=whose,
        columns=catalogue.annex_indicators,
        rows=_rows(evidence) if evidence else [],
        bars=_bars(evidence, chosen) if evidence else [],
        course=_monthly_rows(desk, evidence, chosen, county) if evidence else [],
        documents=list(_documents(desk, parsed)),
    )


@router.get("/analysis/figures")
def figures_file(desk: AnyDesk, session: LoggedIn, period: str, form: str = "xlsx") -> Response:
    """The figures as a file; the export is on record."""
    if form not in MEDIA:
        raise HTTPException(404)
    parsed = Period.parse(period)
    content = desk.office.figures(parsed, None, form)
    desk.office.note_export(f"{parsed} figures.{form}", desk.account(session))
    return download(content, f"{parsed.long_label}汇总数.{form}", MEDIA[form])


@router.get("/analysis/chart")
def chart_file(
    desk: AnyDesk, _session: LoggedIn, period: str, indicator: str, chart: str, county: str = CITY
) -> Response:
    """A chart of the page as .png: `gaps` of the counties, or the year's `course` of one county or the city."""
    parsed = Period.parse(period)
    catalogue = desk.office.plan(parsed.year)
    evidence = _evidence(desk, parsed)
    chosen = catalogue.indicator.get(indicator)
    if evidence is None or chosen is None or chart not in CHARTS:
        raise HTTPException(404)
    name = require_county(catalogue, county)
    whose = "各地" if chart == "gaps" else name
    title = f"{parsed.long_label}{whose}{chosen.name}{CHARTS[chart]}"
    question = ("chart", parsed, indicator, chart, county)
    content = desk.cached_of_reports(question, lambda: _chart(desk, evidence, chosen, chart, county, title))
    return download(content, f"{title}.png", "image/png")


@router.post("/analysis/make")
def make(
    act: Acting,
    document: Annotated[str, Form()],
    county: Annotated[str, Form()] = CITY,
    early: Annotated[bool, Form()] = False,
) -> Response:
    """Draft a document on demand, for the city or one county, `early` also before its time; its PDF is the outcome."""
    act.actor(Duty.REGISTER)
    kind, _, period = document.partition("@")
    parsed, chosen = Period.parse(period), DOCUMENT_KINDS.get(kind)
    if chosen is None or chosen.frequency is not parsed.frequency:
        raise HTTPException(404)
    whose = require_county(act.desk.office.plan(parsed.year), county)
    of_county = None if county == CITY else county

    def draft() -> Outcome:
        def here() -> list[dict[str, Any]]:
            act.desk.office.make(kind, str(parsed), None, of_county, early=early)
            return []

        given = {str(parsed.frequency): str(parsed), "county": whose if of_county else None, "early": early}
        act.desk.run(chosen.label, given, "", here)
        name = DocumentName(str(parsed), kind, of_county or "")
        return Outcome(
            [f"已成文：{parsed.long_label}{chosen.label}（{whose}）"],
            f"/document?name={quote(str(name))}",
            "看这份文件",
        )

    title = f"{parsed.long_label}{chosen.label}（{whose}）"
    return act.desk.start(act.session, f"make {kind} {parsed} {county}", title, draft)


def _documents(desk: Desk, period: Period) -> Iterator[tuple[DocumentKind, Period]]:
    """What can be made of the plan's year: the quarters first, then those that the period on the page lies in."""
    kinds = {kind.frequency: kind for kind in periodic_kinds()}
    found = [one for one in desk.periods() if one.year == period.year]
    for one in sorted(
        found, key=lambda one: (one.length != QUARTER, not one.first <= period.last <= one.last)
    ):
        yield kinds[one.frequency], one


def _evidence(desk: Desk, period: Period) -> Evidence | None:
    """Everything of a period; None before anything was received."""
    try:
        return desk.evidence(period)
    except NothingReceivedError:
        return None


def _trend(desk: Desk, evidence: Evidence) -> pl.DataFrame:
    """A row per county, indicator and month up to the period's last."""
    return desk.cached_of_reports(
        ("trend", evidence.period), lambda: trend(evidence.by_cell, evidence.catalogue, evidence.period)
    )


def _rows(evidence: Evidence) -> list[tuple[str, str, list[Cell]]]:
    """A row a county and last the city: id, name, a cell an annex indicator."""
    plan = evidence.catalogue
    found = {(row["county"], row["indicator"]): row for row in evidence.figures.iter_rows(named=True)}
    names = [(one.id, one.name) for one in plan.counties] + [(CITY, plan.name_of(CITY))]
    return [
        (county, name, [_cell(found.get((county, i.id)), i) for i in plan.annex_indicators])
        for county, name in names
    ]


def _cell(row: dict[str, Any] | None, indicator: Indicator) -> Cell:
    if row is None:
        return Cell("无此项任务", "", "", "")
    ytd, share = row["ytd"], row["attainment_pct"]
    return Cell(
        STATE_LABEL[row["state"]] if ytd is None else format_number(ytd, indicator.unit),
        "—" if share is None else f"{round_half_up(share, 1)}%",
        row["mark"] or "",
        indicator.id,
    )


def _bars(evidence: Evidence, indicator: Indicator) -> list[Bar]:
    """The counties' gaps to the pace, the largest lead first; who has no gap is left out."""
    rows = [
        (row["county"], row["gap_pp"], row["mark"] or "")
        for row in evidence.figures.iter_rows(named=True)
        if row["indicator"] == indicator.id and row["gap_pp"] is not None and row["county"] != CITY
    ]
    longest = max((abs(gap) for _, gap, _ in rows), default=0) or 1
    return [
        Bar(evidence.catalogue.name_of(county), gap, round(abs(gap) * 100 / longest, 1), mark)
        for county, gap, mark in sorted(rows, key=lambda row: -row[1])
    ]


def _chart(
    desk: Desk, evidence: Evidence, indicator: Indicator, chart: str, county: str, title: str
) -> bytes:
    """404 for a chart without a number to draw, or a county without such a target."""
    from flows.documents.charts.gaps import gap_chart, panels
    from flows.documents.charts.report import city_chart

    typesetter = desk.office.typesetter
    if chart == "gaps":
        made = panels([indicator], Figures(evidence.figures, evidence.catalogue), evidence.catalogue)
        if not made:
            raise HTTPException(404)
        return typesetter.picture(gap_chart([(f"{title}（百分点）", made[0][1])]))[0]
    plan = evidence.catalogue
    series = indicator_series(_trend(desk, evidence), Figures(evidence.figures, plan), plan, indicator)
    counties = (one.id for one in plan.counties_of(indicator))
    names = dict(zip(counties, series.counties, strict=True))
    chosen = series.city if county == CITY else names.get(county)
    if chosen is None or not any(share for _, share, _ in chosen.attainment):
        raise HTTPException(404)
    curve = plan.policy.seasonal.get(indicator.id)
    panel = (title, chosen, curve.cumulative_pct if curve else None)
    return typesetter.picture(city_chart([panel]))[0]


def _monthly_rows(
    desk: Desk, evidence: Evidence, indicator: Indicator, county: str
) -> Sequence[dict[str, Any]]:
    """The year's months up to the period's last: month, the month's own number and the total, as text and number."""
    target = (
        indicator.county_targets.get(county) if county != CITY else evidence.catalogue.city_target(indicator)
    )
    return [
        {
            "month": row["month"],
            "value": "—" if row["value"] is None else format_number(row["value"], indicator.unit),
            "ytd": STATE_LABEL[row["state"]]
            if row["ytd"] is None
            else format_number(row["ytd"], indicator.unit),
            "share": None if row["ytd"] is None or not target else min(row["ytd"] * 100 / float(target), 130),
            "pace": int(row["month"][-2:]) * 100 / 12,
            "reported": f"{row['reported']}/{row['expected']}",
        }
        for row in _trend(desk, evidence).filter(county=county, indicator=indicator.id).iter_rows(named=True)
    ]
