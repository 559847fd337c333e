"""What the commands take (参数): a period, a moment, a county, an indicator, each as an office writes it; and columns of text."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from flows.plan.period import Frequency, Period, PeriodError
from flows.plan.plan_file import PlanError
from flows.settings import Settings

if TYPE_CHECKING:  # --help loads no plan
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flows.plan.catalogue import Catalogue, Indicator

YEAR = click.IntRange(2000, 2099)


class PeriodType(click.ParamType[Period]):
    """A 报告期 as an argument; `frequency` says which kind is meant, None any."""

    name = "报告期"

    def __init__(self, frequency: Frequency | None = None) -> None:
        self.frequency = frequency

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read it, or refuse it with the ways to write one (exit code 2)."""
        try:
            period = value if isinstance(value, Period) else Period.parse(spelled(str(value)))
        except PeriodError as fault:
            self.fail(str(fault), param, ctx)
        if self.frequency and period.frequency is not self.frequency:
            self.fail(f"{value} 不是这个命令要的报告期，应写作 {_EXAMPLE[self.frequency]}", param, ctx)
        return period

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The periods of the plans that there are."""
        from flows.plan.agenda import periods

        years = sorted({int(folder.name) for folder in Settings().plan_folders if folder.name.isdecimal()})
        found = (one for year in years for one in periods(year))
        return _beginning(
            incomplete, lambda: (str(one) for one in found if self.frequency in (None, one.frequency))
        )


def complete_counties(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The counties of the newest plan by their names."""
    return _beginning(incomplete, lambda: (one.name for one in _newest_plan().counties))


def complete_indicators(
    _ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The indicators of the newest plan by their names."""
    return _beginning(incomplete, lambda: (one.name for one in _newest_plan().indicators))


def _beginning(incomplete: str, words: Callable[[], Iterable[str]]) -> list[CompletionItem]:
    """The words that begin like that; none where the plan cannot be read, which is for the command to say."""
    with suppress(PlanError):
        return [CompletionItem(word) for word in words() if word.startswith(incomplete)]
    return []


_ORDER = {character: n for n, four in enumerate(("一1", "二2", "三3", "四4"), 1) for character in four}
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_SPELLED: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"(\d{1,2})月份?|-?(\d{1,2})", lambda found: f"-{int(found[1] or found[2]):02d}"),
    (rf"({'|'.join(_MONTHS)})月份?", lambda found: f"-{_MONTHS.index(found[1]) + 1:02d}"),
    (r"第?([一二三四1-4])季度?|[qQ]([1-4])", lambda found: f"-Q{_ORDER[found[1] or found[2]]}"),
    (r"上半年|[hH]1", lambda _found: "-H1"),
    (r"下半年|[hH]2", lambda _found: "-H2"),
    (r"全年|年度|度|", lambda _found: ""),
)


def spelled(written: str) -> str:
    """A period as people write it (6月, 2025年6月, 2025-6, 2025年二季度, 上半年) as the program writes it; without a year,
    that of the newest plan. What fits no way comes back as it was."""
    from flows.plan.catalogue import normalize_name

    text = normalize_name(written)
    found = re.fullmatch(r"(?:(20\d\d)(?:年|-|$))?(.*)", text)
    if found is None or text == "":
        return written
    for pattern, suffix in _SPELLED:
        if (rest := re.fullmatch(pattern, found[2])) and (found[1] or found[2]):
            return f"{found[1] or _newest_year()}{suffix(rest)}"
    return written


def _newest_year() -> int:
    return _newest_plan().plan.year


def _newest_plan() -> Catalogue:
    from flows.office import Office

    return Office().plan()


class MomentType(click.ParamType[datetime]):
    """A 数据截止时间: `2025-07-08` (the end of that day) or `2025-07-08T17:30`."""

    name = "时间"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or refuse it (exit code 2)."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            if len(text) == len("2025-07-08"):
                return datetime.combine(date.fromisoformat(text), time(23, 59, 59))
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self.fail(f"{text} 不是时间，应写作 2025-07-08 或 2025-07-08T17:30", param, ctx)


_EXAMPLE = {
    Frequency.MONTH: "2025-06",
    Frequency.QUARTER: "2025-Q2",
    Frequency.HALF_YEAR: "2025-H1",
    Frequency.YEAR: "2025",
}

ON = click.option(
    "--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="办理日期，如 2025-07-08；不写为今天"
)

COUNTY = click.option(
    "--county",
    metavar="地区",
    shell_complete=complete_counties,
    help="只出某一旗县市区的反馈单（名称或 id）",
)

SEND = click.option("--send", is_flag=True, help="做好即印发、发送；方案要人审的，说明待谁，不发")

EARLY = click.option("--early", is_flag=True, help="期还没有结束、报来的很少，也出一份草稿")
AS_OF = click.option("--as-of", type=MomentType(), help="数据截止时间；不写为最后一次收到报表或说明之时")


def county_named(catalogue: Catalogue, name: str | None) -> str | None:
    """The id of a county by name, id or a part of its name that fits it alone; wrong use with the list of them otherwise."""
    if name is None:
        return None
    found = catalogue.reporter_named(name)
    if found in catalogue.counties and found is not None:
        return found.id
    fits = [one for one in catalogue.counties if name in one.name]
    if len(fits) == 1:
        return fits[0].id
    names = "、".join(c.name for c in fits or catalogue.counties)
    raise click.UsageError(f"{_none_or_many('个旗县市区', name, len(fits))}：{names}")


def indicator_named(catalogue: Catalogue, name: str) -> Indicator:
    """The indicator of a name, id or a part of its name that fits it alone; wrong use with the list of them otherwise."""
    exact = [one for one in catalogue.indicators if name in {one.id, one.name}]
    fits = exact or [one for one in catalogue.indicators if name in one.name]
    if len(fits) == 1:
        return fits[0]
    known = "\n".join(f"  {one.id}  {one.name}" for one in fits or catalogue.indicators)
    raise click.UsageError(f"{_none_or_many('项指标', name, len(fits))}：\n{known}")


def _none_or_many(what: str, name: str, count: int) -> str:
    """`what` with its measure word: 项指标."""
    return f"“{name}”合得上的{what[1:]}有 {count} 个，写全些" if count else f"没有“{name}”这{what}，应为"


def table(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> list[str]:
    """Rows as lines for a terminal, each column as wide as what stands in it."""
    widths = {column: max(map(_columns, (row[column] for row in rows)), default=0) for column in columns}
    return ["  ".join(_padded(row[column], widths[column]) for column in columns).rstrip() for row in rows]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _columns(text: str) -> int:
    """How wide it is on a terminal, where a Chinese character takes two columns."""
    return len(text) + sum(ord(c) > 0x2E80 for c in text)
