"""The reporters' own words of a period (原文): each one's latest, with the month where it is an earlier one."""

from collections.abc import Sequence

import polars as pl

from flows.documents.kinds.tasks import Said
from flows.plan.period import Period

_WHOSE = ["reporter", "task", "kind"]


def latest_words(statements: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The statements of the period, of each reporter, task and kind the last that says anything, dated to the
    period's last month; one of an earlier month is headed by it: （5月）已完成……."""
    said = statements.filter(
        pl.col("month").is_in(list(period.months)), pl.col("text").str.strip_chars().str.len_chars() > 0
    )
    latest = said.sort("month", maintain_order=True).unique(_WHOSE, keep="last", maintain_order=True)
    last, number = period.months[-1], pl.col("month").str.slice(5).cast(pl.Int64).cast(pl.String)
    headed = pl.when(pl.col("month") == last).then(pl.col("text")).otherwise(
        pl.concat_str(pl.lit("（"), number, pl.lit("月）"), pl.col("text"))
    )  # fmt: skip
    return latest.with_columns(text=headed, month=pl.lit(last))


def quoted(
    said: Sequence[tuple[str, Said]], kind: str, first: Sequence[str], limit: int, longest: int
) -> tuple[tuple[str, str], ...]:
    """A few of the counties' words of one kind with their names, those in `first` first; long ones are never
    cut but left to the attachment."""
    spoken = {name: getattr(words, kind) for name, words in said if getattr(words, kind)}
    order = [*(name for name in first if name in spoken), *(name for name in spoken if name not in first)]
    short = [(name, spoken[name].rstrip("。；")) for name in order if len(spoken[name]) <= longest]
    return tuple(short[:limit])
