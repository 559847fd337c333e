"""What servers answer out of the ordinary, by a server that says what it is told to: each a sentence with its remedy."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from flows.issuing.mail.account import MailAccountError, Security
from flows.issuing.mail.mailbox import ImapAccount, ImapMailbox, MailboxError
from flows.issuing.mailbox_account import imap_account

ORDINARY = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 MOVE NAMESPACE\r\n{tag} OK done",
    "NAMESPACE": '* NAMESPACE (("" "/")) NIL NIL\r\n{tag} OK done',
    "LIST": '* LIST (\\HasNoChildren) "/" "&XfJlNg-"\r\n{tag} OK done',
    "SELECT": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n{tag} OK [READ-WRITE] done",
    "UID FETCH": '* 1 FETCH (UID 1 RFC822.SIZE 2 INTERNALDATE "03-Jul-2025 01:30:00 +0000" BODY[] {{2}}\r\nhi)\r\n{tag} OK done',
}


class Handler(socketserver.StreamRequestHandler):
    """Says to each command what the script has for it, by default that it is done."""

    script: dict[str, str]

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, command, *rest = line.decode().split()
            name = f"UID {rest[0]}" if command == "UID" else command.upper()
            answer = self.script.get(f"{name} {rest[-1] if rest else ''}") or self.script.get(
                name, "{tag} OK done"
            )
            self.wfile.write(answer.format(tag=tag).encode() + b"\r\n")


@contextmanager
def scripted(**answers: str) -> Iterator[ImapAccount]:
    """The account at a server with these answers in place of the ordinary ones."""
    script = ORDINARY | {name.replace("_", " "): answer for name, answer in answers.items()}
    handler = type("Scripted", (Handler,), {"script": script})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield ImapAccount(
            "127.0.0.1", server.server_address[1], Security.PLAIN, "baobiao", "geheim", seconds=30
        )
        server.shutdown()


def fault_of(**answers: str) -> str:
    """What opening the mailbox and moving its one message comes to."""
    with scripted(**answers) as account, pytest.raises(MailboxError) as fault, ImapMailbox(account) as box:
        box.put_away(1, is_read=True)
    return str(fault.value)


@pytest.mark.parametrize(
    ("date", "received_at"),
    [
        (
            ' INTERNALDATE " 3-Jul-2025 01:30:00 +0000"',
            datetime(2025, 7, 3, 9, 30),
        ),  # Beijing is eight hours ahead
        (' INTERNALDATE "01-Jan-1970 00:00:00 +0000"', None),
        (' INTERNALDATE "yesterday"', None),
        ("", None),
    ],
)
def test_a_message_is_fetched_also_where_the_server_does_not_know_when_it_came(
    date: str, received_at: datetime | None
) -> None:
    answer = f"* 1 FETCH (UID 1 RFC822.SIZE 2{date} BODY[] {{{{2}}}}\r\nhi)\r\n{{tag}} OK done"
    with scripted(UID_FETCH=answer) as account, ImapMailbox(account) as box:
        message = box.message(1)
    assert message is not None
    assert (message.content, message.received_at) == (b"hi", received_at)


def test_a_server_that_gives_no_validity_of_its_numbers_is_taken_at_its_word() -> None:
    with scripted(SELECT="* 1 EXISTS\r\n{tag} OK [READ-WRITE] done") as account, ImapMailbox(account) as box:
        assert box.uid_validity == 0


@pytest.mark.parametrize(
    ("command", "answer", "sentence"),
    [
        ("LOGIN", "NO [UNAVAILABLE] try later",
         "登录：服务器内部出错，稍后会再试（服务器答复：[UNAVAILABLE] try later）"),
        ("LOGIN", "NO Login error geheim",
         "登录：127.0.0.1 不认账号或口令（QQ、163 等邮箱填授权码，不是登录密码）"),
        ("SELECT", "NO [NONEXISTENT] Unknown Mailbox",
         "打开文件夹：没有这个文件夹，核对 DIAODU_IMAP_FOLDER、DIAODU_IMAP_RECEIVED（服务器答复：[NONEXISTENT] Unknown Mailbox）"),
        ("SELECT", "OK [READ-ONLY] Select completed",
         "打开文件夹：“INBOX”只能读，移不走来信：请邮箱管理员给这个账号写的权限"),
        ("UID_MOVE", "NO [OVERQUOTA] Mailbox is full",
         "移到“已收”：邮箱已满，请清理邮箱或扩大容量（服务器答复：[OVERQUOTA] Mailbox is full）"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(command: str, answer: str, sentence: str) -> None:
    assert fault_of(**{command: f"{{tag}} {answer}"}) == sentence


def test_a_folder_that_can_neither_be_found_nor_made_is_asked_for() -> None:
    assert fault_of(LIST="{tag} OK done", CREATE="{tag} NO [NOPERM] denied") == (
        "打开文件夹：邮箱里没有“已收”，也建不成，请在网页邮箱里建好。这个账号没有权限（服务器答复：[NOPERM] denied）"
    )


def test_a_folder_that_the_server_makes_below_one_of_its_own_is_found_there() -> None:
    """QQ and Exmail keep the folders of users in 其他文件夹."""
    below = {
        'LIST "&XfJlNg-"': "{tag} OK done",
        'LIST "%/&XfJlNg-"': '* LIST () "/" "&UXZO1mWHTvZZOQ-/&XfJlNg-"\r\n{tag} OK done',
        'UID MOVE "&UXZO1mWHTvZZOQ-/&XfJlNg-"': "{tag} NO it was here",
    }
    assert fault_of(**below) == "移到“已收”：服务器答复：it was here"


def test_a_server_without_starttls_is_said() -> None:
    with scripted() as account, pytest.raises(MailboxError, match="连接：服务器不提供 STARTTLS"):
        ImapMailbox(ImapAccount(account.host, account.port, Security.STARTTLS, "baobiao", "geheim"))


def test_mail_is_not_moved_into_the_folder_that_it_is_read_from(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HOST": "imap.example", "USER": "u", "PASSWORD": "p", "RECEIVED": "INBOX"}.items():
        monkeypatch.setenv(f"DIAODU_IMAP_{name}", value)
    with pytest.raises(
        MailAccountError, match=r"DIAODU_IMAP_RECEIVED 应为与 DIAODU_IMAP_FOLDER（INBOX）不同的文件夹"
    ):
        imap_account()
