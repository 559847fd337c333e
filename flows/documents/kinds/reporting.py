"""The reporting record (报送情况): who was in time, who was late or silent, and what is still queried."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from flows.documents.provenance import Count, count, facts_of
from flows.documents.words import TIER_LABEL
from flows.plan.catalogue import Catalogue
from flows.plan.terms import ReportedBy, Tier

_AROUND_DIGITS = re.compile(
    r"(?<=[^\x00-\x7f]) (?=\d)|(?<=\d) (?=[^\x00-\x7f])"
)  # blanks that Chinese has not
ON_TIME, LATE, MISSING = "on_time", "late", "missing"
STATUS = {ON_TIME: "按时", LATE: "迟报", MISSING: "未报"}


@dataclass(frozen=True, slots=True)
class Reported:
    """One reporter's month, and how often it was late or silent in the year so far.

    Null where nothing was received: versions, days_late, open_queries and errors are then not zero but unknown.
    """

    name: str
    reporter: str
    kind: str
    due_on: date
    first_received_at: datetime | None
    received_at: datetime | None
    versions: int | None
    status: str
    days_late: int | None
    open_queries: int | None
    errors: int | None
    late_this_year: int
    missing_this_year: int

    @property
    def label(self) -> str:
        """按时, 迟报2天, 未报."""
        return f"{STATUS[self.status]}{self.days_late}天" if self.status == LATE else STATUS[self.status]

    @property
    def is_county(self) -> bool:
        """Whether it is a county."""
        return self.kind == ReportedBy.COUNTY


@dataclass(frozen=True, slots=True)
class Doubt:
    """A query or an error that stands open, in the words of the receipt but for file and cell, which stay there."""

    name: str
    reporter: str
    tier: str
    message: str
    remedy: str

    @property
    def tier_label(self) -> str:
        """核实 or 错误."""
        return TIER_LABEL[self.tier]

    @property
    def withholds(self) -> bool:
        """Whether its number is not used until it is corrected (数据待核); a queried one is."""
        return self.tier == Tier.ERROR


@dataclass(frozen=True, slots=True)
class ReportingRecord:
    """The reporting record of a month: everyone in print order, and every open doubt."""

    rows: tuple[Reported, ...]
    doubts: tuple[Doubt, ...]

    def names(self, status: str, county: bool | None = None) -> list[str]:
        """Printed names of those with this status; of counties or departments alone if asked."""
        return [r.name for r in self.rows if r.status == status and county in {None, r.is_county}]

    @property
    def late(self) -> list[Reported]:
        """The late ones in print order."""
        return [r for r in self.rows if r.status == LATE]

    @property
    def expected(self) -> tuple[Count, Count]:
        """How many counties and how many departments were due."""
        counties = [r for r in self.rows if r.is_county]
        return count(counties), count(r for r in self.rows if not r.is_county)

    @property
    def withholds(self) -> bool:
        """Whether any number is not used until it is corrected."""
        return any(doubt.withholds for doubt in self.doubts)

    def doubts_of(self, tier: str) -> list[Doubt]:
        """The open doubts of this tier."""
        return [doubt for doubt in self.doubts if doubt.tier == tier]

    def doubtful(self, tier: str) -> list[tuple[str, Count]]:
        """Reporters with open doubts of this tier and how many, in print order."""
        doubts = self.doubts_of(tier)
        return [(n, count(d for d in doubts if d.name == n)) for n in dict.fromkeys(d.name for d in doubts)]


def reporting_record(
    reporting: pl.DataFrame, problems: pl.DataFrame, catalogue: Catalogue, month: str
) -> ReportingRecord:
    """The record of `month` (YYYY-MM). Earlier months in the frame are counted; later ones are not looked at."""
    so_far = reporting.filter(pl.col("month").str.starts_with(month[:4]), pl.col("month") <= month)
    late, missing = (_counted(so_far, status) for status in (LATE, MISSING))
    rows = {row["reporter"]: row for row in so_far.filter(pl.col("month") == month).iter_rows(named=True)}
    listed = [
        facts_of(
            Reported(
                name=reporter.name,
                reporter=reporter.id,
                late_this_year=late.get(reporter.id, 0),
                missing_this_year=missing.get(reporter.id, 0),
                **{key: rows[reporter.id][key] for key in _FROM_FRAME},
            ),
            month,
            reporter.id,
        )
        for reporter in catalogue.reporters
        if reporter.id in rows
    ]
    return ReportingRecord(tuple(listed), tuple(_doubts(problems, catalogue, month)))


_FROM_FRAME = (
    "kind", "due_on", "first_received_at", "received_at", "versions", "status", "days_late", "open_queries", "errors",
)  # fmt: skip


def _counted(so_far: pl.DataFrame, status: str) -> dict[str, int]:
    counts = so_far.filter(pl.col("status") == status).group_by("reporter").len()
    return dict(counts.iter_rows())


def _description(row: dict[str, str]) -> str:
    """The message without where it stands: 新增技能人才（累计）：应为上月累计113加本月44，即157，填报为148."""
    place = f"{row['sheet']}!{row['cell']}" if row["cell"] else row["sheet"]
    words = row["message"].removeprefix(f"{row['file_name']} · ").removeprefix(f"{place} · ")
    return _AROUND_DIGITS.sub("", words)


def _doubts(problems: pl.DataFrame, catalogue: Catalogue, month: str) -> list[Doubt]:
    still_open = problems.filter(pl.col("month") == month, pl.col("answer").is_null())
    rows = list(still_open.iter_rows(named=True))
    return [
        Doubt(reporter.name, reporter.id, row["tier"], _description(row), row["remedy"])
        for reporter in catalogue.reporters
        for row in rows
        if row["reporter"] == reporter.id
    ]
