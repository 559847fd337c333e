"""The plan's tasks (任务进展): each by its own numbers where it has any, by the department's words where not."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from flows.documents.filters import amount, goal, percent
from flows.documents.kinds.overall import CityLine
from flows.documents.provenance import Count, Source
from flows.plan.catalogue import Catalogue, Task
from flows.plan.terms import Rule, StatementKind


@dataclass(frozen=True, slots=True)
class Said:
    """A reporter's own words of one kind, or None where none came."""

    progress: str | None
    problem: str | None
    next_step: str | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One of the plan's tasks: its lead, its indicators' figures and what the lead said of it."""

    task: Task
    lead: str
    lines: tuple[CityLine, ...]
    said: Said

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
        """Whether neither a number nor a word came."""
        return self.said.progress is None and all(line.figure.ytd is None for line in self.lines)


_BY_PACE = {"ahead": "达到时序", "behind": "慢于时序", "undecided": "暂不判断"}


def verdict(line: CityLine) -> str:
    """How an indicator stands, judged by its own rule and bound, as the printed figure has it."""
    figure = line.figure
    if figure.ytd is None:
        return "未报" if figure.state == "missing" else "数据待核" if figure.state == "blocked" else "不适用"
    if figure.met:
        return "已达标"
    if line.pace in _BY_PACE:
        return _BY_PACE[line.pace]
    return "暂不判断" if figure.met is None else "未达标"


def told(line: CityLine) -> str:
    """An indicator's figure beside its target: 88个，目标140个，完成62.9%; nothing where it is not known."""
    figure, unit = line.figure, line.figure.unit
    if figure.ytd is None or figure.target is None or figure.rule == Rule.MILESTONE:
        return ""
    if figure.rule == Rule.EACH_COUNTY:
        return f"{goal(figure.ytd, unit)}个地区达到，应为{goal(figure.target, unit)}个{line.coverage}"
    told = f"{amount(figure.ytd, unit)}，目标{amount(figure.target, unit)}"
    if figure.rule == Rule.TOTAL and figure.attainment_pct is not None:
        told += f"，完成{percent(figure.attainment_pct)}"
    return told + line.coverage


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
            said=words.get((task.lead, task.number), _NOTHING),
        )
        for task in catalogue.tasks
    )


def county_words(statements: pl.DataFrame, catalogue: Catalogue, month: str) -> tuple[tuple[str, Said], ...]:
    """What each county said of its own work, in annex order; those who said nothing are left out."""
    words = words_of(statements, month)
    return tuple((c.name, words[c.id, 0]) for c in catalogue.counties if (c.id, 0) in words)


def words_of(statements: pl.DataFrame, month: str) -> dict[tuple[str, int], Said]:
    """Words by reporter and task (0: a county's own); nothing but white space is nothing."""
    said: dict[tuple[str, int], dict[str, str]] = {}
    for row in statements.filter(pl.col("month") == month).iter_rows(named=True):
        text = " ".join((row["text"] or "").split())
        if text:
            said.setdefault((row["reporter"], row["task"]), {})[row["kind"]] = text
    return {key: Said(*(kinds.get(kind) for kind in StatementKind)) for key, kinds in said.items()}


_NOTHING = Said(None, None, None)
