"""A mailbox that misbehaves: nothing is lost, nothing is done twice, and a sentence says what it was."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path

import pytest

from flows.issuing.fetching import SERVER
from flows.office import Office
from flows.settings import Settings
from tests.issuing.mail.certificates import Authority
from tests.issuing.mail.clerks_mail import mail
from tests.issuing.mail.dovecot import RECEIVED, Dovecot
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice
from tests.issuing.mail.test_fetching import (
    NOW,
    desk,
    imap,
    imap_server,
    kailu,
    results,
    smtp,
    submissions,
    workbooks,
)

__all__ = ["desk", "imap", "imap_server", "kailu", "smtp", "workbooks"]  # fixtures of the ordinary tests


def pump(source: socket.socket, target: socket.socket, most: int, hidden: tuple[bytes, ...]) -> None:
    """Hand on what comes without the hidden words, and break off after so many bytes."""
    sent = 0
    with source:
        with contextlib.suppress(OSError):
            while (piece := source.recv(4096)) and (sent := sent + len(piece)) <= most:
                for word in hidden:
                    piece = piece.replace(b" " + word, b" X-" + word[2:])
                target.sendall(piece)
        for one in (source, target):  # the other direction is told, too
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def relay(door: socket.socket, imap: Dovecot, sizes: Iterator[int], hidden: tuple[bytes, ...]) -> None:
    """Lead every line to the server; the answers of each break off after the next of the sizes, and what the server offers
    lacks the hidden capabilities."""
    with contextlib.suppress(OSError):
        while True:
            near, _ = door.accept()
            far = socket.create_connection(("127.0.0.1", imap.plain_port))
            for pair in ((near, far, 1 << 30, ()), (far, near, next(sizes), hidden)):
                threading.Thread(target=pump, args=pair, daemon=True).start()


@contextmanager
def relayed(imap: Dovecot, size: int = 1 << 30, hidden: tuple[bytes, ...] = ()) -> Iterator[dict[str, str]]:
    """A way to the server that breaks, the first time, after so many bytes of its answers, and hides what it can do; as
    settings of an office."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        sizes = chain([size], repeat(1 << 30))
        thread = threading.Thread(target=relay, args=(door, imap, sizes, hidden), daemon=True)
        thread.start()
        port = str(door.getsockname()[1])
        yield {"DIAODU_IMAP_SECURITY": "plain", "DIAODU_IMAP_HOST": "127.0.0.1", "DIAODU_IMAP_PORT": port}
        door.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def set_all(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_a_line_that_breaks_in_the_middle_of_a_message_costs_that_message_one_round(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]), mail(message_id="<m2@kailu.example>"))
    with relayed(imap, 12_000) as way:
        set_all(monkeypatch, way)
        rows = desk.fetch()
        assert results(rows) == [SERVER, "没有报表"] and rows[0]["说明"].startswith("取信：线路断开")
        assert results(desk.fetch()) == ["报表", "已发出"]
    assert submissions(desk) == [("kailu", "2025-06")] and len(imap.flags(RECEIVED)) == 2


def test_a_folder_that_takes_no_more_leaves_the_message_and_does_not_fetch_it_again(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    imap.put(mail(message_id="<m0@kailu.example>"))
    desk.fetch()  # makes the folder
    box = imap.folder / "home" / imap.user / "Maildir" / f".{RECEIVED}"
    parts = [box / name for name in ("cur", "new", "tmp")]
    for part in parts:
        part.chmod(0o500)
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    assert results(desk.fetch()) == ["报表", "没有移走", "已发出"]
    assert results(desk.fetch()) == ["没有移走"]
    for part in parts:
        part.chmod(0o700)
    assert desk.fetch() == []
    assert imap.flags() == [] and len(imap.flags(RECEIVED)) == 2 and len(smtp.taken) == 1


def test_a_server_that_is_down_or_not_to_be_trusted_keeps_nothing_else_waiting(
    desk: Office,
    imap: Dovecot,
    smtp: PostOffice,
    kailu: bytes,
    strange_authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    with monkeypatch.context() as wrong:
        wrong.setenv("DIAODU_IMAP_PORT", "1")
        for _ in range(2):  # of two days
            (row,) = desk.fetch()
            assert row["结果"] == SERVER
            assert row["说明"] == (
                "连接：localhost 的 1 端口拒绝连接，服务器停了，或端口不对；来信仍在邮箱里，下次再取"
            )
    with monkeypatch.context() as wrong:
        wrong.setenv("DIAODU_IMAP_CA_FILE", str(strange_authority.file))
        (row,) = desk.fetch()
        assert "localhost 的证书不可信" in row["说明"]
    with monkeypatch.context() as wrong:
        wrong.setenv("DIAODU_IMAP_PASSWORD", "of-somebody-else")
        (row,) = desk.fetch()
        assert row["说明"].startswith(
            "登录：localhost 不认账号或口令（QQ、163 等邮箱填授权码，不是登录密码）"
        )
        assert "of-somebody-else" not in row["说明"]
    with monkeypatch.context() as wrong:
        wrong.setenv("DIAODU_IMAP_PORT", str(imap.plain_port))  # TLS is wanted where none is spoken
        (row,) = desk.fetch()
        assert "与 localhost 没有谈成加密，核对端口和加密方式（现为TLS）" in row["说明"]
    assert results(desk.fetch()) == ["报表", "已发出"]


@pytest.mark.parametrize("hidden", [(b"MOVE",), (b"MOVE", b"UIDPLUS")], ids=["no-move", "nor-uidplus"])
def test_a_server_without_move_keeps_what_others_marked_as_deleted(
    desk: Office,
    imap: Dovecot,
    smtp: PostOffice,
    kailu: bytes,
    monkeypatch: pytest.MonkeyPatch,
    hidden: tuple[bytes, ...],
) -> None:
    """Copied once, however often the mailbox is read; what a person has marked as deleted is his own to remove."""
    imap.put(mail(text="不要了", message_id="<old@kailu.example>"))
    with imap.client() as client:
        client.select()
        client.store("1", "+FLAGS", r"(\Deleted)")
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]), mail(message_id="<m2@kailu.example>"))
    with relayed(imap, hidden=hidden) as way:
        set_all(monkeypatch, way)
        assert results(desk.fetch()) == ["报表", "没有报表", "已发出"]
        assert desk.fetch() == desk.fetch() == []
    assert [flags.count("Seen") for flags in imap.flags(RECEIVED)] == [1, 0]
    left = imap.flags()
    assert len(left) == (1 if hidden == (b"MOVE",) else 3) and all("Deleted" in flags for flags in left)
    assert submissions(desk) == [("kailu", "2025-06")] and len(smtp.taken) == 1


def test_a_mailbox_that_may_only_be_read_is_said_and_loses_nothing(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    with imap.client() as client:
        client.create(RECEIVED)
    box = imap.folder / "home" / imap.user / "Maildir"
    parts = [box, *(box / name for name in ("cur", "new", "tmp"))]
    for part in parts:
        part.chmod(0o500)
    (row,) = desk.fetch()
    assert row["说明"] == (
        "打开文件夹：“INBOX”只能读，移不走来信：请邮箱管理员给这个账号写的权限；来信仍在邮箱里，下次再取"
    )
    for part in parts:
        part.chmod(0o700)
    assert results(desk.fetch()) == ["报表", "已发出"]


def test_a_folder_below_the_servers_own_prefix_is_made_once_and_found_again(
    office_authority: Authority,
    tmp_path: Path,
    smtp: PostOffice,
    kailu: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prefix = "namespace inbox {\n  inbox = yes\n  prefix = INBOX.\n  separator = .\n}\n"
    with Dovecot(office_authority, settings=prefix) as imap:
        set_all(monkeypatch, {**imap.environment, **account(smtp, own_contacts(tmp_path))})
        monkeypatch.setenv("DIAODU_IMAP_RECEIVED", "报表/已收")
        office = Office(Settings(data=tmp_path / "data"), lambda: NOW)
        for number in range(2):
            imap.put(mail([("开鲁县6月报表.xlsx", kailu)], message_id=f"<m{number}@kailu.example>"))
            office.fetch()
        assert imap.flags() == [] and len(imap.flags(f"INBOX.&YqWIaA-.{RECEIVED}")) == 2


def test_five_hundred_messages_and_one_of_thirty_megabytes(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    large = bytes(range(256)) * (22 * 2**20 // 256)
    imap.put(*(mail(message_id=f"<p{n}@kailu.example>") for n in range(498)))
    imap.put(
        mail([("开鲁县6月报表.xlsx", kailu)]),
        mail([("全部材料.xlsx", large)], message_id="<large@kailu.example>"),
    )
    rows = desk.fetch()
    assert results(rows).count("没有报表") == 498 and results(rows)[-4:] == [
        "报表",
        "报表",
        "已发出",
        "已发出",
    ]
    assert imap.flags() == [] and len(imap.flags(RECEIVED)) == 500
    texts = [letter.get_body(("plain",)).get_content() for letter in smtp.letters]  # type: ignore[union-attr]
    assert sum("不予接收" in text for text in texts) == 1 and submissions(desk) == [("kailu", "2025-06")]


def test_a_mailbox_without_its_settings_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.issuing.mail.account import MailAccountError
    from flows.issuing.mailbox_account import imap_account

    with pytest.raises(MailAccountError, match="收信账户没有设好：DIAODU_IMAP_HOST 应为收信服务器的名称"):
        imap_account()
    monkeypatch.setenv("DIAODU_IMAP_HOST", "mail.rsj.example")
    with pytest.raises(MailAccountError, match="DIAODU_IMAP_USER 应为邮箱账号"):
        imap_account()
    monkeypatch.setenv("DIAODU_IMAP_USER", "baobiao")
    monkeypatch.setenv("DIAODU_IMAP_PASSWORD", "x")
    monkeypatch.setenv("DIAODU_IMAP_CA_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(MailAccountError, match="DIAODU_IMAP_CA_FILE 应为CA 证书文件"):
        imap_account()
