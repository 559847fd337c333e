"""One round of delivery as the operator sees it (发送情况): what was queued, sent and left, and who is told."""

from datetime import datetime

from flows.clock import now
from flows.issuing import withdraw_stale as taking_back
from flows.issuing.delivering import Round, own_up, send_waiting, sender_of
from flows.issuing.mail import smtp
from flows.issuing.mail.letter import note_to_operator
from flows.issuing.mail_account import MailAccountError
from flows.issuing.outbox import NEEDS_A_HAND, letters
from flows.issuing.queueing import QueueError, queue, unqueued
from flows.issuing.sending import Clock, Done
from flows.plan.letter import Letter, LetterState
from flows.plan.plan_file import PlanError
from flows.settings import Settings
from flows.warehouse.letter_ledger import NO_ADDRESS

OPEN = "待处理"  # failed or uncertain since an earlier round: shown every time, told the operator once
TOLD = (LetterState.FAILED.label, LetterState.UNCERTAIN.label)
FAULTS = (*TOLD, OPEN, "没有排队", "服务器", "没有告知经办")
Row = dict[str, str]


def clock_at(at: datetime | None) -> Clock:
    """The clock of a round: the real one, or one that stands still (for a rehearsal)."""
    return now if at is None else lambda: at


def cut_off(settings: Settings, at: datetime | None) -> list[Row]:
    """What a sender that was killed left behind."""
    return [_row(done) for done in own_up(settings, clock_at(at)())]


def take_back(settings: Settings, at: datetime | None) -> list[Row]:
    """Drop what is overtaken before anything is sent; a row a letter with the reason."""
    return [
        _row(Done(one.letter, LetterState.DROPPED, f"{LetterState.DROPPED.label}：{why}"))
        for one, why in taking_back.take_back(settings, clock_at(at)())
    ]


def queue_missing(settings: Settings, at: datetime | None) -> list[Row]:
    """Queue the issued documents that are not queued yet: how many letters, or why there are none; and every unit that
    the contacts have no address for."""
    rows: list[Row] = []
    for document in unqueued(settings):
        try:
            new = queue(settings, document, clock_at(at)()).new
            rows.append(_said("补排队", f"{len(new)} 封", document.number))
            rows += [_row(Done(one, LetterState.FAILED, NO_ADDRESS)) for one in new if _is_stuck(one)]
        except (PlanError, QueueError) as fault:
            rows.append(_said("没有排队", str(fault), document.number))
    return rows


def _is_stuck(letter: Letter) -> bool:
    """Sample data is not to leave anyway."""
    return not letter.address and not letter.is_sample


def send_all(settings: Settings, at: datetime | None, samples: bool) -> list[Row]:
    """Send what is due, and say what is left and why."""
    done = send_waiting(settings, clock_at(at), samples=samples)
    rows = [_row(one) for one in done.done]
    rows += [_said("服务器", done.trouble)] if done.trouble else []
    return rows + _left(done)


def still_open(settings: Settings, rows: list[Row], samples: bool) -> list[Row]:
    """What has failed or is uncertain since an earlier round: said every time until a person settles it."""
    said = {row["信件"] for row in rows}
    return [
        _row(Done(one.letter, one.state, f"{one.state.label}：{one.reply}")) | {"结果": OPEN}
        for one in letters(settings)
        if one.state in NEEDS_A_HAND and one.short_id not in said and (samples or not one.letter.is_sample)
    ]


def _left(done: Round) -> list[Row]:
    rows = [_said("未到时间", f"{done.paused} 封上次没有发成，隔一会再试")] if done.paused else []
    samples = f"{done.samples} 封是示例数据，加 --sample 才发"
    return rows + ([_said("示例未发", samples)] if done.samples else [])


def tell_operator(settings: Settings, rows: list[Row], at: datetime | None, samples: bool) -> list[Row]:
    """Write to the operator what came to need a hand just now; a row if that fails too. Nothing where the server
    lets nobody in."""
    told = [f"{r['结果']}：{r['文号']} {r['单位']} {r['说明']}" for r in rows if r["结果"] in TOLD]
    if not told or any(r["结果"] == "服务器" for r in rows):
        return []
    clock = clock_at(at)
    try:
        sender = sender_of(settings, clock)
    except (MailAccountError, PlanError) as fault:
        return [_said("没有告知经办", str(fault))]
    note = note_to_operator(sender.server, sender.reply_to, tuple(told), clock(), is_sample=samples)
    outcome = smtp.send(sender.server, sender.reply_to, note, sender.policy)
    return [] if isinstance(outcome, smtp.Accepted) else [_said("没有告知经办", outcome.reply)]


def _row(done: Done) -> Row:
    letter = done.letter
    return {
        "结果": done.state.label,
        "文号": letter.number,
        "单位": letter.unit_name,
        "地址": letter.address,
        "信件": letter.letter_id[1:11],
        "说明": done.reply,
    }


def _said(what: str, said: str, number: str = "") -> Row:
    return {"结果": what, "文号": number, "单位": "", "地址": "", "信件": "", "说明": said}
