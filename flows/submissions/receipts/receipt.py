"""The receipt (回执): what became of a file, in words a clerk understands, and as plain text for a terminal, a message, a
printer. Nobody's name or telephone is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Answer, Problem, Reading, Refusal, numbered
from flows.plan.terms import State, Tier
from flows.plan.workdays import Deadlines
from flows.submissions.form.form_spec import month_label
from flows.submissions.formats.grid import Grid

ACCEPTED, REFUSED, UNCHANGED = "accepted", "refused", "unchanged"
FAILED, HELD = "failed", "held"  # both stay where they are
STATUS_LABELS = {
    ACCEPTED: "已接收", HELD: "暂存待核", REFUSED: "不予接收", UNCHANGED: "已收过，没有变化", FAILED: "未能处理",
}  # fmt: skip
TITLES = {status: f"回执：{STATUS_LABELS[status]}" for status in (ACCEPTED, REFUSED, UNCHANGED)}
_STATES = (State.REPORTED, State.CONFIRMED_ZERO, State.NOT_APPLICABLE, State.MISSING, State.BLOCKED)


class Kind(StrEnum):
    """What an item asks of the clerk; the value is the word for it."""

    CORRECT = "需要改正"
    CONFIRM = "需要核实"
    NOT_TAKEN = "说明未采用"
    EXPLAINED = "已有说明"


@dataclass(frozen=True, slots=True)
class Item:
    """One problem with its number on the receipt and its 编号 in the ledger (empty for what no ledger keeps)."""

    number: int
    kind: Kind
    question_number: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything there is to answer, before it becomes a text or a sheet.

    `status` is accepted, refused or unchanged; `facts` are (label, value); `next_step` is the one sentence
    to act on; `taken` are the answers to earlier months' queries that now stand; `part` is whose part of a gathered
    file it answers, empty where it answers the whole file.
    """

    status: str
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    next_step: str
    items: tuple[Item, ...] = ()
    taken: tuple[Answer, ...] = ()
    notes: tuple[str, ...] = ()
    part: str = ""

    @property
    def title(self) -> str:
        """回执：已接收，有 3 项需要处理."""
        return TITLES[self.status] + (f"，有 {self.left} 项需要处理" if self.left else "")

    @property
    def left(self) -> int:
        """How many items are left for the clerk."""
        return sum(item.kind is not Kind.EXPLAINED for item in self.items)

    @property
    def asks(self) -> bool:
        """Whether anything is left for the clerk to do: then the workbook goes back with the receipt."""
        return self.status == REFUSED or self.left > 0


def receipt(  # noqa: PLR0913, PLR0917  # each is one fact about the submission
    file_name: str, sha256: str, received_at: datetime, outcome: Reading | Refusal, catalogue: Catalogue,
    due: Deadlines | None, received_before: datetime | None = None, part_reporter: str = "",
) -> Receipt:  # fmt: skip
    """Answer one submission: a file, or `part_reporter`'s part of one. `due` are the deadlines of its month;
    `received_before` is when its bytes came first."""
    part = catalogue.name_of(part_reporter) if part_reporter else ""
    facts: tuple[tuple[str, str], ...] = (
        ("文件", file_name),
        ("收到时间", _moment(received_at)),
        ("文件校验码", sha256),
    )
    again = (
        f"同一文件已于 {_moment(received_before)} 收过，内容没有变化，本次不重复登记。"
        if received_before
        else ""
    )
    if isinstance(outcome, Refusal):
        kept = "本文件已留存备查" if outcome.is_kept else "本文件没有留存"
        summary = (f"原因：{outcome.reason}。", f"{kept}，其中的数没有采用。")
        facts += (("填报单位", f"{part}（汇总文件中的一份）"),) if part else ()
        return Receipt(REFUSED, facts, (*filter(None, [again]), *summary), outcome.remedy, part=part)
    items = tuple(_items(outcome))
    when = f"{month_label(outcome.month)}{_timeliness(received_at, due, is_first=outcome.follows_at is None)}"
    facts += (
        ("填报单位", catalogue.name_of(outcome.reporter) + ("（汇总文件中的一份）" if part else "")),
        ("报告期", when),
    )
    sample = "示例数据，非真实数据。" if outcome.is_sample else ""
    return Receipt(
        status=UNCHANGED if received_before else ACCEPTED,
        facts=facts,
        summary=(*filter(None, [again, sample]), _read_so_far(outcome)),
        next_step=_next_step({item.kind for item in items}, outcome.has_reasons, received_at, due),
        items=items,
        taken=outcome.answers,
        notes=tuple(f"{sentence}。" for sentence in outcome.decisions),
        part=part,
    )


def _items(reading: Reading) -> Iterator[Item]:
    """Numbered through: what must be corrected first, what is settled last."""
    listed = list(numbered(reading.reporter, reading.month, reading.problems))
    ordered = [
        *((Kind.CORRECT, i, p) for i, p in listed if p.tier == Tier.ERROR),
        *((Kind.CONFIRM, i, p) for i, p in listed if p.tier == Tier.QUERY and p.answer is None),
        *((Kind.NOT_TAKEN, "", p) for p in reading.not_taken),
        *((Kind.EXPLAINED, i, p) for i, p in listed if p.answer is not None),
    ]
    return (Item(number, kind, i, p) for number, (kind, i, p) in enumerate(ordered, 1))


def _timeliness(received_at: datetime, due: Deadlines | None, *, is_first: bool) -> str:
    """A report of a month that was reported before is no late one: the first one's day is what counts."""
    if due is None:
        return ""
    late = (received_at.date() - due.due_on).days
    taken = "按迟报登记" if is_first else "此前已报过，按更正处理"
    return f"（期限 {_day(due.due_on)}，{f'期限后 {late} 天收到，{taken}' if late > 0 else '按时'}）"


def _read_so_far(reading: Reading) -> str:
    counts = {state: sum(o.state is state for o in reading.observations) for state in _STATES}
    states = "、".join(f"{state.label} {n} 个" for state, n in counts.items() if n)
    said = f"；文字 {len(reading.statements)} 段" if reading.statements else ""
    return f"共读取 {len(reading.observations)} 个数据格：{states or '无'}{said}。"


def _next_step(kinds: set[Kind], has_reasons: bool, received_at: datetime, due: Deadlines | None) -> str:
    by = f"在 {_day(due.answer_by)}前" if due and received_at.date() <= due.answer_by else "尽快"
    where = "同一行“原因说明”" if has_reasons else "回信（报上编号）或下月报表的“待核实事项”里"
    confirm = f"填错的直接改正，没有填错的在{where}写明原因，写“核实无误”不算说明"
    if Kind.CORRECT in kinds:
        also = f"；需要核实的，{confirm}" if Kind.CONFIRM in kinds else ""
        return f"请在退回的工作簿里改正标出的单元格，{by}把整个文件重新报送{also}。以最后一次报送为准。"
    if Kind.CONFIRM in kinds:
        return f"请在退回的工作簿里逐项核实，{by}把整个文件重新报送：{confirm}。"
    if Kind.NOT_TAKEN in kinds:
        return f"请把没有采用的说明补充完整，{by}把整个文件重新报送。"
    return "没有需要您处理的事项，谢谢。"


def _moment(at: datetime) -> str:
    return f"{_day(at.date())} {at:%H:%M}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_RULE = "─" * 36
_WIDEST = 6  # characters that a fact's label is padded to
_HEADS = {
    Kind.CORRECT: "需要改正（改正前这些数不采用，按“数据待核”处理）",
    Kind.CONFIRM: "需要核实或补填（已填的数先采用，核实前列入待核实事项）",
    Kind.NOT_TAKEN: "没有采用的说明（原来的事项仍列为待核实）",
    Kind.EXPLAINED: "已有说明（请留存依据）",
}


def as_text(receipt: Receipt) -> str:
    """The whole receipt, what to do at its end, where a reader of a terminal looks."""
    return "\n".join(_lines(receipt)) + "\n"


def _lines(receipt: Receipt) -> Iterator[str]:
    yield receipt.title
    yield _RULE
    yield from (f"{name.ljust(_WIDEST, '　')}{value}" for name, value in receipt.facts)
    yield _RULE
    yield from receipt.summary
    for kind, head in _HEADS.items():
        yield from _listed(head, [item for item in receipt.items if item.kind is kind])
    if receipt.taken:
        yield f"对以前月份待核实事项的说明，已登记 {len(receipt.taken)} 项："
        yield from (f"　· {answer.number}：{answer.text}" for answer in receipt.taken)
    if receipt.notes:
        yield "其他："
        yield from (f"　· {note}" for note in receipt.notes)
    yield _RULE
    yield f"下一步：{receipt.next_step}"


def _listed(head: str, items: list[Item]) -> Iterator[str]:
    if items:
        yield f"{head}，共 {len(items)} 项："
    for item in items:
        problem = item.problem
        yield f"　{item.number}. {problem.place} · {problem.description}"
        if item.kind is Kind.EXPLAINED:
            yield f"　　 说明：{problem.answer}"
        else:
            yield f"　　 怎么办：{problem.remedy}。"
        if item.kind is Kind.CONFIRM:
            yield f"　　 编号：{item.question_number}"


def is_receipt(grid: Grid) -> bool:
    """Whether the sheet is a receipt (回执) that went out with the workbook and came back in it."""
    return next((text for _, text in grid.texts()), "").strip().startswith(tuple(TITLES.values()))
