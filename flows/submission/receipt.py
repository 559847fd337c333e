"""The receipt (回执): what became of a file, in words a clerk understands. Nobody's name or telephone is in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.deadlines import Deadlines
from flows.catalogue.observation import Problem, Reading, Refusal
from flows.catalogue.terms import State, Tier
from flows.submission.asked import month_label

ACCEPTED, REFUSED, UNCHANGED = "accepted", "refused", "unchanged"
_TITLE = {ACCEPTED: "已接收", REFUSED: "不予接收", UNCHANGED: "已收过，没有变化"}
_STATES = (State.REPORTED, State.CONFIRMED_ZERO, State.NOT_APPLICABLE, State.MISSING, State.BLOCKED)
_RULE = "─" * 36


@dataclass(frozen=True, slots=True)
class Receipt:
    """The text to send back, and what it says in a word: accepted, refused or unchanged."""

    status: str
    text: str


def receipt(
    file_name: str, sha256: str, received_at: datetime, outcome: Reading | Refusal, catalogue: Catalogue,
    due: Deadlines | None, received_before: datetime | None = None,
) -> Receipt:  # fmt: skip
    """Answer one file. `due` are the deadlines of its month; `received_before` is when the same bytes came first."""
    status = REFUSED if isinstance(outcome, Refusal) else UNCHANGED if received_before else ACCEPTED
    lines = [
        f"回执：{_TITLE[status]}",
        _RULE,
        f"文件　　{file_name}",
        f"收到时间　{_moment(received_at)}",
        f"文件校验码　{sha256[:12]}（全码 {sha256}）",
    ]
    if received_before:
        lines.append(f"同一文件已于 {_moment(received_before)} 收过，内容没有变化，本次不重复登记。")
    if isinstance(outcome, Refusal):
        lines += [
            _RULE,
            f"原因：{outcome.reason}。",
            f"请您：{outcome.remedy}",
            "本文件已留存备查，其中的数没有采用。",
        ]
    else:
        lines += _body(file_name, received_at, outcome, catalogue, due)
    return Receipt(status, "\n".join(lines) + "\n")


def _body(
    file_name: str, received_at: datetime, reading: Reading, catalogue: Catalogue, due: Deadlines | None
) -> Iterator[str]:
    if reading.is_sample:
        yield "示例数据，非真实数据"
    yield f"填报单位　{catalogue.name_of(reading.reporter)}"
    yield f"报告期　　{month_label(reading.month)}{_timeliness(received_at, due)}"
    yield _RULE
    yield _read_so_far(reading)
    errors = [p for p in reading.problems if p.tier == Tier.ERROR]
    queries = [p for p in reading.problems if p.tier == Tier.QUERY and p.answer is None]
    answered = [p for p in reading.problems if p.answer is not None]
    yield from _listed("需要改正（改正前这些数不采用，按“数据待核”处理）", errors, file_name)
    yield from _listed("需要核实或补填（已填的数先采用，核实前列入待核实事项）", queries, file_name)
    yield from _listed("已有说明（请留存依据）", answered, file_name)
    if reading.decisions:
        yield "其他："
        yield from (f"　· {sentence}。" for sentence in reading.decisions)
    yield _RULE
    yield _next_step(bool(errors), bool(queries), due)


def _timeliness(received_at: datetime, due: Deadlines | None) -> str:
    if due is None:
        return ""
    late = (received_at.date() - due.due_on).days
    return f"（期限 {_day(due.due_on)}，{f'期限后 {late} 天收到；此前已报过的，按更正处理' if late > 0 else '按时'}）"


def _read_so_far(reading: Reading) -> str:
    counts = {state: sum(o.state is state for o in reading.observations) for state in _STATES}
    states = "、".join(f"{state.label} {n} 个" for state, n in counts.items() if n)
    said = f"；文字 {len(reading.statements)} 段" if reading.statements else ""
    return f"共读取 {len(reading.observations)} 个数据格：{states or '无'}{said}。"


def _listed(title: str, problems: list[Problem], file_name: str) -> Iterator[str]:
    if problems:
        yield f"{title}，共 {len(problems)} 项："
    for number, problem in enumerate(problems, 1):
        yield f"　{number}. {problem.message(file_name)}"
        yield f"　　 说明：{problem.answer}" if problem.answer else f"　　 请您：{problem.remedy}。"


def _next_step(errors: bool, queries: bool, due: Deadlines | None) -> str:
    by = f"于 {_day(due.answer_by)}前" if due else "尽快"
    if errors:
        return f"下一步：请在原表上改正后，{by}重新报送整个文件；以最后一次报送为准。"
    if queries:
        return f"下一步：请逐项核实，{by}在“原因说明”写明原因或改正后重新报送整个文件；写“核实无误”不算说明。"
    return "下一步：没有需要您处理的事项，谢谢。"


def _moment(at: datetime) -> str:
    return f"{_day(at.date())} {at:%H:%M}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
