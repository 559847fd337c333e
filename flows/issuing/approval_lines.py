"""The sign-off desk on the command line (审核、签发、重制): what waits, a decision, an issued document made again."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from flows.clock import now
from flows.issuing.approval import PassingError, Standing, decide, standing, waiting
from flows.issuing.issuing import MadeAgain, lay_down_lacking, made_again
from flows.issuing.outbox import letters
from flows.plan.folders import plan_of
from flows.plan.issued import Approval, Decision, DocumentName, Issued
from flows.plan.period import Period
from flows.settings import Settings, shown_path
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued


def waiting_lines(settings: Settings) -> Iterator[str]:
    """What waits, a line a draft, and how to pass it."""
    found = waiting(settings)
    for (as_of, newer), alike in groupby(found, key=lambda one: (one.draft.as_of, one.newer_data_at)):
        drafts = list(alike)
        for one in drafts:
            sample = "（示例）" if one.draft.is_sample else ""
            yield f"{one.draft.name}　{_state(one)}　{one.draft.title}{_to_whom(settings, one.draft.name)}{sample}"
            yield from map(_decision, one.decisions)
        if newer:
            which = f"以上 {len(drafts)} 份" if len(drafts) > 1 else ""
            yield f"　　注意：{which}草稿数据截至 {_moment(as_of)}，之后（{_moment(newer)}）又有报表或说明"
    yield f"待审 {len(found)} 份" + (
        "；通过：diaodu approve 文件名称 --by 谁；退回：加 --return 原因" if found else ""
    )


def _to_whom(settings: Settings, name: DocumentName) -> str:
    """Whom a notice goes to: its title does not say it."""
    if not name.notice:
        return ""
    return f"，致{plan_of(settings, Period.parse(name.period).year).name_of(name.county)}"


def pass_on(settings: Settings, document: str, by: str, reason: str, note: str) -> tuple[str, bool]:
    """Pass a draft one step further or send it back: what to say, and whether it may now be issued."""
    lay_down_lacking(settings)
    found = standing(settings, document)
    step = found.waits_for
    if step is None:
        if reason:
            raise PassingError(found.draft.name, "各步均已通过，不能退回")
        return f"{found.draft.name}：各步均已通过", True
    decision = Decision.RETURNED if reason else Decision.APPROVED
    found = decide(settings, found, decision, by, now(), reason or note)
    said = f"{found.draft.name}：{step.label}{decision.label}（{by}），校验码 {found.draft.sha256[:12]}"
    if found.returned:
        said += "；改好后重新生成、重新送审"
    elif found.waits_for:
        said += f"；待{found.waits_for.label}"
    return said, found.waits_for is None


def documents_of(kind: str, periods: Sequence[Period], county: str | None) -> list[str]:
    """The documents that a flow of this kind leaves: the annual assessment comes with its proposal."""
    kinds = [kind, "commendation"] if kind == "annual_assessment" and county is None else [kind]
    return [str(DocumentName(str(period), one, county or "")) for period in periods for one in kinds]


def way_on(settings: Settings, documents: Sequence[str]) -> str:
    """Where drafts just made go from here, as a sentence; a single one that is issued already says so."""
    if len(documents) > 1:
        return f"草稿 {len(documents)} 份；送审：diaodu approve"
    try:
        found = standing(settings, documents[0])
    except PassingError as issued_already:
        return str(issued_already)
    if found.waits_for is None:
        return f"草稿；不待人审，印发：diaodu approve {documents[0]}"
    return f"草稿；送审：diaodu approve {documents[0]} --by 谁"


def waits_for(settings: Settings, document: str) -> str:
    """Whom a draft waits for, as a sentence; empty where it may be issued."""
    found = standing(settings, document)
    if found.waits_for is None:
        return ""
    return f"{document}：待{found.waits_for.label}，通过后印发、发送：diaodu approve {document} --by 谁"


def issued_lines(settings: Settings, number: str) -> Iterator[str]:
    """What was issued, where it lies, and how it is sent."""
    entry = next(one for one in _issued(settings) if one.number == number)
    yield f"已印发：{number}　{entry.title}　{shown_path(settings.data / entry.folder / entry.file_name)}"
    yield _queued(settings, entry)


def _queued(settings: Settings, entry: Issued) -> str:
    """How its letters stand; why there are none is told by name, never passed over."""
    own = [one for one in letters(settings) if one.letter.number == entry.number]
    lacking = [one.letter.unit_name for one in own if not one.letter.address]
    if not own:
        return (
            "信件没有排队：通讯录 contacts.toml 缺少或有误（见 diaodu doctor），改好后 diaodu deliver 会补上"
        )
    told = " --sample（示例数据，不加不发）" if entry.is_sample else ""
    said = f"信件 {len(own) - len(lacking)} 封待发：diaodu deliver{told}"
    return said + (f"；没有地址：{'、'.join(lacking)}" if lacking else "")


def remake_lines(settings: Settings, numbers: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Issued documents made again, a line each, and whether they are the same byte for byte."""
    entries = _issued(settings)
    wanted = [e for e in entries if not numbers or e.number in numbers]
    for unknown in set(numbers) - {e.number for e in entries}:
        yield f"{unknown}：台账里没有这个发文字号", False
    for entry in wanted:
        again = made_again(settings, entry)
        yield f"{entry.number}　{entry.title}：{_compared(settings, again)}", again.is_equal


def _compared(settings: Settings, again: MadeAgain) -> str:
    if again.is_equal:
        return f"逐字节相同（{again.issued.sha256[:12]}）"
    manifest = settings.data / again.issued.folder / "manifest.json"
    if not manifest.exists():
        return "与台账所记不同"
    then, now_made = json.loads(manifest.read_text(encoding="utf-8")), json.loads(again.document.manifest)
    changed = [f"{part} {name}" for part in ("sources", "versions") for name in then[part]
               if then[part][name] != now_made[part].get(name)]  # fmt: skip
    return f"不同；其间改动过：{'、'.join(changed) or '程序或模板'}"


def _state(found: Standing) -> str:
    if found.returned:
        return f"已退回（{found.returned.note}）"
    return f"待{found.waits_for.label}" if found.waits_for else "已通过，待印发"


def _decision(a: Approval) -> str:
    return f"　　{a.decided_at:%Y-%m-%d %H:%M} {a.step.label} {a.decision.label} {a.decided_by} {a.note}".rstrip()


def _issued(settings: Settings) -> tuple[Issued, ...]:
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return issued(warehouse)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
