"""The reporting record of a month (报送情况): a row a reporter, for the desk and for a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flows.documents.evidence import reporting_of
from flows.plan.catalogue import Catalogue
from flows.plan.observation import Question
from flows.plan.period import Period
from flows.plan.terms import Tier
from flows.plan.units import format_number
from flows.plan.workdays import deadlines
from flows.warehouse.connection import Warehouse
from flows.warehouse.questions import LONG_AFTER, open_questions

LABELS = {"on_time": "按时", "late": "迟报", "missing": "未报"}


@dataclass(frozen=True)
class ReporterStatus:
    """One reporter and month. `status` is a key of LABELS; `days_late` and `received_at` (of the first version) are null
    for what was not received, `days_late` also for what was on time; `held` are numbers not used until they are reported
    again, `open` queries that wait for a reason."""

    reporter: str
    name: str
    status: str
    received_at: datetime | None
    days_late: int | None
    versions: int
    held: tuple[Question, ...]
    open: tuple[Question, ...]

    @property
    def label(self) -> str:
        """按时, 迟报 or 未报."""
        return LABELS[self.status]


@dataclass(frozen=True)
class ReportingStatus:
    """A month's reporting record in plan order, and when the reports were due."""

    month: Period
    due_on: date
    reporters: tuple[ReporterStatus, ...]

    def count(self, status: str) -> int:
        """How many reporters are in that status."""
        return sum(one.status == status for one in self.reporters)


def reporting_status(
    warehouse: Warehouse, catalogue: Catalogue, month: Period, as_of: datetime | None = None
) -> ReportingStatus:
    """Who has reported a month as of a moment (default: now), with the numbers held and the open queries of each."""
    span = str(month), str(month), as_of or LONG_AFTER
    held = open_questions(warehouse, *span, tier=Tier.ERROR)
    waiting = open_questions(warehouse, *span)
    record = reporting_of(warehouse, catalogue, month, as_of)
    return ReportingStatus(
        month,
        deadlines(str(month), catalogue.policy.reporting).due_on,
        tuple(
            ReporterStatus(
                reporter=row["reporter"],
                name=catalogue.name_of(row["reporter"]),
                status=row["status"],
                received_at=row["first_received_at"],
                days_late=row["days_late"],
                versions=row["versions"] or 0,
                held=tuple(q for q in held if q.reporter == row["reporter"]),
                open=tuple(q for q in waiting if q.reporter == row["reporter"]),
            )
            for row in record.filter(record["month"] == str(month)).iter_rows(named=True)
        ),
    )


def status_lines(found: ReportingStatus) -> list[str]:
    """A line a reporter: on time, late by how many days, or missing; versions, numbers held and open queries, both listed."""
    counts = "，".join(f"{label} {found.count(status)} 家" for status, label in LABELS.items())
    due = f"{found.due_on.month}月{found.due_on.day}日"
    widest = max((len(one.name) for one in found.reporters), default=0)
    return [
        f"{found.month.long_label}报表，{due}到期：应报 {len(found.reporters)} 家，{counts}",
        *(line for one in found.reporters for line in (_line(one, widest), *_listed(one))),
    ]


def _listed(one: ReporterStatus) -> Iterator[str]:
    """The numbers held, and the queries to cite and to answer, each by its 编号."""
    for question in (*one.held, *one.open):
        mark = "（数据待核，须改正重报）" if question.tier is Tier.ERROR else ""
        yield f"      {question.number}  {question.place} · {question.description}{mark}"


def _line(one: ReporterStatus, widest: int) -> str:
    words = [f"  {one.name}{'　' * (widest - len(one.name))} {one.label}"]
    if one.received_at:
        words.append(f"{one.received_at:%m月%d日 %H:%M}收到")
    if one.days_late is not None:
        words.append(f"迟 {format_number(one.days_late, '天')} 天")
    if one.versions > 1:
        words.append(f"共 {one.versions} 版")
    words += [
        f"{word} {len(found)} 处" for found, word in ((one.held, "数据待核"), (one.open, "待核实")) if found
    ]
    return "，".join(words)
