"""更正说明: what a correction changed in an issued document — old, new, who, why, and whose rank or mark moves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from flows.documents.corrected_print import OTHER_COLUMNS, ChangedNumber
from flows.documents.document import Document, Frames, Issue
from flows.documents.filters import cell, listed, one_decimal, place_cell, points
from flows.documents.kinds.amendments import reported_number
from flows.documents.kinds.context import SIGNATORY_BLANK, office_facts, period_words
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.lines import numbers_in
from flows.documents.pdf.typeset import Typesetter
from flows.documents.printed_text import Piece, compared
from flows.documents.provenance import Count, Sourced, count, facts_of, plain, quoted
from flows.documents.words import MARK_LABEL
from flows.documents.workbook import AS_WRITTEN, Column, Table
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.document_kinds import CORRECTION
from flows.plan.issued import Issued
from flows.plan.notice import Notice
from flows.plan.period import Frequency, Period
from flows.plan.terms import CITY, Measure

TEMPLATE = "correction.html.j2"
_ENDING = {
    Frequency.MONTH: "调度情况通报",
    Frequency.QUARTER: "情况分析报告",
    Frequency.HALF_YEAR: "总结报告",
    Frequency.YEAR: "评估报告",
}
_MEASURES = {str(m): m.label for m in Measure if m is not Measure.RUNNING_TOTAL}
_CELLS = (
    Column("地区或单位", 16), Column("报告月", 9), Column("指标", 30), Column("单位", 7), Column("原报", 12),
    Column("更正为", 12), Column("收到时间", 18), Column("原因", 40),
)  # fmt: skip
_NUMBERS = (
    Column("地区", 14), Column("指标", 30), Column("项目", 24), Column("原数", 12), Column("现数", 12),
)  # fmt: skip
_SENTENCES = (Column("原文", 80), Column("现文", 80))
_FIGURES = (
    Column("地区", 14), Column("指标", 30), Column("单位", 7), Column("当期原数", 11, AS_WRITTEN),
    Column("当期现数", 11, AS_WRITTEN), Column("累计原数", 12, AS_WRITTEN), Column("累计现数", 12, AS_WRITTEN),
    Column("原完成率（%）", 10, 1), Column("现完成率（%）", 10, 1), Column("原较时序（百分点）", 12, 1),
    Column("现较时序（百分点）", 12, 1), Column("位次", 12), Column("标识", 10),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Touched:
    """A notice sent on a figure that is another one now: its running total and attainment then and now."""

    notice: Notice
    indicator: str
    ytd_before: float | None
    ytd: float | None
    attainment_pct_before: float | None
    attainment_pct: float | None


@dataclass(frozen=True)
class Correcting:
    """What a correction is made from: the issued document, the corrections of it before this one, the cells that
    changed since (CorrectedCellSchema), the figures it would print otherwise (CorrectedFigureSchema), the notices touched,
    the sentences that would read otherwise, as they were and as they are, the other numbers of its tables that change, and
    the county reports issued of the same period that print other figures."""

    original: Issued
    earlier: tuple[Issued, ...]
    cells: pl.DataFrame
    figures: pl.DataFrame
    touched: tuple[Touched, ...]
    sentences: tuple[tuple[str, str], ...] = ()
    numbers: tuple[ChangedNumber, ...] = ()
    county_reports: tuple[Issued, ...] = ()


_IN_ITS_UNIT = frozenset(("required_monthly", "monthly_average", "previous_value", "low", "middle", "high"))
_WHEN = ("_before", "")  # the columns' endings: then and now


@dataclass(frozen=True, slots=True)
class CellRow:
    """One corrected cell as it is printed."""

    county: str
    name: str
    month: str
    subject: str
    unit: str
    before: str
    now: str
    received_at: datetime
    reason: str


def cell_rows(cells: pl.DataFrame, catalogue: Catalogue) -> list[CellRow]:
    """The corrected cells by month, in the plan's order; what came in for the first time is not among them."""
    reporters = {reporter.id: at for at, reporter in enumerate(catalogue.reporters)}
    indicators = {indicator.id: at for at, indicator in enumerate(catalogue.indicators)}
    corrected = sorted(
        cells.filter(pl.col("state_before").is_not_null()).iter_rows(named=True),
        key=lambda row: (row["month"], reporters[row["reporter"]], indicators[row["indicator"]]),
    )
    return [_cell_row(row, catalogue) for row in corrected]


def _cell_row(row: dict[str, Any], catalogue: Catalogue) -> CellRow:
    indicator = catalogue.indicator[row["indicator"]]
    part = _MEASURES.get(row["measure"])
    return CellRow(
        county=row["county"],
        name=catalogue.name_of(row["reporter"] if row["county"] == CITY else row["county"]),
        month=quoted(Period.parse(row["month"]).label, "period.label"),
        subject=f"{indicator.name}（{part}）" if part else indicator.name,
        unit=indicator.unit,
        before=_reported(row, "_before", indicator),
        now=_reported(row, "", indicator),
        received_at=row["received_at"],
        reason=row["reason"] or "未写明",
    )


def _reported(row: dict[str, Any], when: str, indicator: Indicator) -> str:
    value = reported_number(row, when)
    if value is not None and row["measure"] == Measure.DONE:
        return "已完成" if value else "未完成"
    return cell(value, indicator.unit, row[f"state{when}"])


def make(
    correcting: Correcting,
    frames: Frames,
    catalogue: Catalogue,
    name: str,
    issue: Issue,
    typesetter: Typesetter,
) -> Document:
    """The correction of one issued document; equal bytes for equal arguments."""
    period = Period.parse(correcting.original.period)
    corrected, figures = (
        cell_rows(correcting.cells, catalogue),
        figure_rows(correcting.figures, catalogue, period),
    )
    numbers = in_plan_order(correcting.numbers, catalogue)
    is_upward = period.frequency is not Frequency.MONTH  # as the report that it corrects
    lines = [
        f"关于更正{period.long_label}{catalogue.plan.scope}{catalogue.plan.short_name}",
        f"{_ENDING[period.frequency]}有关数据的说明",
    ]
    title, documents = "".join(lines), catalogue.policy.documents
    manuscript = Manuscript(
        kind=CORRECTION,
        name=name,
        title_lines=lines,
        subject="更正说明",
        period=str(period),
        series=documents.number_prefix,
        template=TEMPLATE,
        context={
            **office_facts(catalogue, period),
            "issue": issue,
            "addressee": documents.report_addressee if is_upward else documents.monthly_addressees,
            "signatory": SIGNATORY_BLANK if is_upward else None,
            "corrected": corrected,
            "figures": figures,
            "numbers": [
                (one.county, one.indicator, *_number_row(one, catalogue)) for one in correcting.numbers
            ],
            "others": list(dict.fromkeys(OTHER_COLUMNS[one.column] for one in correcting.numbers)),
            "sentences": [marked_changes(then, now) for then, now in correcting.sentences],
            "own": period_words(period)["own"],
            "made_up": made_up(correcting.cells, catalogue),
            **_summary(correcting, catalogue),
        },
        tables=[
            Table("更正的数据", title, "", _CELLS, [_cells(row) for row in corrected]),
            Table(
                "对原文件数据的影响", title, "完成率为百分数", _FIGURES, [_workbook_row(r) for r in figures]
            ),
            Table(
                "其他数据的变化",
                title,
                "",
                _NUMBERS,
                [list(_number_row(n, catalogue)) for n in numbers],
            ),
            Table("对原文件文字的影响", title, "", _SENTENCES, list(map(list, correcting.sentences))),
        ],
        figures_csv=correcting.figures.write_csv().encode(),
        figures=frames.figures,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)


def _summary(correcting: Correcting, catalogue: Catalogue) -> dict[str, Any]:
    """What the text counts and names."""
    moved, marked = moved_and_marked(correcting.figures)
    return {
        "original": Sourced(correcting.original, "issued"),
        "county_reports": [Sourced(one, "issued") for one in correcting.county_reports],
        "earlier": listed([quoted(e.number, "issued.number") for e in correcting.earlier]),
        "who": listed(list(dict.fromkeys(row.name for row in cell_rows(correcting.cells, catalogue)))),
        "moved": moved,
        "marked": marked,
        "touched": [
            (
                facts_of(one, one.notice.month, one.notice.addressee, one.indicator),
                catalogue.indicator[one.indicator],
                catalogue.name_of(one.notice.addressee),
            )
            for one in correcting.touched
        ],
    }


def moved_and_marked(figures: pl.DataFrame) -> tuple[Count, Count]:
    """How many of the changed figures have another rank, how many another mark."""
    moved = pl.col("rank").ne_missing(pl.col("rank_before")) | pl.col("tied").ne_missing(
        pl.col("tied_before")
    )
    marked = pl.col("mark").ne_missing(pl.col("mark_before"))
    changed = (figures.filter(of)["indicator"].to_list() for of in (moved, marked))
    places, marks = map(count, changed)
    return places, marks


def made_up(cells: pl.DataFrame, catalogue: Catalogue) -> str:
    """Who sent a report for the first time meanwhile (补报), which changes the city's sums too."""
    new = cells.filter(pl.col("state_before").is_null()).unique(["reporter", "month"], maintain_order=True)
    return listed(
        [
            f"{catalogue.name_of(r)}{quoted(Period.parse(m).label, 'period.label')}"
            for r, m in new.select("reporter", "month").rows()
        ]
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of the issued document, then and now: CORRECTED's columns with names to print."""

    county: str
    name: str
    indicator: str
    unit: str
    row: dict[str, Any]

    def then_now(self, column: str) -> str:
        """A column of figures: 610→598, or one number where it is the same."""
        return _then_now(*(self._number(column, when) for when in _WHEN))

    def places(self) -> str:
        """The rank: 3→并列4."""
        return _then_now(*(place_cell(self.row[f"rank{when}"], self.row[f"tied{when}"]) for when in _WHEN))

    def marks(self) -> str:
        """The mark: 黄→绿."""
        return _then_now(*(MARK_LABEL.get(self.row[f"mark{when}"] or "", "—") for when in _WHEN))

    def _number(self, column: str, when: str) -> str:
        value = self.row[f"{column}{when}"]
        if column in {"value", "ytd"}:
            return cell(value, self.unit, self.row[f"state{when}"])
        if value is None:
            return "—"
        return points(value) if column == "gap_pp" else one_decimal(value)


def _then_now(then: str, now: str) -> str:
    return now if plain(then) == plain(now) else f"{then}→{now}"


def marked_changes(then: str, now: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """A sentence before and now, cut where the two differ; a number is one word."""
    return compared(list(_words(then or "（无）")), list(_words(now or "（删去）")))


def _words(sentence: str) -> Iterator[str]:
    for piece, is_number in numbers_in(sentence):
        yield from (piece,) if is_number else piece


def in_plan_order(numbers: Sequence[ChangedNumber], catalogue: Catalogue) -> list[ChangedNumber]:
    """The numbers by what they are, then by indicator and county; the city first."""
    columns = {column: at for at, column in enumerate(OTHER_COLUMNS)}
    indicators = {indicator.id: at for at, indicator in enumerate(catalogue.indicators)}
    counties = {county: at for at, county in enumerate((CITY, *(c.id for c in catalogue.counties)))}
    return sorted(
        numbers,
        key=lambda n: (columns[n.column], indicators.get(n.indicator, -1), counties.get(n.county, -1)),
    )


def _number_row(one: ChangedNumber, catalogue: Catalogue) -> tuple[str, str, str, str, str]:
    """County, indicator, what it is with its unit, then and now."""
    indicator = catalogue.indicator.get(one.indicator)
    unit = f"（{indicator.unit}）" if indicator and one.column in _IN_ITS_UNIT else ""
    name = indicator.name if indicator else "年度评估"
    return catalogue.name_of(one.county), name, f"{OTHER_COLUMNS[one.column]}{unit}", one.before, one.now


def figure_rows(figures: pl.DataFrame, catalogue: Catalogue, period: Period) -> list[FigureRow]:
    """The changed figures in print order."""
    return [
        FigureRow(
            row["county"],
            catalogue.name_of(row["county"]),
            catalogue.indicator[row["indicator"]].name,
            row["unit"],
            facts_of(row, str(period), row["county"], row["indicator"]),
        )
        for row in figures.iter_rows(named=True)
    ]


def _cells(row: CellRow) -> list[str | int | float | None]:
    at = f"{row.received_at:%Y-%m-%d %H:%M}"
    return [row.name, row.month, row.subject, row.unit, row.before, row.now, at, row.reason]


def _workbook_row(figure: FigureRow) -> Sequence[str | int | float | None]:
    row = figure.row
    numbers = [row[f"{c}{w}"] for c in ("value", "ytd", "attainment_pct", "gap_pp") for w in ("_before", "")]
    return [figure.name, figure.indicator, figure.unit, *numbers, figure.places(), figure.marks()]
