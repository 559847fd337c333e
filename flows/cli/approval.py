"""What the commands say of approval, issue and remaking (审核、签发、重制), a line each."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from flows.cli.selection import remember
from flows.files import sha256_of
from flows.office import Office
from flows.plan.document_kinds import drafted_together
from flows.plan.issued import Approval, Decision, DocumentName, Issued
from flows.plan.period import Period
from flows.settings import shown_path

if TYPE_CHECKING:  # loads the layout engine, which half of the commands do without
    from flows.accounts.accounts import Actor
    from flows.issuing.approval import ApprovalStatus
    from flows.issuing.issuing import Reproduction


HOW = "；通过：diaodu approve 序号或文件名称 --account 账号（如 1 3 5-9、2025-06/notices）；退回：加 --return 原因"


def waiting_lines(office: Office) -> Iterator[str]:
    """What waits, a numbered line a draft, and how to approve it."""
    waiting = office.waiting()
    remember(office.settings, waiting)
    numbered = list(enumerate(waiting, 1))
    for (as_of, newer), alike in groupby(
        numbered, key=lambda one: (one[1].draft.as_of, one[1].newer_data_at)
    ):
        drafts = list(alike)
        for number, one in drafts:
            sample = "（示例）" if one.draft.is_sample else ""
            name = one.draft.name
            to_whom = f"，致{office.addressee(name)}" if name.notice else ""  # its title does not say it
            yield f"{number:>3}　{name}　{_state(one)}　{one.draft.title}{to_whom}{sample}"
            yield from map(_decision, one.decisions)
            yield from _words(one)
        if newer:
            which = f"以上 {len(drafts)} 份" if len(drafts) > 1 else ""
            yield f"　　注意：{which}草稿数据截至 {_moment(as_of)}，之后（{_moment(newer)}）又有报表或说明"
    yield f"待审 {len(waiting)} 份" + (HOW if waiting else "")


def _words(status: "ApprovalStatus") -> Iterator[str]:
    """What the office worded itself in a draft, whether it must be looked at again, and the numbers from elsewhere."""
    if status.draft.edits:
        yield f"　　本单位改写 {len(status.draft.edits)} 段：diaodu words {status.draft.name}"
    if status.words_fault:
        yield f"　　注意：{status.words_fault}"
    for number in status.draft.outside:
        yield f"　　别处的数：{number}"


def approve(office: Office, document: str, actor: "Actor | None", reason: str, note: str) -> tuple[str, bool]:
    """Approve a draft at the step it waits for, or send it back: what to say, and whether it may now be issued."""
    from flows.issuing.approval import ApprovalError

    status = office.approval_status(document)
    name, step = status.draft.name, status.waits_for
    if step is None or actor is None:
        if reason:
            raise ApprovalError(name, "各步均已通过，不能退回")
        return f"{name}：各步均已通过", True
    decision = Decision.RETURNED if reason else Decision.APPROVED
    status = office.decide(status, decision, actor, reason or note)
    wish = f"，按{actor.instructed_by}的指示" if actor.instructed_by else ""
    text = f"{name}：{step.label}{decision.label}（{actor.account.name}{wish}），校验码 {status.draft.sha256[:12]}"
    if status.returned:
        text += "；改好后重新生成、重新送审"
    elif status.waits_for:
        text += f"；待{status.waits_for.label}"
    return text, status.waits_for is None


def documents_of(kind: str, periods: Sequence[Period], county: str | None) -> list[str]:
    """The names of the documents that are drafted together: the annual assessment comes with its proposal."""
    kinds = [kind] if county else drafted_together(kind)
    return [str(DocumentName(str(period), one, county or "")) for period in periods for one in kinds]


def next_step(office: Office, documents: Sequence[str]) -> str:
    """What to do with drafts just made, as a sentence; of a single one that is issued already, that it is."""
    from flows.issuing.approval import ApprovalError

    if len(documents) > 1:
        return f"草稿 {len(documents)} 份；送审：diaodu approve"
    try:
        status = office.approval_status(documents[0])
    except ApprovalError as issued_already:
        return str(issued_already)
    if status.waits_for is None:
        return f"草稿；不待人审，印发：diaodu approve {documents[0]}"
    return f"草稿；送审：diaodu approve {documents[0]} --account 账号"


def waits_for(office: Office, document: str) -> str:
    """Whom a draft waits for, as a sentence; empty where it may be issued."""
    status = office.approval_status(document)
    if status.waits_for is None:
        return ""
    return (
        f"{document}：待{status.waits_for.label}，通过后印发、发送：diaodu approve {document} --account 账号"
    )


def issued_lines(office: Office, document: str) -> Iterator[str]:
    """What was issued, where it lies, and how it is sent."""
    entry = next(one for one in office.issued() if one.document == document)
    place = shown_path(office.settings.data / entry.folder / entry.file_name)
    yield f"已印发：{entry.number}　{entry.title}　{place}"
    yield _letters(office, entry)


def _letters(office: Office, entry: Issued) -> str:
    """How its letters stand, and why there are none if so."""
    own = [one for one in office.letters() if one.letter.number == entry.number]
    lacking = [one.letter.unit_name for one in own if not one.letter.address]
    if not own:
        return (
            "信件没有排队：通讯录 contacts.toml 缺少或有误（见 diaodu doctor），改好后 diaodu deliver 会补上"
        )
    option = " --sample（示例数据，不加不发）" if entry.is_sample else ""
    text = f"信件 {len(own) - len(lacking)} 封待发：diaodu deliver{option}"
    return text + (f"；没有地址：{'、'.join(lacking)}" if lacking else "")


def remake_lines(office: Office, numbers: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Issued documents made again, a line each, and whether they are the same byte for byte."""
    entries = office.issued()
    for unknown in set(numbers) - {e.number for e in entries}:
        yield f"{unknown}：台账里没有这个发文字号", False
    for entry in entries:
        if not numbers or entry.number in numbers:
            again, damage = office.remake(entry), _damage(office, entry)
            line = f"{entry.number}　{entry.title}：{_compared(office, again)}"
            yield f"{line}；{damage}" if damage else line, again.is_equal and not damage


def _damage(office: Office, entry: Issued) -> str:
    """What is wrong with the issued file itself; empty for nothing."""
    file = office.settings.data / entry.folder / entry.file_name
    if not file.exists():
        return f"但 {shown_path(file)} 没有了，请从备份取回"
    if sha256_of(file.read_bytes()) != entry.sha256:
        return f"但 {shown_path(file)} 已损坏，与台账所记不同，请从备份取回"
    return ""


def _compared(office: Office, again: "Reproduction") -> str:
    if again.is_equal:
        return f"逐字节相同（{again.issued.sha256[:12]}）"
    manifest = office.settings.data / again.issued.folder / "manifest.json"
    if not manifest.exists():
        return "与台账所记不同"
    then, now_made = json.loads(manifest.read_text(encoding="utf-8")), json.loads(again.document.manifest)
    changed = [f"{part} {name}" for part in ("sources", "versions") for name in then[part]
               if then[part][name] != now_made[part].get(name)]  # fmt: skip
    return f"不同；其间改动过：{'、'.join(changed) or '程序或模板'}"


def _state(status: "ApprovalStatus") -> str:
    if status.returned:
        return f"已退回（{status.returned.note}）"
    return f"待{status.waits_for.label}" if status.waits_for else "已通过，待印发"


def _decision(a: Approval) -> str:
    who = a.decided_by if a.account else f"{a.decided_by}（未登记账号）"
    wish = f" 按{a.instructed_by}的指示" if a.instructed_by else ""
    return (
        f"　　{a.decided_at:%Y-%m-%d %H:%M} {a.step.label} {a.decision.label} {who}{wish} {a.note}".rstrip()
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
