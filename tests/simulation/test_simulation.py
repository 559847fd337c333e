"""A simulated month by mail over a real IMAP server, with files that go wrong, a day without the machine and a missing
address; and the mail that the simulation writes itself."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from flows.issuing.mail.incoming import parse
from flows.settings import Settings
from flows.simulation.checks import Check, CheckError, Checks
from flows.simulation.environment import FolderError, forbid_remote_connections, prepare
from flows.simulation.mail import MemoryMailbox, ReceivedLetter, bounce_mail
from flows.simulation.year import simulate
from tests.evidence.mail_year import DovecotMailbox
from tests.issuing.mail.certificates import Authority, authority
from tests.issuing.mail.dovecot import Dovecot


@pytest.fixture
def office_authority(tmp_path: Path) -> Authority:
    return authority(tmp_path, "simulation")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office of its own, with nothing in it yet."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "office"))
    return Settings()


@pytest.mark.proof
def test_every_check_holds_in_a_month_from_the_first_form_to_the_last_letter(
    office: Settings, tmp_path: Path, office_authority: Authority
) -> None:
    before, events = dict(os.environ), list[str]()
    with Dovecot(office_authority) as server:
        mailbox = DovecotMailbox(server)
        ledger, workbook = simulate(office, 2025, (1,), tmp_path / "year", 2025, events.append, mailbox)
        assert not server.flags()  # everything was moved out of the inbox
    # Due on 5 February, the first working day after the festival; off on the 6th, made up for on the 7th.
    told = "\n".join(events)
    assert "2025-02-06 停机" in told and "2025-02-07 2025-01 月调度成文" in told
    tables = {table.name: table.rows for table in ledger}
    assert {row[0] for row in tables["检查"]} == {check.label for check in Check}
    # 21 reporters, two of them in one .zip: 20 mails; one comes again after half of it, one twice, one corrected.
    assert tables["来往邮件"][-1][:4] == ("合计", "23", "23", "0")
    assert workbook.is_file()
    assert not office.data.exists()  # nothing of the office's own was touched
    assert dict(os.environ) == before


def test_the_memory_mailbox_gives_a_bounce_that_fetching_reads() -> None:
    mailbox, letter_id = MemoryMailbox(), f"<{'ab' * 20}@rsj.example>"
    letter = ReceivedLetter(
        "jiuyeban@kailu.example", "2025年5月就业促进行动报表（6月5日前报送）", letter_id, "", b""
    )
    mailbox.put(bounce_mail(letter, 1), datetime(2025, 5, 26))
    message = mailbox.message(1)
    assert message is not None
    (bounce,) = parse(message.content).bounces
    assert (bounce.letter, bounce.recipient) == ("ab" * 20, "jiuyeban@kailu.example")
    assert bounce.reason == "对方邮件系统退回：552 5.2.2 Mailbox full"
    mailbox.put_away(1, is_read=True)
    assert mailbox.uids() == []


def test_a_folder_that_is_not_empty_is_left_alone(office: Settings, tmp_path: Path) -> None:
    (tmp_path / "工作笔记.txt").write_text("不要动", encoding="utf-8")
    with pytest.raises(FolderError, match="演练要用空文件夹"):
        prepare(office, 2025, ("2025-01",), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["工作笔记.txt"]


def test_a_check_that_fails_is_named() -> None:
    with pytest.raises(CheckError, match="检查“信不丢、不重、不错寄”（letters）：少一封"):
        Checks().require(Check.LETTERS, False, "少一封")


def test_a_connection_to_another_machine_ends_the_simulation() -> None:
    import socket

    with (
        forbid_remote_connections(Checks()),
        socket.socket() as line,
        pytest.raises(CheckError, match=r"要连接 192\.0\.2\.1"),
    ):
        line.connect(("192.0.2.1", 25))  # an address that is nobody's (RFC 5737); refused before it is tried


@pytest.mark.parametrize("wrong", ["3", "2-4", "1-13", "1-x", "0"])
def test_months_begin_with_january(office: Settings, wrong: str) -> None:
    done = CliRunner().invoke(cli, ["rehearse", "2025", "--months", wrong])
    assert done.exit_code == 2 and "从1月起" in done.output
