"""发送: every letter with its state and remedy; send what waits, settle what is stuck, try the account."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.accounts.accounts import Duty
from flows.desk.desk import Acting, AnyDesk, LoggedIn, back_to
from flows.desk.work import Outcome
from flows.issuing.mail.smtp import Accepted
from flows.issuing.outbox import Settlement, counted
from flows.plan.letter import LetterState

router = APIRouter()
ACTS = {
    LetterState.FAILED: tuple(Settlement),
    LetterState.UNCERTAIN: tuple(Settlement),
    LetterState.QUEUED: (Settlement.DROP,),
}
ADVICE = {
    LetterState.FAILED: "先在通讯录里核对地址，再重发；已另行送达的登记送达",
    LetterState.UNCERTAIN: "先问收件单位收到没有，程序不会自己重发",
    LetterState.SENDING: "正在发送",
}


@router.get("/letters")
def letters_page(
    desk: AnyDesk, session: LoggedIn, everything: Annotated[bool, Query(alias="all")] = False
) -> Response:
    """The letters that are not settled, or all."""
    letters = desk.letters()
    return desk.page(
        "letters.html.j2", session, title="发送", counts=counted(letters), everything=everything, acts=ACTS, advice=ADVICE,
        letters=[one for one in reversed(letters) if everything or one.is_open],
    )  # fmt: skip


@router.get("/letter")
def letter_page(desk: AnyDesk, session: LoggedIn, letter_id: Annotated[str, Query(alias="id")]) -> Response:
    """A letter as it goes out: address, subject, text, attachments."""
    found = next((one for one in desk.letters() if one.letter.letter_id == letter_id), None)
    if found is None:
        raise HTTPException(404)
    return desk.page("letter.html.j2", session, title="信件", one=found)


@router.post("/letters/send")
def send(act: Acting, samples: Annotated[bool, Form()] = False) -> Response:
    """Send every letter that waits, each once."""
    act.actor(Duty.REGISTER)

    def deliver() -> Outcome:
        rows = act.desk.run("发送", {"sample": samples}, "letters", lambda: act.desk.office.deliver(samples))
        sent = sum(row["结果"] == "已发出" for row in rows)
        lines = [f"{row['结果']}　{row['文号']}　{row['单位']}　{row['说明']}" for row in rows]
        return Outcome([f"发出 {sent} 封", *lines], "/letters", "回到发送")

    return act.desk.start(act.session, "deliver", "逐封发送", deliver)


@router.post("/letters/settle")
def settle(
    act: Acting,
    letter: Annotated[str, Form()],
    how: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Record that a letter arrived, is to be sent again, or given up."""
    wanted = next((one for one in Settlement if one == how), None)
    if wanted is None:
        raise HTTPException(404)
    act.session.say(act.desk.office.settle(letter, wanted, note, act.actor(Duty.REGISTER)))
    return back_to("/letters")


@router.post("/letters/test")
def send_trial(act: Acting) -> Response:
    """Send one letter to the operator alone."""
    act.actor(Duty.REGISTER)

    def try_out() -> Outcome:
        address, outcome = act.desk.office.delivery.try_out()
        if isinstance(outcome, Accepted):
            return Outcome([f"试发的信已交给邮件服务器，寄给 {address}"], "/letters", "回到发送")
        raise RuntimeError(f"试发的信没有发成：{outcome.reply}")

    return act.desk.start(act.session, "trial letter", "试发一封信", try_out)
