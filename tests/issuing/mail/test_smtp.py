"""Every way a conversation can go, against a real server: what the outcome says, and what the server took."""

import errno
import socket
import ssl

import pytest

from flows.issuing.mail.account import MailServer, Security, UnprotectedError, is_loopback
from flows.issuing.mail.letter import written
from flows.issuing.mail.line import Broken, spoken
from flows.issuing.mail.smtp import Accepted, Later, Outcome, Refused, Uncertain, send, stuffed
from tests.issuing.mail.certificates import Authority
from tests.issuing.mail.conftest import ADDRESS, HASTY, PATIENT, letter, server_of
from tests.issuing.mail.post_office import DRIP, DROP, STALL, TAKEN_THEN_DROP, PostOffice

STEPS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "body")
LARGE = (
    b"Subject: large\r\n\r\n" + b"0123456789abcdef" * 4 * 100_000 + b"\r\n"
)  # 6.4 MB: more than sockets hold


def handed(office: PostOffice, server: MailServer | None = None, message: bytes | None = None) -> Outcome:
    server = server or server_of(office)
    message = message or written(letter(), server, "", {"通报.pdf": b"%PDF" * 1000})
    limits = HASTY if {STALL, DRIP} & set(office.faults.values()) else PATIENT
    return send(server, ADDRESS, message, limits)


def test_a_letter_is_taken_once_and_byte_for_byte() -> None:
    with PostOffice() as office:
        outcome = handed(office)
        assert outcome == Accepted("250 2.0.0 taken")
        assert office.taken == [written(letter(), server_of(office), "", {"通报.pdf": b"%PDF" * 1000})]
    assert f"mail FROM:<{server_of(office).sender}>" in office.heard
    assert f"rcpt TO:<{ADDRESS}>" in office.heard


@pytest.mark.parametrize("step", ["RCPT", "DATA", "dot"])
def test_a_permanent_refusal_is_final_at_every_step_behind_the_sender(step: str) -> None:
    with PostOffice({step: "550 5.1.1 无此用户"}) as office:
        outcome = handed(office)
    assert isinstance(outcome, Refused) and outcome.reply.endswith("550 5.1.1 无此用户")
    assert office.taken == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "dot"])
def test_a_passing_refusal_is_for_later_and_concerns_this_letter_alone(step: str) -> None:
    with PostOffice({step: "451 4.7.1 greylisted"}) as office:
        outcome = handed(office)
    assert outcome == Later(f"{'正文' if step == 'dot' else step}：451 4.7.1 greylisted", is_general=False)
    assert office.taken == []


@pytest.mark.parametrize("step", ["greeting", "EHLO"])
@pytest.mark.parametrize("no", ["421 try later", "554 go away"])
def test_a_server_that_refuses_the_office_refuses_no_letter(step: str, no: str) -> None:
    with PostOffice({step: no}) as office:
        outcome = handed(office)
    assert isinstance(outcome, Later) and outcome.is_general and no in outcome.reply


@pytest.mark.parametrize(
    ("no", "is_general"),
    [("530 5.7.0 log in first", True), ("421 shutting down", False), ("99 nonsense", False)],
)
def test_only_what_befalls_every_letter_is_general(no: str, is_general: bool) -> None:
    with PostOffice({"MAIL": no}) as office:
        outcome = handed(office)
    assert isinstance(outcome, Later) and outcome.is_general == is_general


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", [STALL, DROP])
def test_a_line_lost_or_silent_before_the_last_dot_has_sent_nothing(step: str, fault: str) -> None:
    with PostOffice({step: fault}) as office:
        outcome = handed(office, message=LARGE if step == "body" else None)
    assert isinstance(outcome, Later) and outcome.is_general == (step in {"greeting", "EHLO"})
    assert office.taken == []


@pytest.mark.parametrize("step", ["EHLO", "RCPT"])
def test_a_server_that_drips_is_cut_off(step: str) -> None:
    with PostOffice({step: DRIP}) as office:
        outcome = handed(office)
    assert isinstance(outcome, Later) and outcome.is_general == (step == "EHLO")


@pytest.mark.parametrize(
    ("fault", "taken"), [(TAKEN_THEN_DROP, 1), (DROP, 0), (STALL, 0), (DRIP, 0), ("99 nonsense", 0)]
)
def test_a_line_lost_or_silent_after_the_last_dot_is_uncertain(fault: str, taken: int) -> None:
    with PostOffice({"dot": fault}) as office:
        outcome = handed(office)
    assert isinstance(outcome, Uncertain)
    assert len(office.taken) == taken


def test_a_server_that_is_down_is_for_later() -> None:
    with PostOffice() as office:
        server = server_of(office)
    outcome = handed(office, server)
    assert isinstance(outcome, Later) and outcome.is_general
    assert outcome.reply == f"连接：127.0.0.1 的 {server.port} 端口拒绝连接，服务器停了，或端口不对"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "连接：找不到服务器 127.0.0.1，名称不对，或网络不通"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "连接：到 127.0.0.1 的网络不通"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "连接：到 127.0.0.1 的网络不通"),
        (TimeoutError("timed out"), "连接：等候超时"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "连接：线路断开"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "连接：与 127.0.0.1 没有谈成加密，核对端口和加密方式（现为STARTTLS）"),
        (OSError("something else"), "连接：something else"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_the_system_says_of_the_network_is_said_in_words(fault: OSError, said: str) -> None:
    with (
        PostOffice() as office,
        pytest.raises(Broken) as broken,
        spoken("连接", server_of(office, Security.STARTTLS)),
    ):
        raise fault
    assert broken.value.reply == said


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.IMPLICIT])
def test_a_protected_line_with_login_carries_the_letter(
    security: Security, office_authority: Authority
) -> None:
    account = ("tongliao", "s3cret")
    context = office_authority.server("127.0.0.1")
    with PostOffice(tls=context, implicit=security is Security.IMPLICIT, account=account) as office:
        outcome = handed(office, server_of(office, security, ca_file=office_authority.file, account=account))
        assert isinstance(outcome, Accepted)
    assert len(office.taken) == 1


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.IMPLICIT])
@pytest.mark.parametrize("fault", ["strange authority", "wrong host", "expired"])
def test_a_certificate_that_does_not_vouch_for_the_server_ends_it_before_a_word_of_the_account(
    security: Security, fault: str, office_authority: Authority, strange_authority: Authority
) -> None:
    contexts = {
        "strange authority": lambda: strange_authority.server("127.0.0.1"),
        "wrong host": lambda: office_authority.server("mail.elsewhere.example"),
        "expired": lambda: office_authority.server("127.0.0.1", days=1),
    }
    account = ("tongliao", "s3cret")
    with PostOffice(tls=contexts[fault](), implicit=security is Security.IMPLICIT, account=account) as office:
        outcome = handed(office, server_of(office, security, ca_file=office_authority.file, account=account))
    assert isinstance(outcome, Later) and outcome.is_general
    assert "证书不可信" in outcome.reply
    assert [word for word in office.heard if word.upper().startswith(("AUTH", "MAIL"))] == []


def test_a_server_that_offers_no_starttls_is_told_nothing() -> None:
    with PostOffice(account=("tongliao", "s3cret")) as office:
        outcome = handed(office, server_of(office, Security.STARTTLS, account=("tongliao", "s3cret")))
    assert outcome == Later("STARTTLS：服务器不提供这一步（STARTTLS）", is_general=True)
    assert [word.split()[0] for word in office.heard] == ["ehlo"]


@pytest.mark.parametrize("fault", [STALL, DROP, "454 not now"])
def test_a_protection_that_does_not_come_about_ends_it(fault: str, office_authority: Authority) -> None:
    with PostOffice({"STARTTLS": fault}, tls=office_authority.server("127.0.0.1")) as office:
        outcome = handed(office, server_of(office, Security.STARTTLS, ca_file=office_authority.file))
    assert isinstance(outcome, Later) and outcome.reply.startswith("STARTTLS：")


def test_a_refused_login_is_general_and_repeats_nothing_of_the_account() -> None:
    account = ("tongliao", "s3cret")
    said = "535 5.7.8 s3cret AHRvbmdsaWFvAHMzY3JldA== czNjcmV0"  # a server that repeats what it was given
    with PostOffice({"AUTH": said}, account=account) as office:
        outcome = handed(office, server_of(office, account=account))
    assert outcome == Later("登录：535 5.7.8 … … …", is_general=True)


def test_a_password_that_cannot_be_sent_is_not_shown() -> None:
    with PostOffice(account=("tongliao", "口令")) as office:
        server = server_of(office, account=("tongliao", "口令"))
        outcome = handed(office, server)
    assert outcome == Later("登录：含有不能发送的字符", is_general=True)
    assert "口令" not in repr(server)


def test_a_plain_line_to_another_machine_is_refused_before_a_word() -> None:
    server = MailServer("mail.rsj.example", 25, Security.PLAIN, "a@rsj.example")
    with pytest.raises(UnprotectedError, match="不是本机，不得明文发信"):
        send(server, ADDRESS, b"", PATIENT)
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "10.0.0.1", "mail.example")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_a_line_of_one_dot_does_not_end_the_letter() -> None:
    assert stuffed(b".\r\na\r\n..b") == b"..\r\na\r\n...b\r\n"
    with PostOffice() as office:
        assert isinstance(
            send(server_of(office), ADDRESS, b"Subject: x\r\n\r\n.\r\nQUIT\r\n", PATIENT), Accepted
        )
    assert office.taken == [b"Subject: x\r\n\r\n.\r\nQUIT\r\n"]
