"""The letters of the year against what the mail server took (核对信件): none lost, none double, none elsewhere."""

from collections import Counter
from collections.abc import Sequence
from email.message import EmailMessage

from flows.files import sha256_of
from flows.plan.issued import Issued
from flows.plan.letter import LetterState, LetterStatus
from flows.simulation.check import Check
from flows.simulation.environment import Stage
from flows.simulation.smtp_server import Taken
from flows.warehouse.issue_ledger import issued

BY_HAND = "经办登记"


def audit_letters(stage: Stage) -> None:
    """Letter by letter; CheckError at the first that is amiss."""
    with stage.warehouse() as warehouse:
        documents = {d.number: d for d in issued(warehouse)}
    posted = stage.office.letters()
    taken = {str(t.message["Message-ID"]): t for t in stage.mail.taken}
    _none_twice(stage, posted)
    for one in posted:
        _as_the_ledger_says(stage, one, taken, documents)
    lettered = {one.letter.number for one in posted}
    for number in documents:
        stage.checks.must(Check.LETTERS, number in lettered, f"{number} 没有一封信")
    for letter in stage.mail.taken:
        subject = str(letter.message["Subject"])
        stage.checks.must(Check.MARKED, "【示例】" in subject, f"“{subject}”没有标明示例")


def _none_twice(stage: Stage, posted: Sequence[LetterStatus]) -> None:
    known = {one.letter.letter_id for one in posted}
    times = Counter(str(t.message["Message-ID"]) for t in stage.mail.taken)
    for letter, count in times.items():
        stage.checks.must(Check.LETTERS, count == 1 or letter not in known, f"{letter} 发了 {count} 次")


def _as_the_ledger_says(
    stage: Stage, one: LetterStatus, taken: dict[str, Taken], documents: dict[str, Issued]
) -> None:
    """Sent by mail and taken by the server, with the document that was issued; or settled by a person and not."""
    letter, found = one.letter, taken.get(one.letter.letter_id)
    by_mail = one.state is LetterState.SENT and not one.reply.startswith(BY_HAND)
    what = f"{letter.number} {letter.unit_name}（{one.state.label}）"
    stage.checks.must(Check.LETTERS, not one.is_open, f"{what} 年终没有着落")
    stage.checks.must(Check.LETTERS, by_mail == (found is not None), f"{what} 与邮局所收不符")
    if found is not None:
        parts = {sha256_of(_bytes(part)) for part in found.message.iter_attachments()}
        sound = found.recipient == letter.address and documents[letter.number].sha256 in parts
        stage.checks.must(Check.LETTERS, sound, f"{what} 收件地址或附件不对")


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
