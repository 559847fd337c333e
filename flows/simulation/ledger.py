"""The ledger of the year (年度台账): beats, files, notices, letters and checks as tables; on the terminal and as a workbook."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter

from flows.files import write_whole
from flows.plan.issued import CORRECTION, Issued
from flows.plan.letter import LetterState, LetterStatus
from flows.plan.notice import Ladder, MatterStatus, NoticeKind
from flows.simulation.check import Check
from flows.simulation.diary import Diary
from flows.simulation.environment import Stage
from flows.simulation.outcomes import ending
from flows.warehouse.issue_ledger import issued
from flows.warehouse.notice_ledger import filed

STATUS = {"accepted": "接收", "refused": "不予接收", "unchanged": "以前收过", "failed": "未能处理"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the ledger: its name, its heads, its rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(stage: Stage, diary: Diary) -> tuple[Table, ...]:
    """The whole ledger."""
    with stage.warehouse() as warehouse:
        documents, notices = issued(warehouse), filed(warehouse, stage.catalogue.plan.year)
    posted = stage.office.letters()
    return (
        Table("各期文件", ("报告期", "事项", "到期", "成文", "发文字号", "印发", "发送", "更正"),
              tuple(_beats(diary, documents, posted))),
        Table("其他文件", ("文件", "份数", "发送"), tuple(_others(documents, posted))),
        Table("来件", ("月份", "件数", *STATUS.values(), "情形"), tuple(_files(stage, diary))),
        Table("提醒催办", ("种类", "梯次", "拟稿", "发出", *_ENDINGS), tuple(_notices(notices))),
        Table("信件", ("状态", "封数", "说明"), tuple(_letters(posted))),
        Table("检查", ("检查", "次数", "结果"), tuple((c.label, str(stage.checks.held[c]), "通过") for c in Check)),
    )  # fmt: skip


_ENDINGS = ("已答复", "已办结", "已撤回", "已升级", "已提请督办", "未了")


def _beats(
    diary: Diary, documents: Sequence[Issued], posted: Sequence[LetterStatus]
) -> Iterator[tuple[str, ...]]:
    for made in diary.made:
        own = [d for d in documents if d.period == made.due.period and not d.county]
        gone = [d for d in own if d.kind in (made.due.kind, "commendation")]
        corrections = "、".join(d.number for d in own if d.kind == CORRECTION)
        for entry in gone:
            redone = "（重新生成）" if entry.document in diary.again else ""
            label = "建议通报表扬名单" if entry.kind == "commendation" else made.due.kind.label
            yield (
                made.due.period, label, str(made.due.due_on), f"{made.made_on}{redone}", entry.number,
                str(entry.issued_on), f"{_sent(entry, posted)} 封", corrections if entry.kind == made.due.kind else "",
            )  # fmt: skip


def _sent(entry: Issued, posted: Sequence[LetterStatus]) -> int:
    return sum(p.letter.number == entry.number and p.state is LetterState.SENT for p in posted)


def _others(documents: Sequence[Issued], posted: Sequence[LetterStatus]) -> Iterator[tuple[str, ...]]:
    kinds = {"correction": "更正说明", "reminder": "提醒函", "urging": "催办通知单", "escalation": "督办建议"}
    groups = {label: [d for d in documents if d.kind == kind] for kind, label in kinds.items()}
    groups["旗县市区反馈单"] = [d for d in documents if d.county and d.kind not in kinds]
    for label, found in groups.items():
        yield label, f"{len(found)}", f"{sum(_sent(d, posted) for d in found)} 封"


def _files(stage: Stage, diary: Diary) -> Iterator[tuple[str, ...]]:
    for month in (*stage.months, "refused"):
        came = [one for one in diary.came if one.month == month]
        counts = Counter(one.received.status for one in came)
        stories = Counter(one.story for one in came if one.story)
        told = "、".join(f"{story} {n}" for story, n in sorted(stories.items()))
        if came:
            shown = "读不了的" if month == "refused" else month
            yield shown, str(len(came)), *(str(counts[s]) for s in STATUS), told


def _notices(notices: Sequence[MatterStatus]) -> Iterator[tuple[str, ...]]:
    """By notice: one with several matters ends as the matter that took longest, 未了 before all."""
    by_number: dict[str, list[MatterStatus]] = {}
    for one in notices:
        by_number.setdefault(one.notice.number, []).append(one)
    for ladder in Ladder:
        for kind in NoticeKind:
            own = [m for m in by_number.values() if (m[0].notice.ladder, m[0].notice.kind) == (ladder, kind)]
            ends = Counter(max((ending(m, notices) for m in one), key=_ENDINGS.index) for one in own)
            sent = len(own) - ends["已撤回"]
            if own:
                yield kind.label, ladder.label, str(len(own)), str(sent), *(str(ends[e]) for e in _ENDINGS)


def _letters(posted: Sequence[LetterStatus]) -> Iterator[tuple[str, ...]]:
    counts = Counter(
        (p.state.label, "经办登记" if p.reply.startswith("经办登记") else "邮件") for p in posted
    )
    for (state, how), count in sorted(counts.items()):
        yield state, str(count), how


def shown(found: Sequence[Table]) -> str:
    """The ledger for a terminal."""
    from rich.console import Console
    from rich.table import Table as Grid

    console = Console(width=150, record=True, file=StringIO())
    for table in found:
        grid = Grid(*table.heads, title=table.name, title_justify="left")
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)
    return console.export_text()


def as_workbook(found: Sequence[Table]) -> bytes:
    """The ledger as .xlsx, a sheet a table."""
    whole = BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEEEEE", "border": 1})
        for table in found:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for at, name in enumerate(table.heads):
                sheet.write(0, at, name, head)
                sheet.set_column(at, at, max(10, 2 + 2 * max([len(name), *(len(r[at]) for r in table.rows)])))
            for at, row in enumerate(table.rows, 1):
                for column, text in enumerate(row):
                    sheet.write(at, column, int(text) if text.isdigit() else text)
    return whole.getvalue()


def write_out(stage: Stage, found: Sequence[Table]) -> Path:
    """The ledger in the rehearsal's folder, as a workbook and as printed. Returns the workbook."""
    path = stage.settings.data / "年度台账.xlsx"
    write_whole(path, as_workbook(found))
    write_whole(path.with_suffix(".txt"), shown(found).encode())
    return path
