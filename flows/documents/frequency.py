"""How a document of one beat calls its own number and the period before (期别用语)."""

from flows.plan.period import Beat, Period

_OWN = {Beat.MONTH: "本月", Beat.QUARTER: "本季度", Beat.HALF_YEAR: "本期", Beat.YEAR: "本年"}
_BEFORE = {Beat.MONTH: "上月", Beat.QUARTER: "上季度", Beat.HALF_YEAR: "上半年", Beat.YEAR: "上年"}


def beat_words(period: Period) -> dict[str, str]:
    """`own` heads the column of the period's own number; `before` names what it is compared with."""
    return {"own": _OWN[period.beat], "before": _BEFORE[period.beat]}
