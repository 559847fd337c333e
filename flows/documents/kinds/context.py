"""What the templates of every kind are given: plan, policy and period with their sources, names and verdicts."""

from collections.abc import Sequence
from typing import Any

from flows.documents.document import Frames
from flows.documents.figures import Figures
from flows.documents.kinds.overall import CityLine, names_by_pace
from flows.documents.kinds.tasks import figure_text, verdict
from flows.documents.provenance import Count, Source, Sourced, derived, facts_of, quoted
from flows.documents.words import MARK_LABEL
from flows.indicators.exact import share_pct
from flows.plan.catalogue import Catalogue, County
from flows.plan.period import Frequency, Period
from flows.plan.policy import Documents
from flows.plan.terms import CITY

SIGNATORY_BLANK = "　　　"  # 签发人: left blank on paper, filled in by hand
_OWN = {
    Frequency.MONTH: "本月",
    Frequency.QUARTER: "本季度",
    Frequency.HALF_YEAR: "本期",
    Frequency.YEAR: "本年",
}
# What is said of indicators by how they stand against the clock; in December the target itself decides.
_PACE_WORDS = {
    "ahead": "达到或快于时序进度",
    "behind": "慢于时序进度",
    "undecided": "因报送不全暂不作进度评价",
    "unknown": "无可用数据",
}
_FINAL_WORDS = {
    "ahead": "完成年度任务",
    "behind": "未完成年度任务",
    "undecided": "因报送不全暂不作评价",
    "unknown": "无可用数据",
}
_FURTHEST_FIRST = ("慢于时序", "未达标")
_BEFORE = {
    Frequency.MONTH: "上月",
    Frequency.QUARTER: "上季度",
    Frequency.HALF_YEAR: "上半年",
    Frequency.YEAR: "上年",
}


def office_facts(catalogue: Catalogue, period: Period) -> dict[str, Any]:
    """Plan, policy and period, their numbers facts."""
    outside = [county.name for county in catalogue.counties if not county.county_level]
    left = Count(12 - period.last, Source(str(period), column="period.months_left"))
    return {
        "plan": Sourced(catalogue.plan, "plan"),
        "policy": Sourced(catalogue.policy, "policy"),
        "period": Sourced(period, "period"),
        "months_left": left,
        "pace_words": _FINAL_WORDS if period.last == 12 else _PACE_WORDS,
        "year_before_sources": [quoted(text, "plan.year_before") for text in catalogue.year_before.sources],
        "outside": outside,
        "reporting_places": "、".join([f"各{catalogue.plan.places}", *outside]),
        "headline_names": [catalogue.indicator[i].name for i in catalogue.policy.annual.headline_indicators],
    }


def period_words(period: Period) -> dict[str, str]:
    """`own` heads the column of the period's own number; `before` names the period it is compared with."""
    return {"own": _OWN[period.frequency], "before": _BEFORE[period.frequency]}


def words_for(catalogue: Catalogue) -> dict[str, Any]:
    """The names and verdicts that templates ask for."""
    return {
        "mark_label": MARK_LABEL,
        "reporter_name": catalogue.name_of,
        "indicator_name": lambda indicator: catalogue.indicator[indicator].name,
        "names_by_pace": names_by_pace,
        "verdict": verdict,
        "figure_text": figure_text,
        "by_verdict": by_verdict,
        "furthest_first": furthest_first,
    }


def addressee_of(county: County, documents: Documents) -> str:
    """The body that a county's document is addressed to."""
    return f"{county.name}{documents.county_body if county.county_level else documents.zone_body}"


def city_own(frames: Frames, catalogue: Catalogue, period: Period) -> dict[str, dict[str, Any]]:
    """The city's own de-duplicated figures by indicator, each with its share of the annual target in %."""
    rows = {row["indicator"]: row for row in frames.city_own.iter_rows(named=True)}
    found = {i: facts_of(row, str(period), CITY, i) for i, row in rows.items()}
    for indicator, row in found.items():
        own, target = row["own_ytd"], catalogue.city_target(catalogue.indicator[indicator])
        row["own_pct"] = None
        if own is not None and target:
            source = own.source._replace(column="share_pct")
            row["own_pct"] = derived(share_pct(own, target), source, part=own, whole=target)
    return found


def by_verdict(lines: Sequence[CityLine]) -> dict[str, list[str]]:
    """Names of the indicators under each verdict, those behind the furthest first; any other verdict under 其他."""
    named = ("已达标", "达到时序", "慢于时序", "在目标内", "超出目标", "尚未达标", "未达标", "未报", "其他")
    under: dict[str, list[CityLine]] = {name: [] for name in named}
    for line in lines:
        judged = verdict(line)
        under[judged if judged in under else "其他"].append(line)
    for name in _FURTHEST_FIRST:
        under[name] = furthest_first(under[name])
    return {name: [line.name for line in some] for name, some in under.items()}


def furthest_first(lines: Sequence[CityLine]) -> list[CityLine]:
    """The lines by how far they are behind; those without a clock as if they were level with it."""
    return sorted(lines, key=lambda line: line.figure.gap_pp or 0.0)


def not_reached(line: CityLine, figures: Figures, catalogue: Catalogue) -> list[str]:
    """Counties known to be short of what every county must reach."""
    return [catalogue.name_of(f.county) for f in figures.counties(line.indicator.id) if f.met is False]
