"""The plan's tasks (任务进展): the figures of each, and the statements (原文) of its lead department and of the counties."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from flows.documents.filters import amount, goal, percent
from flows.documents.kinds.overall import CityLine
from flows.documents.provenance import Count, Source
from flows.plan.catalogue import Catalogue, Task
from flows.plan.period import Period
from flows.plan.terms import Bound, Rule, StatementKind


@dataclass(frozen=True, slots=True)
class Statements:
    """A reporter's own words of one kind, or None where none came."""

    progress: str | None
    problem: str | None
    next_step: str | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One of the plan's tasks: its lead, its indicators' figures and the lead's statements."""

    task: Task
    lead: str
    lines: tuple[CityLine, ...]
    statements: Statements

    @property
    def number(self) -> Count:
        """Its number in the plan."""
        return Count(self.task.number, Source(column="plan.task"))

    @property
    def has_numbers(self) -> bool:
        """Whether the plan gives it a number."""
        return bool(self.lines)

    @property
    def is_silent(self) -> bool:
        """Whether neither a number nor a statement came."""
        return self.statements.progress is None and all(line.figure.ytd is None for line in self.lines)


_BY_PACE = {"ahead": "达到时序", "behind": "慢于时序", "undecided": "暂不判断"}


def verdict(line: CityLine) -> str:
    """How an indicator stands, judged by its own rule and bound, as the printed figure has it."""
    figure = line.figure
    if figure.ytd is None:
        return "未报" if figure.state == "missing" else "数据待核" if figure.state == "blocked" else "不适用"
    if (
        figure.bound == Bound.AT_MOST and figure.met is not None
    ):  # kept so far: nothing is reached before the year ends
        return "在目标内" if figure.met else "超出目标"
    if figure.met is not None and (figure.met or figure.is_final):
        return "已达标" if figure.met else "未达标"
    if line.pace in _BY_PACE:
        return _BY_PACE[line.pace]
    return "暂不判断" if figure.met is None else "尚未达标"


def figure_text(line: CityLine) -> str:
    """An indicator's figure beside its target: 88个，目标140个，完成62.9%; nothing where it is not known."""
    figure, unit = line.figure, line.figure.unit
    if figure.ytd is None or figure.target is None:
        return ""
    if figure.rule == Rule.MILESTONE:
        return "已完成" if figure.ytd else "未完成"
    if figure.rule == Rule.EACH_COUNTY:
        return f"{goal(figure.ytd, unit)}个地区达到，应为{goal(figure.target, unit)}个{line.coverage}"
    above = "突破" if figure.bound == Bound.MORE_THAN else ""
    text = f"{amount(figure.ytd, unit)}，目标{above}{amount(figure.target, unit)}"
    if figure.rule == Rule.TOTAL and figure.attainment_pct is not None:
        text += f"，完成{percent(figure.attainment_pct)}"
    return text + line.coverage


def task_rows(
    statements: pl.DataFrame, lines: Sequence[CityLine], catalogue: Catalogue, month: str
) -> tuple[TaskRow, ...]:
    """Every task of the plan in its order, with the words said of it in `month`."""
    words = words_of(statements, month)
    return tuple(
        TaskRow(
            task=task,
            lead=catalogue.name_of(task.lead),
            lines=tuple(line for line in lines if line.indicator.task == task.number),
            statements=words.get((task.lead, task.number), _NOTHING),
        )
        for task in catalogue.tasks
    )


def county_words(
    statements: pl.DataFrame, catalogue: Catalogue, month: str
) -> tuple[tuple[str, Statements], ...]:
    """What each county said of its own work, in annex order; those who said nothing are left out."""
    words = words_of(statements, month)
    return tuple((c.name, words[c.id, 0]) for c in catalogue.counties if (c.id, 0) in words)


def words_of(statements: pl.DataFrame, month: str) -> dict[tuple[str, int], Statements]:
    """Words by reporter and task (0: a county's own); nothing but white space is nothing."""
    texts: dict[tuple[str, int], dict[str, str]] = {}
    for row in statements.filter(pl.col("month") == month).iter_rows(named=True):
        text = " ".join((row["text"] or "").split())
        if text:
            texts.setdefault((row["reporter"], row["task"]), {})[row["kind"]] = text
    return {key: Statements(*(kinds.get(kind) for kind in StatementKind)) for key, kinds in texts.items()}


_NOTHING = Statements(None, None, None)


_WHOSE = ["reporter", "task", "kind"]


def latest_statements(statements: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The statements of the period, of each reporter, task and kind the last that says anything, dated to the
    period's last month; one of an earlier month is headed by it: （5月）已完成……."""
    within = statements.filter(
        pl.col("month").is_in(list(period.months)), pl.col("text").str.strip_chars().str.len_chars() > 0
    )
    latest = within.sort("month", maintain_order=True).unique(_WHOSE, keep="last", maintain_order=True)
    last, number = period.months[-1], pl.col("month").str.slice(5).cast(pl.Int64).cast(pl.String)
    headed = pl.when(pl.col("month") == last).then(pl.col("text")).otherwise(
        pl.concat_str(pl.lit("（"), number, pl.lit("月）"), pl.col("text"))
    )  # fmt: skip
    return latest.with_columns(text=headed, month=pl.lit(last))


def select_quotes(
    statements: Sequence[tuple[str, Statements]], kind: str, first: Sequence[str], limit: int, longest: int
) -> tuple[tuple[str, str], ...]:
    """At most `limit` of the counties' statements of one kind with their names, those in `first` first; one longer than
    `longest` characters is never cut but left to the attachment."""
    texts = {name: getattr(words, kind) for name, words in statements if getattr(words, kind)}
    order = [*(name for name in first if name in texts), *(name for name in texts if name not in first)]
    short = [(name, texts[name].rstrip("。；")) for name in order if len(texts[name]) <= longest]
    return tuple(short[:limit])
