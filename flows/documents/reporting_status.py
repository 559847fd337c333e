"""The reporting record of a month on a terminal (报送情况)."""

from collections.abc import Iterator
from datetime import datetime

from flows.documents.evidence import reporting_of
from flows.plan.catalogue import Catalogue
from flows.plan.observation import Question
from flows.plan.period import Period
from flows.plan.terms import Tier
from flows.plan.units import format_number
from flows.plan.workdays import deadlines
from flows.warehouse.connection import Warehouse
from flows.warehouse.questions import LONG_AFTER, open_questions

_WORDS = {"on_time": "按时", "late": "迟报", "missing": "未报"}


def status_lines(
    warehouse: Warehouse, catalogue: Catalogue, month: Period, as_of: datetime | None
) -> list[str]:
    """A line a reporter: on time, late by how many days, or missing; versions, numbers held and open queries, both listed."""
    due = deadlines(str(month), catalogue.policy.reporting).due_on
    record = reporting_of(warehouse, catalogue, month, as_of)
    span = str(month), str(month), as_of or LONG_AFTER
    held = open_questions(warehouse, *span, tier=Tier.ERROR)
    waiting = open_questions(warehouse, *span)
    rows = record.filter(record["month"] == str(month)).to_dicts()
    widest = max((len(catalogue.name_of(row["reporter"])) for row in rows), default=0)
    counts = {s: sum(row["status"] == s for row in rows) for s in _WORDS}
    head = f"{month.long_label}报表，{due.month}月{due.day}日到期：应报 {len(rows)} 家，"
    return [
        head + "，".join(f"{word} {counts[s]} 家" for s, word in _WORDS.items()),
        *(
            line
            for row in rows
            for line in (_line(catalogue, row, widest), *_listed(str(row["reporter"]), held, waiting))
        ),
    ]


def _listed(reporter: str, held: tuple[Question, ...], waiting: tuple[Question, ...]) -> Iterator[str]:
    """The numbers held, and the queries to cite and to answer, each by its 编号."""
    for question in (q for q in (*held, *waiting) if q.reporter == reporter):
        mark = "（数据待核，须改正重报）" if question.tier is Tier.ERROR else ""
        yield f"      {question.number}  {question.place} · {question.said}{mark}"


def _line(catalogue: Catalogue, row: dict[str, object], widest: int) -> str:
    name = str(catalogue.name_of(str(row["reporter"])))
    words = [f"  {name}{'　' * (widest - len(name))} {_WORDS[str(row['status'])]}"]
    if isinstance(row["first_received_at"], datetime):
        words.append(f"{row['first_received_at']:%m月%d日 %H:%M}收到")
    if isinstance(row["days_late"], int):
        words.append(f"迟 {format_number(row['days_late'], '天')} 天")
    if isinstance(row["versions"], int) and row["versions"] > 1:
        words.append(f"共 {row['versions']} 版")
    words += [
        f"{word} {row[key]} 处"
        for key, word in (("errors", "数据待核"), ("open_queries", "待核实"))
        if row[key]
    ]
    return "，".join(words)
