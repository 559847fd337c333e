"""The receipt as plain text (文字回执): for a terminal, a message, a printer."""

from collections.abc import Iterator

from flows.submissions.receipts.receipt import Item, Kind, Receipt

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
        yield f"　{item.number}. {problem.place} · {problem.said}"
        if item.kind is Kind.EXPLAINED:
            yield f"　　 说明：{problem.answer}"
        else:
            yield f"　　 怎么办：{problem.remedy}。"
        if item.kind is Kind.CONFIRM:
            yield f"　　 编号：{item.question_number}"
