"""One county's month (反馈单): its figures, its rank, its reporting record and what is asked of it."""

from dataclasses import dataclass

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figure, Figures
from flows.documents.filters import listed, month_day
from flows.documents.frequency import beat_words
from flows.documents.kinds.monthly import office_facts, words_for
from flows.documents.kinds.record import MISSING, Doubt, Reported, record
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, Source, count, quoted
from flows.documents.words import MARK_LABEL, STATE_LABEL, place_cell
from flows.documents.workbook import AS_WRITTEN, Column, Table
from flows.plan.catalogue import Catalogue, County, Indicator
from flows.plan.period import Period
from flows.plan.terms import Mark, Rule

TEMPLATE = "county_feedback.html.j2"
_COLUMNS = (
    Column("指标", 30), Column("单位", 8), Column("本期", 11, AS_WRITTEN), Column("累计", 12, AS_WRITTEN),
    Column("年度任务", 12, AS_WRITTEN),
    Column("完成率（%）", 11, 1), Column("较时序（百分点）", 12, 1), Column("位次", 9), Column("参加排位", 9, 0),
    Column("位次升降", 9, 0), Column("尚需月均", 11, AS_WRITTEN), Column("标识", 7), Column("状态", 11),
)  # fmt: skip

Row = tuple[Indicator, Figure]


@dataclass(frozen=True)
class CountyFacts:
    """Everything the feedback says: totals against the clock, minima every county must reach, record, doubts."""

    county: County
    period: Period
    totals: tuple[Row, ...]
    minima: tuple[Row, ...]
    reported: Reported
    doubts: tuple[Doubt, ...]

    @property
    def ahead(self) -> list[str]:
        """Indicators level with the clock or ahead of it."""
        return [i.name for i, f in self.totals if f.is_ahead]

    @property
    def behind(self) -> list[str]:
        """Indicators behind it."""
        return [i.name for i, f in self.totals if f.is_behind]

    @property
    def unknown(self) -> list[str]:
        """Indicators without a usable number."""
        return [i.name for i, f in self.totals if f.gap_pp is None]


def county_facts(frames: Frames, catalogue: Catalogue, period: Period, county_id: str) -> CountyFacts:
    """The facts of one county; KeyError if the plan does not know it or it is not in the reporting record."""
    county = next(c for c in catalogue.counties if c.id == county_id)
    rows = [(catalogue.indicator[f.indicator], f) for f in Figures(frames.figures).of_county(county_id)]
    whole = record(frames.reporting, frames.problems, catalogue, period.months[-1])
    return CountyFacts(
        county=county,
        period=period,
        totals=tuple(row for row in rows if row[0].rule is Rule.TOTAL),
        minima=tuple(row for row in rows if row[0].rule is Rule.EACH_COUNTY),
        reported=next(r for r in whole.rows if r.name == county.name),
        doubts=tuple(d for d in whole.doubts if d.reporter == county_id),
    )


def asks(facts: CountyFacts, catalogue: Catalogue, issue: Issue) -> list[str]:
    """What policy asks of this county, by when; nothing where there is nothing to ask."""
    by = month_day(issue.answer_by)
    asked = []
    if facts.reported.status == MISSING:
        asked.append(f"请于{by}前补报{quoted(facts.period.label, 'period.label')}数据，并书面说明未报原因。")
    if facts.doubts:
        withheld = "；数据待核的，更正前不计入合计和位次" if any(d.withholds for d in facts.doubts) else ""
        asked.append(f"请对上列事项逐条核实，于{by}前说明具体原因或报送更正数据{withheld}。")
    red = [i.name for i, f in facts.totals if f.mark == Mark.RED]
    if red and facts.period.last >= catalogue.policy.marks.no_urging_before_month:
        asked.append(
            f"请对红色标识的{count(red)}项指标（{listed(red, 3, '项')}）逐项分析原因，于{by}前报送整改措施。"
        )
    return [f"（{'一二三'[at]}）{ask}" for at, ask in enumerate(asked)]


def make_county(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter, county_id: str
) -> Document:
    """The feedback to one county with its workbook, figures.csv and manifest; equal bytes for equal arguments."""
    facts = county_facts(frames, catalogue, period, county_id)
    own = frames.figures.filter(frames.figures["county"] == county_id)
    manuscript = Manuscript(
        name=f"{period}_{facts.county.name}反馈单",
        title_lines=[
            f"关于{facts.county.name}{period.long_label}",
            f"{catalogue.plan.short_name}调度情况的反馈单",
        ],
        subject="调度反馈",
        period=str(period),
        series=catalogue.policy.documents.letter_prefix,
        template=TEMPLATE,
        context=_context(facts, catalogue, issue),
        tables=[_table(facts)],
        figures_csv=Figures(own).csv(),
        figures=own,
        county=county_id,
        has_record=False,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)


def _context(facts: CountyFacts, catalogue: Catalogue, issue: Issue) -> dict[str, object]:
    government = facts.county.county_level
    return {
        **{name: getattr(facts, name) for name in (*CountyFacts.__dataclass_fields__, "ahead", "behind", "unknown")},
        **office_facts(catalogue, facts.period),
        "issue": issue,
        **beat_words(facts.period),
        "you": "地",
        "addressee": f"{facts.county.name}{'人民政府' if government else '管委会'}",
        "corrections": Count((facts.reported.versions or 1) - 1, Source(str(facts.period), facts.county.id, "", "corrections")),
        "asks": asks(facts, catalogue, issue),
        **words_for(catalogue),
    }  # fmt: skip


def _table(facts: CountyFacts) -> Table:
    rows = [
        [i.name, f.unit, f.value, f.ytd, f.target, f.attainment_pct, f.gap_pp, place_cell(f.rank, f.tied), f.ranked,
         f.rank_change, f.required_monthly, MARK_LABEL[f.mark] if f.mark else None, STATE_LABEL[f.state]]
        for i, f in (*facts.totals, *facts.minima)
    ]  # fmt: skip
    return Table(
        "指标完成情况", f"{facts.county.name}{facts.period.long_label}指标完成情况", "", _COLUMNS, rows
    )
