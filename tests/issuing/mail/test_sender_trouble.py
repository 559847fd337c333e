"""What is the sender's trouble and not the addressee's, against aiosmtpd on loopback: the round stops, letters wait."""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from click.testing import CliRunner

from flows.__main__ import cli
from flows.issuing.delivery_round import read_trouble
from flows.issuing.mail.account import MailAccountError, MailServer, Security, mail_server
from flows.issuing.mail.smtp import Accepted, Later, Outcome, Refused, send
from flows.office import Office
from flows.operations.watch import mail_goes_out
from flows.plan.letter import LetterState
from flows.settings import Settings
from tests.issuing.mail.conftest import ADDRESS, PATIENT
from tests.issuing.mail.outgoing import AT, issue, own_contacts, states

QUOTA = "550 5.4.5 Daily user sending quota exceeded"
FULL = "552 5.2.2 Mailbox full"
FOUR = 'monthly_dispatch = { to = ["horqin", "kailu", "hure"], cc = ["government_office"] }'


class Handler:
    """Answers as it is told at a step, otherwise takes the letter."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[str] = []
        self.asked: list[str] = []
        self.declared: list[str] = []

    async def handle_MAIL(  # noqa: N802  # named by aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.append("MAIL")
        self.declared += options
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(  # noqa: N802  # named by aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked.append("RCPT")
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # named by aiosmtpd
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken += envelope.rcpt_tos
        return "250 2.0.0 taken"


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def listen(handler: Handler) -> Iterator[Callable[..., int]]:
    """Start aiosmtpd on a free port of loopback, with the largest letter that it takes; returns the port."""
    begun: list[Controller] = []

    def start(largest: int = 33554432) -> int:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        controller = Controller(handler, hostname="127.0.0.1", port=port, data_size_limit=largest)
        controller.start()
        begun.append(controller)
        return port

    yield start
    for controller in begun:
        controller.stop()


def handed(port: int, message: bytes = b"Subject: x\r\n\r\nx\r\n") -> Outcome:
    server = MailServer("127.0.0.1", port, Security.PLAIN, "bangongshi@rsj.example")
    return send(server, ADDRESS, message, PATIENT)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., int]) -> Settings:
    """An office that has issued a bulletin to four units, its mail server listening."""
    contacts = own_contacts(tmp_path)
    text = contacts.read_text(encoding="utf-8")
    contacts.write_text(re.sub(r"(?m)^monthly_dispatch = .*cc = .*$", FOUR, text), encoding="utf-8")
    account = {
        "HOST": "127.0.0.1",
        "PORT": str(listen()),
        "SECURITY": "plain",
        "SENDER": "bangongshi@rsj.example",
    }
    for name, value in account.items():
        monkeypatch.setenv(f"DIAODU_SMTP_{name}", value)
    monkeypatch.setenv("DIAODU_CONTACTS", str(contacts))
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    issue(Settings(), 6)
    return Settings()


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("MAIL", "550 5.1.8 sender address rejected", Later),
        ("MAIL", "553 5.7.1 not owned by user", Later),
        ("MAIL", "501 syntax", Later),
        ("RCPT", QUOTA, Later),
        ("DATA", QUOTA, Later),
        ("RCPT", "452 4.4.5 sending limit reached for today", Later),
        ("RCPT", "550 发信数量超过当日上限", Later),
        ("RCPT", FULL, Refused),
        ("RCPT", "550 5.1.1 no such user", Refused),
        ("DATA", "554 5.7.1 rejected as spam", Refused),
        ("MAIL", "552 5.3.4 message size exceeds fixed limit", Refused),
    ],
)
def test_whose_trouble_an_answer_is(
    handler: Handler, listen: Callable[..., int], step: str, answer: str, outcome: type
) -> None:
    handler.answers[step] = answer
    found = handed(listen())
    assert isinstance(found, outcome), found
    assert not isinstance(found, Later) or found.is_general
    assert handler.taken == []


@pytest.mark.parametrize(("step", "answer"), [("MAIL", "550 5.1.8 sender address rejected"), ("DATA", QUOTA)])
def test_the_round_stops_the_letters_wait_and_the_operator_is_told_once(
    settings: Settings, handler: Handler, step: str, answer: str
) -> None:
    handler.answers[step] = answer
    office = Office(settings, lambda: AT)
    rows = office.deliver()
    assert [row["结果"] for row in rows] == ["补排队", "待发", "服务器"]
    assert handler.asked.count("MAIL") == 1  # and not four times
    assert rows[-1]["说明"].endswith(f"{answer}；信件留待发，恢复后自动再发")
    assert [(one.state, one.attempt) for one in office.letters()] == [(LetterState.QUEUED, 0)] * 4
    (alert,) = mail_goes_out(settings, AT)
    assert alert.key == "mail" and answer in alert.sentence and "2025-07-08 17:30 起" in alert.sentence
    for later in range(1, 7):  # more rounds than a letter has tries (5): none fails by it
        office = Office(settings, lambda later=later: AT + timedelta(minutes=15 * later))  # type: ignore[misc]
        office.deliver()
    assert states(settings) == ["queued"] * 4
    assert [one.key for one in mail_goes_out(settings, AT)] == ["mail"]
    assert read_trouble(settings.data)[0] == "2025-07-08 17:30"  # since when: the same matter
    handler.answers.clear()
    office.deliver()
    assert states(settings) == ["sent"] * 4
    assert len(handler.taken) == 4 and [*mail_goes_out(settings, AT)] == []


def test_a_full_mailbox_is_its_owners_and_the_others_get_their_letters(
    settings: Settings, handler: Handler
) -> None:
    handler.answers["RCPT"] = FULL
    Office(settings, lambda: AT).deliver()
    assert states(settings) == ["failed"] * 4  # each was tried
    assert [*mail_goes_out(settings, AT)] == []


def test_a_letter_above_the_servers_size_is_not_sent_and_a_smaller_one_declares_its_own(
    handler: Handler, listen: Callable[..., int]
) -> None:
    line = b"x" * 62 + b"\r\n"
    fits = b"Subject: x\r\n\r\n" + line * 16384  # 14 bytes and 16,384 lines of 64: 1 MiB
    port = listen(len(fits))
    assert isinstance(handed(port, fits), Accepted)
    assert handler.declared == [f"SIZE={14 + 16384 * 64}"]
    refused = handed(port, fits + line * 8192)
    assert refused == Refused("信件连同附件 1.5 MB，超过邮件服务器的上限 1.0 MB，没有发")
    assert handler.asked.count("MAIL") == 1  # nothing was said of it


@pytest.mark.parametrize(("content", "says"), [(None, "没有这个文件"), ("no certificate", "读不出证书")])
def test_a_ca_file_that_is_missing_or_none_names_its_setting(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, says: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content, "ascii")
    monkeypatch.setenv("DIAODU_SMTP_CA_FILE", str(file))
    with pytest.raises(
        MailAccountError, match=rf"DIAODU_SMTP_CA_FILE 应为CA 证书文件（PEM），现写的 {file} {says}"
    ):
        mail_server("局")
    with pytest.raises(MailAccountError):
        Office(settings, lambda: AT).deliver()
    assert states(settings) == ["queued"] * 4


def test_a_dry_run_shows_what_would_leave_and_changes_nothing(settings: Settings, handler: Handler) -> None:
    dry = CliRunner().invoke(cli, ["deliver", "--dry-run"])
    assert (dry.exit_code, dry.output.splitlines()[-1]) == (0, "会发出 0 封；没有发，什么也没有改")
    assert "将排队" in dry.output
    Office(settings, lambda: AT).delivery.queue_missing()
    before = settings.journal.read_bytes()
    dry = CliRunner().invoke(cli, ["deliver", "--dry-run"])
    lines = dry.output.splitlines()
    assert [line.split()[:3] for line in lines[:-1]] == [
        ["将发出", "通人社发〔2025〕6号", unit]
        for unit in ("科尔沁区", "开鲁县", "库伦旗", "市人民政府办公室")
    ]
    assert lines[-1] == "会发出 4 封；没有发，什么也没有改"
    assert (settings.journal.read_bytes(), handler.asked) == (before, [])


def test_a_trial_letter_goes_to_the_operator_alone(settings: Settings, handler: Handler) -> None:
    done = CliRunner().invoke(cli, ["deliver", "--test"])
    assert done.output == "试发的信已交给邮件服务器，寄给 jiuye@rsj.example；服务器答复：250 2.0.0 taken\n"
    assert handler.taken == ["jiuye@rsj.example"]
    handler.answers["MAIL"] = "550 5.1.8 sender address rejected"
    failed = CliRunner().invoke(cli, ["deliver", "--test"])
    assert failed.exit_code == 1
    assert str(failed.exception) == "试发的信没有发成：MAIL：550 5.1.8 sender address rejected"
    assert Office(settings).letters() == ()
