"""What the commands take (参数): a period, a moment, a county, an indicator, each as an office writes it; and columns of text."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import click

from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Frequency, Period, PeriodError

YEAR = click.IntRange(2000, 2099)


class PeriodType(click.ParamType[Period]):
    """A 报告期 as an argument; `frequency` says which kind is meant, None any."""

    name = "报告期"

    def __init__(self, frequency: Frequency | None = None) -> None:
        self.frequency = frequency

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read it, or refuse it with the ways to write one (exit code 2)."""
        try:
            period = value if isinstance(value, Period) else Period.parse(str(value))
        except PeriodError as fault:
            self.fail(str(fault), param, ctx)
        if self.frequency and period.frequency is not self.frequency:
            self.fail(f"{value} 不是这个命令要的报告期，应写作 {_EXAMPLE[self.frequency]}", param, ctx)
        return period


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

SEND = click.option("--send", is_flag=True, help="做好即印发、发送；方案要人审的，说明待谁，不发")

AS_OF = click.option("--as-of", type=MomentType(), help="数据截止时间；不写为最后一次收到报表或说明之时")


def county_named(catalogue: Catalogue, name: str | None) -> str | None:
    """The id of a county by name or id; wrong use with the list of them if there is none such."""
    if name is None:
        return None
    found = catalogue.reporter_named(name)
    if found is None or found not in catalogue.counties:
        names = "、".join(c.name for c in catalogue.counties)
        raise click.UsageError(f"没有“{name}”这个旗县市区，应为：{names}")
    return found.id


def indicator_named(catalogue: Catalogue, name: str) -> Indicator:
    """The indicator of a name or id; wrong use with the list of them if there is none such."""
    found = [i for i in catalogue.indicators if name in {i.id, i.name}]
    if not found:
        known = "\n".join(f"  {i.id}  {i.name}" for i in catalogue.indicators)
        raise click.UsageError(f"没有“{name}”这项指标，应为：\n{known}")
    return found[0]


def table(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> list[str]:
    """Rows as lines for a terminal, each column as wide as what stands in it."""
    widths = {column: max(map(_columns, (row[column] for row in rows)), default=0) for column in columns}
    return ["  ".join(_padded(row[column], widths[column]) for column in columns).rstrip() for row in rows]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _columns(text: str) -> int:
    """How wide it is on a terminal, where a Chinese character takes two columns."""
    return len(text) + sum(ord(c) > 0x2E80 for c in text)
