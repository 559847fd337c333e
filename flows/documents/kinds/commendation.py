"""建议通报表扬名单（供审定）: only ever a proposal, with what speaks against each name beside it."""

from dataclasses import dataclass
from typing import Any

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.filters import as_written, listed, month, percent, score
from flows.documents.kinds.context import SIGNATORY_BLANK, office_facts
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, Sourced, count, facts_of
from flows.documents.workbook import Column, Table
from flows.plan.catalogue import Catalogue
from flows.plan.document_kinds import COMMENDATION
from flows.plan.period import Period
from flows.plan.terms import Mark

TEMPLATE = "commendation.html.j2"
_COLUMNS = (
    Column("地区", 14),
    Column("建议", 10),
    Column("得分", 9, 2),
    Column("不符合的条件", 50),
    Column("不利情况", 60),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A county, whether it is proposed, which criteria it fails, and the counter-evidence (不利情况) in words."""

    county: str
    name: str
    proposed: bool
    score: float | None
    quarters: int
    failed: tuple[str, ...]
    against: tuple[str, ...]


def proposals(frames: Frames, catalogue: Catalogue) -> tuple[Proposal, ...]:
    """Every county in annex order."""
    year = str(catalogue.plan.year)
    policy = Sourced(catalogue.policy.commendation, "policy.commendation")
    marked = _marked(frames, catalogue)
    rows = (facts_of(row, year, row["county"]) for row in frames.commendation.iter_rows(named=True))
    return tuple(
        Proposal(
            county=row["county"],
            name=catalogue.name_of(row["county"]),
            proposed=row["proposed"],
            score=row["score"],
            quarters=row["quarters"],
            failed=tuple(_failed(name, row, policy, marked, catalogue) for name in row["vetoes"].split()),
            against=_against(row, catalogue),
        )
        for row in rows
    )


def _marked(frames: Frames, catalogue: Catalogue) -> dict[str, list[tuple[str, list[str]]]]:
    """By county its colours at the year's end that speak against it, each with the names of the indicators."""
    figures, found = Figures(frames.figures, catalogue), {}
    for county in catalogue.counties:
        own = figures.of_county(county.id)
        names = [
            (mark.label, [catalogue.indicator[f.indicator].name for f in own if f.mark == mark])
            for mark in (Mark.RED, Mark.YELLOW)
        ]
        found[county.id] = [(label, some) for label, some in names if some]
    return found


def _failed(
    criterion: str,
    row: dict[str, Any],
    policy: Sourced,
    marked: dict[str, list[tuple[str, list[str]]]],
    catalogue: Catalogue,
) -> str:
    """Which criterion the county fails, with its number."""
    low = (
        "得分暂不评定"
        if row["score"] is None
        else f"得分{score(row['score'])}，不足{as_written(policy.score_at_least)}"
    )
    revision = (
        ""
        if row["revision_pct"] is None
        else (f"数据更正变动{percent(row['revision_pct'])}，超过{as_written(policy.revision_at_most_pct)}%")
    )
    headline = catalogue.policy.annual.headline_indicators
    missed = [catalogue.indicator[name].name for name in row["short"].split() if name in headline]
    return {
        "headline_indicators": f"{listed(missed)}未完成年度任务",
        "quarters_in_a_row": _quarters(row["quarters"], marked[row["county"]], policy),
        "score_at_least": low,
        "late_reports_at_most": f"迟报{row['late']}次",
        "missing_reports_at_most": f"未报{row['missing']}次",
        "open_queries_at_most": f"待核实事项{row['open_queries']}条未说明",
        "revision_at_most_pct": revision,
    }[criterion]


def _quarters(quarters: Count, marked: list[tuple[str, list[str]]], policy: Sourced) -> str:
    if quarters:
        return f"截至年末只有连续{quarters}个季度末没有黄色、红色标识，不足{policy.quarters_in_a_row}个"
    colours = (f"{label}色标识{count(names)}项（{listed(names)}）" for label, names in marked)
    return f"年末有{'、'.join(colours)}" if marked else "年末数据不全"


def _against(row: dict[str, Any], catalogue: Catalogue) -> tuple[str, ...]:
    """What speaks against the name, whether or not it is a veto."""
    short = [catalogue.indicator[name].name for name in row["short"].split()]
    said = [f"未完成年度任务{count(short)}项（{listed(short, 3, '项')}）"] if short else []
    said += [f"{what}{row[key]}{unit}" for what, key, unit in _COUNTED if row[key]]
    if row["revised_indicator"]:
        name, revised = catalogue.indicator[row["revised_indicator"]].name, int(row["revised_month"][5:])
        said.append(f"{month(revised)}{name}累计数更正，变动{percent(row['revision_pct'])}")
    return tuple(said)


_COUNTED = (("迟报", "late", "次"), ("未报", "missing", "次"), ("待核实事项", "open_queries", "条"))


def make(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """The proposal for one year with its table, the COMMENDATION frame as figures.csv, and its manifest."""
    rows = proposals(frames, catalogue)
    lines = [f"{period.long_label}{catalogue.plan.short_name}", "建议通报表扬名单（供审定）"]
    cells = [
        [r.name, "建议" if r.proposed else "不建议", r.score, "；".join(r.failed), "；".join(r.against)]
        for r in rows
    ]
    manuscript = Manuscript(
        kind=COMMENDATION,
        name=f"{period}_建议通报表扬名单",
        title_lines=lines,
        subject="表扬建议",
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template=TEMPLATE,
        context={
            "rows": rows,
            **office_facts(catalogue, period),
            "issue": issue,
            "signatory": SIGNATORY_BLANK,
        },
        tables=[Table("建议名单", "".join(lines), "仅为建议，供审定", _COLUMNS, cells)],
        figures_csv=frames.commendation.write_csv().encode(),
        figures=frames.figures.clear(),
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)
