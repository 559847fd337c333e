"""The audit of mail at the end of a simulated year: letters and answers against what the mail server took, forms against the
plan, and what came in against the ledger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from email.message import EmailMessage

from flows.files import sha256_of
from flows.issuing.mail.letter import ledger_id
from flows.plan.incoming_mail import MailKind
from flows.plan.issued import Issued
from flows.plan.letter import LetterKind, LetterState, LetterStatus
from flows.simulation import scenario
from flows.simulation.arrivals import Reporters
from flows.simulation.checks import Check
from flows.simulation.environment import WITHOUT_ADDRESS, SimulatedOffice
from flows.simulation.mail import ReceivedLetter
from flows.warehouse.issue_ledger import issued
from flows.warehouse.mail_ledger import mail_statuses

BY_HAND = "经办登记"


def audit_letters(environment: SimulatedOffice, reporters: Reporters) -> Iterator[str]:
    """Check letter by letter, yielding what is checked; CheckError at the first wrong one."""
    yield "信件"
    with environment.office.warehouse() as warehouse:
        documents = {d.number: d for d in issued(warehouse)}
    posted = environment.office.letters()
    received = {ledger_id(one.message_id): one for one in environment.mail.received}
    _none_twice(environment, posted, reporters)
    for one in posted:
        _as_the_ledger_says(environment, one, received, documents)
    lettered = {one.letter.number for one in posted}
    for number in documents:
        environment.checks.require(Check.LETTERS, number in lettered, f"{number} 没有一封信")


def _none_twice(environment: SimulatedOffice, posted: Sequence[LetterStatus], reporters: Reporters) -> None:
    """The server has no letter twice, but for those that came back and were sent again."""
    known = {one.letter.letter_id for one in posted}
    expected = dict.fromkeys(reporters.bounced, 2)
    times = Counter(ledger_id(one.message_id) for one in environment.mail.received)
    for letter, count in times.items():
        is_right = letter not in known or count == expected.get(letter, 1)
        environment.checks.require(Check.LETTERS, is_right, f"{letter} 发了 {count} 次")


def _as_the_ledger_says(
    environment: SimulatedOffice,
    one: LetterStatus,
    received: dict[str, ReceivedLetter],
    documents: dict[str, Issued],
) -> None:
    """Sent by mail and taken by the server, with the files that go with it; or settled by a person and not."""
    letter, found = one.letter, received.get(one.letter.letter_id)
    by_mail = one.state is LetterState.SENT and not one.reply.startswith(BY_HAND)
    what = f"{letter.number} {letter.unit_name}（{one.state.label}）"
    environment.checks.require(Check.LETTERS, not one.is_open, f"{what} 年终没有着落")
    environment.checks.require(Check.LETTERS, by_mail == (found is not None), f"{what} 与邮局所收不符")
    if found is None:
        return
    wanted = {digest for _, digest in letter.attachments}
    if letter.kind is LetterKind.DOCUMENT:
        wanted.add(documents[letter.number].sha256)
        is_marked = "【示例】" in found.subject
        environment.checks.require(Check.MARKED, is_marked, f"“{letter.subject}”没有标明示例")
    parts = {sha256_of(_bytes(part)) for part in found.message.iter_attachments()}
    sound = found.recipient == letter.address and parts == wanted
    environment.checks.require(Check.LETTERS, sound, f"{what} 收件地址或附件不对")


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def audit_mails(environment: SimulatedOffice, reporters: Reporters) -> Iterator[str]:
    """Check what came in mail by mail, and the forms; yields what is checked, CheckError at the first wrong one."""
    yield "来信"
    with environment.office.warehouse() as warehouse:
        recorded = [one.mail for one in mail_statuses(warehouse)]
    times = Counter(mail.message_id for mail in recorded if mail.kind is MailKind.REPORT)
    for message_id, sender in reporters.mails:
        answers = environment.mail.answers_to(message_id)
        is_answered = [one.recipient for one in answers] == [sender]
        what = f"{sender} {message_id} 登记 {times[message_id]} 次、答复 {len(answers)} 次"
        environment.checks.require(Check.ANSWERED, times[message_id] == 1 and is_answered, what)
    _bounces(environment, reporters, sum(mail.kind is MailKind.BOUNCE for mail in recorded))
    yield "空白报表"
    _forms(environment)


def _bounces(environment: SimulatedOffice, reporters: Reporters, recorded: int) -> None:
    """Every bounce is on record, and its letter was sent again and arrived."""
    states = {one.letter.letter_id: one.state for one in environment.office.letters()}
    for letter_id in reporters.bounced:
        is_sent = states.get(letter_id) is LetterState.SENT
        environment.checks.require(Check.BOUNCED, is_sent, f"{letter_id} 退回后没有再发")
    came, counted = len(reporters.bounced), f"退信 {len(reporters.bounced)} 封，登记 {recorded} 封"
    environment.checks.require(Check.BOUNCED, came == recorded, counted)


def _forms(environment: SimulatedOffice) -> None:
    """Every reporter with an address had every month's form, once."""
    letters = [one for one in environment.office.letters() if one.letter.kind is LetterKind.FORM]
    sent = Counter((one.letter.number, one.letter.unit) for one in letters if one.state is LetterState.SENT)
    for position, month in enumerate(environment.months, 1):
        for reporter in environment.catalogue.reporters:
            has_address = reporter.id != WITHOUT_ADDRESS or position > scenario.ADDRESS_FOUND_IN
            count = sent[f"报表 {month}", reporter.id]
            what = f"{month} {reporter.name} 发了 {count} 份"
            environment.checks.require(Check.FORMS, count == int(has_address), what)
