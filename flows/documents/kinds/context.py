"""What the templates of every kind are given: plan, policy and period with their sources, names and verdicts."""

from collections.abc import Sequence
from typing import Any

from flows.documents.document import Frames
from flows.documents.figures import Figures
from flows.documents.kinds.overall import CityLine, names_by_pace
from flows.documents.kinds.tasks import figure_text, verdict
from flows.documents.provenance import Count, Source, Sourced, facts_of
from flows.documents.words import MARK_LABEL
from flows.plan.catalogue import Catalogue, County
from flows.plan.period import Frequency, Period
from flows.plan.terms import CITY

SIGNATORY_BLANK = "　　　"  # 签发人: left blank on paper, filled in by hand
_OWN = {
    Frequency.MONTH: "本月",
    Frequency.QUARTER: "本季度",
    Frequency.HALF_YEAR: "本期",
    Frequency.YEAR: "本年",
}
_BEFORE = {
    Frequency.MONTH: "上月",
    Frequency.QUARTER: "上季度",
    Frequency.HALF_YEAR: "上半年",
    Frequency.YEAR: "上年",
}


def office_facts(catalogue: Catalogue, period: Period) -> dict[str, Any]:
    """Plan, policy and period, their numbers facts."""
    left = Count(12 - period.last, Source(str(period), column="period.months_left"))
    return {
        "plan": Sourced(catalogue.plan, "plan"),
        "policy": Sourced(catalogue.policy, "policy"),
        "period": Sourced(period, "period"),
        "months_left": left,
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
    }


def addressee_of(county: County) -> str:
    """The body that a county's document is addressed to."""
    return f"{county.name}{'人民政府' if county.county_level else '管委会'}"


def city_own(frames: Frames, period: Period) -> dict[str, dict[str, Any]]:
    """The city's own de-duplicated figures by indicator."""
    rows = frames.city_own.iter_rows(named=True)
    return {row["indicator"]: facts_of(row, str(period), CITY, row["indicator"]) for row in rows}


def by_verdict(lines: Sequence[CityLine]) -> dict[str, list[str]]:
    """Names of the indicators under each verdict; any verdict besides the five named ones under 其他."""
    names: dict[str, list[str]] = {
        v: [] for v in ("已达标", "达到时序", "慢于时序", "未达标", "未报", "其他")
    }
    for line in lines:
        judged = verdict(line)
        names[judged if judged in names else "其他"].append(line.name)
    return names


def not_reached(line: CityLine, figures: Figures, catalogue: Catalogue) -> list[str]:
    """Counties known to be short of what every county must reach."""
    return [catalogue.name_of(f.county) for f in figures.counties(line.indicator.id) if f.met is False]
