"""How a document of one frequency calls its own number and the period before (期别用语)."""

from flows.plan.period import Frequency, Period

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


def beat_words(period: Period) -> dict[str, str]:
    """`own` heads the column of the period's own number; `before` names what it is compared with."""
    return {"own": _OWN[period.frequency], "before": _BEFORE[period.frequency]}
