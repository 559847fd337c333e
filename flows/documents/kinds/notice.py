"""A notice to one addressee (提醒函、催办函、督办建议): what stands in the ledger, set as its own kind of document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import needed_monthly
from flows.documents.filters import month
from flows.documents.kinds.context import addressee_of, office_facts
from flows.documents.kinds.reporting import STATUS, reporting_record
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Sourced, facts_of
from flows.documents.words import MARK_LABEL
from flows.documents.workbook import AS_WRITTEN, Cell, Column, Marked, Table
from flows.plan.catalogue import Catalogue, County, Indicator
from flows.plan.notice import Ladder, Matter, MatterStatus, Notice, NoticeKind
from flows.plan.period import Period
from flows.plan.terms import ReportedBy

TEMPLATES = {
    NoticeKind.REMINDER: "letter.html.j2",
    NoticeKind.URGING: "urging.html.j2",
    NoticeKind.ESCALATION: "escalation.html.j2",
}
_COLUMNS = (
    Column("指标", 30), Column("单位", 8), Column("累计", 12, AS_WRITTEN), Column("年度任务", 12, AS_WRITTEN),
    Column("完成率（%）", 11, 1), Column("较时序（百分点）", 12, 1), Column("标识", 7), Column("前次文书", 18),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A matter beside its indicator; None for a report not sent."""

    indicator: Indicator | None
    matter: Matter

    @property
    def unit(self) -> str:
        """What its amounts are printed in."""
        m = self.matter
        return self.indicator.unit_for(m.county, m.ytd, m.target) if self.indicator else ""


@dataclass(frozen=True)
class Cited:
    """An earlier notice: its number, the day it went out and the one by which it asked for an answer."""

    number: str
    sent_on: date
    reply_by: date


def make_notice(
    notice: Notice,
    frames: Frames,
    catalogue: Catalogue,
    earlier: Mapping[str, MatterStatus],
    issue: Issue,
    typesetter: Typesetter,
) -> Document:
    """The notice with its table, figures.csv and manifest; equal bytes for equal arguments.

    `earlier` are the notices sent, by number, with the moment: those it cites are among them.
    """
    rows = _rows(notice, catalogue)
    name, documents = catalogue.name_of(notice.addressee), catalogue.policy.documents
    letter = notice.kind is not NoticeKind.ESCALATION
    title_lines = _title(notice, catalogue, name)
    manuscript = Manuscript(
        kind=str(notice.kind),
        name=f"{notice.number}_{name}",
        title_lines=title_lines,
        subject=notice.kind.label,
        period=notice.month,
        series=documents.letter_prefix if letter else documents.number_prefix,
        template=TEMPLATES[notice.kind],
        context={**_context(notice, rows, frames, catalogue, earlier), "issue": issue},
        tables=[Table("事项", "".join(title_lines), "", _COLUMNS, [_cells(row) for row in rows])],
        figures_csv=_csv(rows),
        figures=_figures(notice),
        county=notice.addressee if notice.ladder is Ladder.LATE else notice.matters[0].county,
        has_record=False,
        is_letter=letter,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)


def _rows(notice: Notice, catalogue: Catalogue) -> list[Row]:
    """Its matters as all documents have them: in the order of the plan."""
    order = {indicator.id: at for at, indicator in enumerate(catalogue.indicators)}
    matters = sorted(notice.matters, key=lambda matter: order.get(matter.indicator, -1))
    return [
        Row(catalogue.indicator.get(matter.indicator), _with_sources(matter, notice.month))
        for matter in matters
    ]


def _with_sources(matter: Matter, month: str) -> Matter:
    """The matter, its numbers facts of the figures it carries."""
    m = facts_of(matter, month, matter.county, matter.indicator)
    needed = needed_monthly(m.required_monthly, m.target, m.ytd, Period.parse(month))
    return replace(m, required_monthly=needed)


def _title(notice: Notice, catalogue: Catalogue, name: str) -> list[str]:
    label, plan = Period.parse(notice.month).long_label, catalogue.plan.short_name
    what = f"{label}{plan}"
    if notice.kind is NoticeKind.ESCALATION:
        about = "月报报送事项" if notice.ladder is Ladder.LATE else "指标进度事项"
        return [f"关于对{name}{plan}", f"{about}予以督办的建议"]
    about = "月报报送" if notice.ladder is Ladder.LATE else "指标进度"
    return [f"关于{what}", f"{about}的{'提醒函' if notice.kind is NoticeKind.REMINDER else '催办函'}"]


def _context(
    notice: Notice,
    rows: Sequence[Row],
    frames: Frames,
    catalogue: Catalogue,
    earlier: Mapping[str, MatterStatus],
) -> dict[str, object]:
    reporter, period = catalogue.reporter[notice.addressee], Period.parse(notice.month)
    own = next(
        (
            r
            for r in reporting_record(frames.reporting, frames.problems, catalogue, notice.month).rows
            if r.name == reporter.name
        ),
        None,
    )
    cited = list(dict.fromkeys(row.matter.cites for row in rows if row.matter.cites))
    return {
        "notice": Sourced(notice, "notice"),
        "rows": rows,
        **office_facts(catalogue, period),
        "mark_label": MARK_LABEL,
        "name": reporter.name,
        "is_ranked": any(row.matter.rank is not None for row in rows),
        "you": f"你{reporter.name[-1]}" if reporter.kind is ReportedBy.COUNTY else "你单位",
        "addressee": addressee_of(reporter, catalogue.policy.documents)
        if isinstance(reporter, County)
        else reporter.name,
        "authority": catalogue.policy.documents.authority if isinstance(reporter, County) else "",
        "own": own,
        "missing_before": _missing_before(frames, notice),
        "cited": [_cited(earlier[number]) for number in cited],
        "chain": [_cited(earlier[number]) for number in chain(notice, earlier)],
        "late_ladder": notice.ladder is Ladder.LATE,
        "STATUS": STATUS,
    }


def _cited(one: MatterStatus) -> Sourced:
    """An earlier notice as a later one cites it: with the day it went out."""
    return Sourced(Cited(one.notice.number, one.state_at.date(), one.notice.reply_by), "notice")


def _missing_before(frames: Frames, notice: Notice) -> list[str]:
    """Earlier months of the year that this reporter has not sent either."""
    silent = frames.reporting.filter(reporter=notice.addressee, status="missing")["month"]
    return [month(int(missed[5:])) for missed in silent if missed < notice.month]


def chain(notice: Notice, earlier: Mapping[str, MatterStatus]) -> list[str]:
    """The numbers that led here, oldest first: each cites the one before it on one of the same matters."""
    keys = {(m.county, m.indicator) for m in notice.matters}
    same = [
        n.number
        for n in (one.notice for one in earlier.values())
        if n.number != notice.number
        and (n.addressee, n.ladder) == (notice.addressee, notice.ladder)
        and (n.ladder is Ladder.BEHIND or n.month == notice.month)
        and keys & {(m.county, m.indicator) for m in n.matters}
    ]
    return sorted(same, key=lambda number: (earlier[number].state_at, number))


def _cells(row: Row) -> list[Cell]:
    i, m = row.indicator, row.matter
    if i is None:
        return ["月报未报送", None, None, None, None, None, None, m.cites]
    return [
        i.name,
        i.unit,
        m.ytd,
        m.target,
        m.attainment_pct,
        m.gap_pp,
        Marked(MARK_LABEL[m.mark], m.mark) if m.mark else None,
        m.cites,
    ]


def _figures(notice: Notice) -> pl.DataFrame:
    """The figures its matters carry; empty for a report not sent."""
    columns = {"county": pl.String, "indicator": pl.String, "ytd": pl.Float64, "attainment_pct": pl.Float64,
               "gap_pp": pl.Float64, "rank": pl.Int64, "tied": pl.Boolean, "mark": pl.String}  # fmt: skip
    rows = [{name: getattr(m, name) for name in columns} for m in notice.matters if m.indicator]
    return pl.DataFrame(rows, schema=columns).with_columns(state=pl.lit("reported"))


def _csv(rows: Sequence[Row]) -> bytes:
    """The matters as data: the figures carried, unrounded, empty where there is none."""
    columns = (
        "county",
        "indicator",
        "mark",
        "ytd",
        "target",
        "attainment_pct",
        "gap_pp",
        "seasonal_gap_pp",
        "cites",
    )
    lines = [",".join("" if (v := getattr(r.matter, c)) is None else str(v) for c in columns) for r in rows]
    return ("\n".join([",".join(columns), *lines]) + "\n").encode()
