"""The ledger of a simulated year: documents, files, notices with their outcomes, letters and checks as tables, on the
terminal and as .xlsx."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter

from flows.files import write_whole
from flows.plan.document_kinds import CORRECTION, COUNTY_REPORT, DOCUMENT_KINDS, drafted_together
from flows.plan.incoming_mail import IncomingMail, MailKind
from flows.plan.issued import DocumentName, Issued
from flows.plan.letter import LetterKind, LetterState, LetterStatus
from flows.plan.notice import Ladder, MatterStatus, NoticeKind, NoticeState
from flows.simulation.checks import Check
from flows.simulation.environment import SimulatedOffice
from flows.simulation.scheduler import EventLog
from flows.warehouse.issue_ledger import issued
from flows.warehouse.mail_ledger import mail_statuses
from flows.warehouse.notice_ledger import matter_statuses

_ENDED = (NoticeState.ANSWERED, NoticeState.CLOSED, NoticeState.WITHDRAWN)
ESCALATED, PROPOSED, OPEN = "已升级", "已提请督办", "未了"
_OUTCOMES = (*(state.label for state in _ENDED), ESCALATED, PROPOSED, OPEN)
MAIL_HEADS = (
    "月份", "收信", "报表", "退信", "发信",
    "发文件", "其中提醒催办", "发回执", "其中要处理", "发报表", "发报送提示",
)  # fmt: skip
STATUS = {"accepted": "接收", "refused": "不予接收", "unchanged": "以前收过", "failed": "未能处理"}


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """A table of the ledger: its name, column heads and rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(environment: SimulatedOffice, log: EventLog) -> tuple[LedgerTable, ...]:
    """Every table of the ledger."""
    with environment.office.warehouse() as warehouse:
        documents, notices = issued(warehouse), matter_statuses(warehouse, environment.catalogue.plan.year)
        mails = [one.mail for one in mail_statuses(warehouse)]
    posted = environment.office.letters()
    return (
        LedgerTable("各期文件", ("报告期", "事项", "到期", "成文", "发文字号", "印发", "发送", "更正"),
              tuple(_periodic(log, documents, posted))),
        LedgerTable("其他文件", ("文件", "份数", "发送"), tuple(_others(documents, posted))),
        LedgerTable("来件", ("月份", "件数", *STATUS.values(), "情形"), tuple(_files(environment, log))),
        LedgerTable("提醒催办", ("种类", "梯次", "拟稿", "发出", *_OUTCOMES), tuple(_notices(notices))),
        LedgerTable("信件", ("种类", "状态", "封数", "说明"), tuple(_letters(posted))),
        LedgerTable("来往邮件", MAIL_HEADS, tuple(_mail(mails, posted, documents, log))),
        LedgerTable("检查", ("检查", "次数", "结果"), tuple((c.label, str(environment.checks.held[c]), "通过") for c in Check)),
    )  # fmt: skip


def _periodic(
    log: EventLog, documents: Sequence[Issued], posted: Sequence[LetterStatus]
) -> Iterator[tuple[str, ...]]:
    for one in log.drafted:
        own = [d for d in documents if d.period == one.period and not d.county]
        periodic = [d for d in own if d.kind in drafted_together(one.kind)]
        corrections = "、".join(d.number for d in own if d.kind == CORRECTION)
        for entry in periodic:
            redrafted = "（重新生成）" if entry.document in log.redrafted else ""
            label = DOCUMENT_KINDS[entry.kind].label
            yield (
                one.period, label, str(one.due_on), f"{one.drafted_on}{redrafted}", entry.number,
                str(entry.issued_on), f"{_sent(entry, posted)} 封", corrections if entry.kind == one.kind else "",
            )  # fmt: skip


def _sent(entry: Issued, posted: Sequence[LetterStatus]) -> int:
    return sum(p.letter.number == entry.number and p.state is LetterState.SENT for p in posted)


def _others(documents: Sequence[Issued], posted: Sequence[LetterStatus]) -> Iterator[tuple[str, ...]]:
    kinds = {kind.id: kind.label for kind in DOCUMENT_KINDS.values() if kind.frequency is None}
    groups = {label: [d for d in documents if d.kind == kind] for kind, label in kinds.items()}
    groups[kinds[COUNTY_REPORT]] = [d for d in documents if d.county and d.kind not in kinds]
    for label, group in groups.items():
        yield label, f"{len(group)}", f"{sum(_sent(d, posted) for d in group)} 封"


def _files(environment: SimulatedOffice, log: EventLog) -> Iterator[tuple[str, ...]]:
    for month in (*environment.months, "refused"):
        files = [one for one in log.received if one.result.month == month]
        counts = Counter(one.result.status for one in files)
        labels = Counter(one.label for one in files if one.label)
        variations = "、".join(f"{label} {n}" for label, n in sorted(labels.items()))
        if files:
            name = "读不了的" if month == "refused" else month
            yield name, str(len(files)), *(str(counts[s]) for s in STATUS), variations


def _notices(notices: Sequence[MatterStatus]) -> Iterator[tuple[str, ...]]:
    """By notice: the outcome of one with several matters is that of its last, 未了 before all."""
    by_number: dict[str, list[MatterStatus]] = {}
    for one in notices:
        by_number.setdefault(one.notice.number, []).append(one)
    for ladder in Ladder:
        for kind in NoticeKind:
            own = [m for m in by_number.values() if (m[0].notice.ladder, m[0].notice.kind) == (ladder, kind)]
            ends = Counter(max((outcome(m, notices) for m in one), key=_OUTCOMES.index) for one in own)
            sent = len(own) - ends[NoticeState.WITHDRAWN.label]
            if own:
                yield kind.label, ladder.label, str(len(own)), str(sent), *(str(ends[e]) for e in _OUTCOMES)


def _letters(posted: Sequence[LetterStatus]) -> Iterator[tuple[str, ...]]:
    counts = Counter(
        (p.letter.kind.label, p.state.label, "经办登记" if p.reply.startswith("经办登记") else "邮件")
        for p in posted
    )
    for (kind, state, how), count in sorted(counts.items()):
        yield kind, state, str(count), how


def _mail(
    mails: Sequence[IncomingMail], posted: Sequence[LetterStatus], documents: Sequence[Issued], log: EventLog
) -> Iterator[tuple[str, ...]]:
    """A row a calendar month, and their sum: what came in, what was sent, both by kind; of the documents, how many notices, and
    of the receipts, how many that ask for something."""
    notices = {d.number for d in documents if DocumentName.parse(d.document).notice}
    asked = {f.mail for f in log.received if f.result.items_left or f.result.status == "refused"}
    sent = [(f"{one.stated_at:%Y-%m}", one.letter) for one in posted if one.state is LetterState.SENT]
    counts = Counter((f"{mail.received_at:%Y-%m}", str(mail.kind)) for mail in mails)
    counts += Counter((month, f"sent {letter.kind}") for month, letter in sent)
    counts += Counter((month, "notice") for month, letter in sent if letter.number in notices)
    counts += Counter((f"{mail.received_at:%Y-%m}", "asked") for mail in asked)
    months = sorted({month for month, _ in counts})
    for name, own in [*((month, [month]) for month in months), ("合计", months)]:
        came = [sum(counts[month, str(kind)] for month in own) for kind in (MailKind.REPORT, MailKind.BOUNCE)]
        document, receipt, form, prompt = (
            sum(counts[month, f"sent {kind}"] for month in own) for kind in LetterKind
        )
        notice, question = (sum(counts[month, what] for month in own) for what in ("notice", "asked"))
        out = document + receipt + form + prompt
        row = (sum(came), *came, out, document, notice, receipt, question, form, prompt)
        yield name, *map(str, row)


def outcome(one: MatterStatus, matters: Sequence[MatterStatus]) -> str:
    """What became of one matter: its state, 已升级 where a later notice cites it, or 未了."""
    if one.state in _ENDED:
        return one.state.label
    if one.state is NoticeState.SENT and one.notice.kind is NoticeKind.ESCALATION:
        return PROPOSED
    later = [f for f in matters if f.key == one.key and f.notice.number != one.notice.number]
    if any(f.matter.cites == one.notice.number and f.state is not NoticeState.WITHDRAWN for f in later):
        return ESCALATED
    return OPEN


def open_matters(matters: Sequence[MatterStatus]) -> list[MatterStatus]:
    """The matters without an outcome."""
    return [one for one in matters if outcome(one, matters) == OPEN]


def as_text(tables: Sequence[LedgerTable]) -> str:
    """The ledger as text for a terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=150, record=True, file=StringIO())
    for table in tables:
        grid = Table(*table.heads, title=table.name, title_justify="left")
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)
    return console.export_text()


def as_workbook(tables: Sequence[LedgerTable]) -> bytes:
    """The ledger as .xlsx, a sheet a table."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for at, name in enumerate(table.heads):
                sheet.write(0, at, name, head)
                sheet.set_column(at, at, max(10, 2 + 2 * max([len(name), *(len(r[at]) for r in table.rows)])))
            for at, row in enumerate(table.rows, 1):
                for column, text in enumerate(row):
                    sheet.write(at, column, int(text) if text.isdigit() else text)
    return content.getvalue()


def write_ledger(environment: SimulatedOffice, tables: Sequence[LedgerTable]) -> Path:
    """Write the ledger as .xlsx and as text into the simulation's folder; returns the workbook."""
    path = environment.settings.data / "年度台账.xlsx"
    write_whole(path, as_workbook(tables))
    write_whole(path.with_suffix(".txt"), as_text(tables).encode())
    return path
