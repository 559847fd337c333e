"""Periods (报告期): a month, a quarter, a half-year or a year, as one kind of thing."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Frequency(StrEnum):
    """The four beats of the plan's clause 四（四）: 月调度、季分析、半年总结、年度评估."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS_IN = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}
_WRITTEN = re.compile(
    r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12])))?"
)
_ORDINAL = "一二三四"


class PeriodError(ValueError):
    """A period nobody can read, with the four ways to write one."""

    def __init__(self, written: str) -> None:
        super().__init__(
            f"报告期“{written}”看不懂：应写作 2025-06（月）、2025-Q2（季）、2025-H1（半年）或 2025（年）"
        )
        self.written = written


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of whole months inside one year: `year`, its first month and its length in months."""

    year: int
    first: int
    length: int

    @classmethod
    def parse(cls, written: str) -> "Period":
        """Read `2025-06`, `2025-Q2`, `2025-H1` or `2025`; anything else is a PeriodError."""
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise PeriodError(written)
        for group, length in (("month", 1), ("quarter", 3), ("half", 6)):
            if match[group]:
                return cls(int(match["year"]), (int(match[group]) - 1) * length + 1, length)
        return cls(int(match["year"]), 1, 12)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """The single month `month` of `year`."""
        return cls(year, month, 1)

    @property
    def frequency(self) -> Frequency:
        """Which of the four beats this period belongs to."""
        return next(frequency for frequency, length in MONTHS_IN.items() if length == self.length)

    @property
    def last(self) -> int:
        """Number of the last month, which is also how many months of the year have gone (for 时序进度)."""
        return self.first + self.length - 1

    @property
    def pace_pct(self) -> float:
        """时序进度: the share of the year gone at the period's end, 0–100."""
        return self.last * 100 / 12

    @property
    def months(self) -> tuple[str, ...]:
        """The period's months as `YYYY-MM`, in order."""
        return tuple(f"{self.year}-{m:02d}" for m in range(self.first, self.last + 1))

    @property
    def months_to_date(self) -> tuple[str, ...]:
        """The months from January to the period's last, as `YYYY-MM`."""
        return tuple(f"{self.year}-{m:02d}" for m in range(1, self.last + 1))

    @property
    def last_month(self) -> "Period":
        """The period's last month as a period of its own."""
        return Period(self.year, self.last, 1)

    @property
    def previous(self) -> "Period":
        """The period of the same length just before this one (环比)."""
        if self.first > 1:
            return Period(self.year, self.first - self.length, self.length)
        return Period(self.year - 1, 13 - self.length, self.length)

    @property
    def year_ago(self) -> "Period":
        """The same period of the year before (同比)."""
        return Period(self.year - 1, self.first, self.length)

    @property
    def label(self) -> str:
        """How a sentence names it inside its year: 6月, 二季度, 上半年, 全年."""
        match self.frequency:
            case Frequency.MONTH:
                return f"{self.first}月"
            case Frequency.QUARTER:
                return f"{_ORDINAL[self.last // 3 - 1]}季度"
            case Frequency.HALF_YEAR:
                return "上半年" if self.first == 1 else "下半年"
            case Frequency.YEAR:
                return "全年"

    @property
    def long_label(self) -> str:
        """The same with its year, as in titles: 2025年6月, 2025年第二季度, 2025年上半年, 2025年度."""
        if self.frequency is Frequency.YEAR:
            return f"{self.year}年度"
        return f"{self.year}年{'第' if self.frequency is Frequency.QUARTER else ''}{self.label}"

    def __str__(self) -> str:
        """The written form that `parse` reads, also the name of the report's folder."""
        match self.frequency:
            case Frequency.MONTH:
                return f"{self.year}-{self.first:02d}"
            case Frequency.QUARTER:
                return f"{self.year}-Q{self.last // 3}"
            case Frequency.HALF_YEAR:
                return f"{self.year}-H{self.last // 6}"
            case Frequency.YEAR:
                return f"{self.year}"
