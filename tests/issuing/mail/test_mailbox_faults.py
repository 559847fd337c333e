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
from tests.issuing.mail.certificates import Authority
from tests.issuing.mail.clerks_mail import mail
from tests.issuing.mail.dovecot import RECEIVED, Dovecot
from tests.issuing.mail.post_office import PostOffice
from tests.issuing.mail.test_fetching import (
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


def pump(source: socket.socket, target: socket.socket, most: int) -> None:
    """Hand on what comes, and break off after so many bytes."""
    sent = 0
    with source:
        with contextlib.suppress(OSError):
            while (piece := source.recv(4096)) and (sent := sent + len(piece)) <= most:
                target.sendall(piece)
        for one in (source, target):  # the other direction is told, too
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def relay(door: socket.socket, imap: Dovecot, sizes: Iterator[int]) -> None:
    """Lead every line to the server; the answers of each break off after the next of the sizes."""
    with contextlib.suppress(OSError):
        while True:
            near, _ = door.accept()
            far = socket.create_connection(("127.0.0.1", imap.plain_port))
            for pair in ((near, far, 1 << 30), (far, near, next(sizes))):
                threading.Thread(target=pump, args=pair, daemon=True).start()


@contextmanager
def cut_after(imap: Dovecot, size: int) -> Iterator[int]:
    """A way to the server that breaks, the first time, after so many bytes of its answers; its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        sizes = chain([size], repeat(1 << 30))
        thread = threading.Thread(target=relay, args=(door, imap, sizes), daemon=True)
        thread.start()
        yield int(door.getsockname()[1])
        door.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def test_a_line_that_breaks_in_the_middle_of_a_message_costs_that_message_one_round(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]), mail(message_id="<m2@kailu.example>"))
    with cut_after(imap, 12_000) as port:
        monkeypatch.setenv("DIAODU_IMAP_SECURITY", "plain")
        monkeypatch.setenv("DIAODU_IMAP_HOST", "127.0.0.1")
        monkeypatch.setenv("DIAODU_IMAP_PORT", str(port))
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
            assert row["结果"] == SERVER and "localhost:1" in row["说明"]
    with monkeypatch.context() as wrong:
        wrong.setenv("DIAODU_IMAP_CA_FILE", str(strange_authority.file))
        (row,) = desk.fetch()
        assert "localhost 的证书不可信" in row["说明"]
    with monkeypatch.context() as wrong:
        wrong.setenv("DIAODU_IMAP_PASSWORD", "of-somebody-else")
        (row,) = desk.fetch()
        assert "localhost 不认账号或口令" in row["说明"] and "of-somebody-else" not in row["说明"]
    assert results(desk.fetch()) == ["报表", "已发出"]


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
