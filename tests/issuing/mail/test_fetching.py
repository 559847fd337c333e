"""Mail in, receipts out: a real IMAP server (Dovecot) on one side, a mail server on the other."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import openpyxl
import pytest

from flows.files import sha256_of
from flows.issuing.fetching import HELD, AlreadyFetchingError
from flows.issuing.mail.mailbox import ImapMailbox
from flows.office import Office
from flows.settings import Settings
from flows.warehouse.mail_ledger import mail_statuses
from tests.conftest import built_once
from tests.issuing.mail.certificates import Authority
from tests.issuing.mail.clerks_mail import KAILU, bounce, mail
from tests.issuing.mail.dovecot import RECEIVED, Dovecot
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice
from tests.staff import actor

NOW = datetime(2025, 7, 3, 10, 0)


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample's workbooks of June by name, without their envelopes."""

    def build(folder: Path) -> None:
        Office(Settings(data=folder / "data")).sample(2025, (6,), 2025, folder / "files")

    folder = built_once(tmp_path_factory, "june", build) / "files"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".json"}


@pytest.fixture
def kailu(workbooks: dict[str, bytes]) -> bytes:
    """Kailu's report of June."""
    return next(content for name, content in sorted(workbooks.items()) if name.startswith("开鲁"))


@pytest.fixture(scope="session")
def imap_server(office_authority: Authority) -> Iterator[Dovecot]:
    with Dovecot(office_authority) as server:
        yield server


@pytest.fixture
def imap(imap_server: Dovecot, tmp_path: Path) -> Dovecot:
    """The server with an empty mailbox."""
    imap_server.user = f"box-{sha256_of(str(tmp_path).encode())[:12]}"
    return imap_server


@pytest.fixture
def smtp() -> Iterator[PostOffice]:
    with PostOffice() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, imap: Dovecot, smtp: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that has received nothing yet, with its mailbox and its mail server."""
    for name, value in {**imap.environment, **account(smtp, own_contacts(tmp_path))}.items():
        monkeypatch.setenv(name, value)
    return Office(Settings(data=tmp_path / "data"), lambda: NOW)


def results(rows: list[dict[str, str]]) -> list[str]:
    return [row["结果"] for row in rows]


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def submissions(desk: Office) -> list[tuple[str, str]]:
    """Reporter and status of everything received."""
    with desk.snapshot() as warehouse:
        reach = {"as_of": datetime(2026, 1, 1), "first_month": "2025-01", "last_month": "2025-12"}
        return sorted(
            {(row["reporter"], row["month"]) for row in warehouse.select("received", **reach).to_dicts()}
        )


def test_a_report_by_mail_is_taken_in_and_answered_as_a_reply(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)], subject="开鲁县六月报表", message_id="<m1@kailu.example>"))
    assert results(desk.fetch()) == ["报表", "已发出"]
    assert submissions(desk) == [("kailu", "2025-06")]
    assert imap.flags() == [] and [flags.count("Seen") for flags in imap.flags(RECEIVED)] == [1]
    (answer,) = smtp.letters
    assert answer["To"].addresses[0].addr_spec == KAILU
    assert answer["Subject"] == "回复：开鲁县六月报表"
    assert answer["In-Reply-To"] == answer["References"] == "<m1@kailu.example>"
    assert answer["Message-ID"].endswith("@rsj.example>") and answer["Auto-Submitted"] == "auto-replied"
    text = answer.get_body(("plain",)).get_content()
    assert text.startswith("开鲁县：") and "7月3日09:30来信收到，报表 1 份" in text and "回执：已接收" in text
    page = answer.get_body(("html",)).get_content()
    assert "<table" in page and "开鲁县6月报表.xlsx" in page and "http" not in page


def test_running_again_changes_nothing_and_answers_nobody_twice(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    letter = mail([("开鲁县6月报表.xlsx", kailu)])
    imap.put(letter)
    desk.fetch()
    imap.put(b"Received: from elsewhere by mx.rsj.example\r\n" + letter)  # the same message by another way
    assert results(desk.fetch()) == ["收过的来信"]
    assert desk.fetch() == []
    assert len(smtp.taken) == 1 and submissions(desk) == [("kailu", "2025-06")]


def test_of_two_at_once_one_fetches_and_the_other_says_so(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    @contextmanager
    def opened() -> Iterator[ImapMailbox]:
        with pytest.raises(AlreadyFetchingError, match="另一个收信正在进行，等它结束后再运行一次"):
            Office(desk.settings, desk.now).fetch()
        with ImapMailbox(imap.account()) as mailbox:
            yield mailbox

    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    assert results(desk.fetch(opened)) == ["报表", "已发出"]


def test_a_doubtful_workbook_goes_back_marked_under_a_name_that_a_clerk_knows(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(kailu))
    rows = book["月报"].iter_rows()
    urban = next(row for row in rows if any(cell.value == "城镇新增就业" for cell in row))
    next(cell for cell in urban[2:] if isinstance(cell.value, int | float)).value = "约100"
    changed = io.BytesIO()
    book.save(changed)
    imap.put(mail([("开鲁县2025年6月月报.xlsx", changed.getvalue())]))
    assert results(desk.fetch())[-1] == "已发出"
    (answer,) = smtp.letters
    assert "需要您处理" in answer.get_body(("plain",)).get_content()
    (returned,) = answer.iter_attachments()
    assert returned.get_filename() == "开鲁县2025年6月月报（退回修改）.xlsx"
    assert returned.get_content()[:2] == b"PK"


def test_a_file_of_no_use_is_refused_with_a_blank_form_of_the_sender(
    desk: Office, imap: Dovecot, smtp: PostOffice
) -> None:
    imap.put(mail([("报表.xlsx", b"PK\x03\x04 torn")]))
    desk.fetch()
    (answer,) = smtp.letters
    assert "不予接收" in answer.get_body(("plain",)).get_content()
    assert "随本回执附上开鲁县2025年6月的空白报表" in answer.get_body(("plain",)).get_content()
    (form,) = answer.iter_attachments()
    assert form.get_filename().endswith(".xlsx") and form.get_content()[:2] == b"PK"


def test_files_in_packages_and_forwarded_messages_are_found_in_what_the_operator_hands_on(
    desk: Office, imap: Dovecot, smtp: PostOffice, workbooks: dict[str, bytes]
) -> None:
    names = sorted(n for n in workbooks if n.startswith(("开鲁", "奈曼", "扎鲁特")))[:3]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name in names[:2]:
            package.writestr(name, workbooks[name])
    inner = mail([(names[2], workbooks[names[2]])], message_id="<inner@x.example>")
    forwarded = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + inner
    imap.put(mail([("报表.zip", packed.getvalue())], parts=[forwarded], sender="jiuye@rsj.example"))
    desk.fetch()
    assert len(submissions(desk)) == 3
    (answer,) = smtp.letters
    assert "报表 3 份" in answer.get_body(("plain",)).get_content()


def test_a_file_that_claims_another_county_than_its_sender_is_held_and_its_sender_told(
    desk: Office, imap: Dovecot, smtp: PostOffice, workbooks: dict[str, bytes]
) -> None:
    imap.put(mail([("报表.xlsx", workbooks["奈曼旗2025年6月月报.xlsx"])]))
    desk.fetch()
    assert submissions(desk) == [] and len([*desk.settings.inbox.rglob("*.xlsx")]) == 1
    (answer,) = smtp.letters
    assert "写的是奈曼旗的报表，不是开鲁县的，没有收" in answer.get_body(("plain",)).get_content()
    assert desk.fetch() == [] and len(smtp.taken) == 1


def test_an_unknown_address_is_held_asked_about_once_and_let_in_when_confirmed(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    sender = "kailu_jiuye@qq.example"
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)], sender=sender))
    rows = desk.fetch()
    assert results(rows) == [HELD] and f"diaodu fetch --accept {sender}" in rows[0]["说明"]
    (question,) = smtp.letters
    assert question["To"].addresses[0].addr_spec == "jiuye@rsj.example" and sender in question.get_content()
    assert submissions(desk) == []
    imap.put(mail([("开鲁县6月补.xlsx", kailu)], sender=sender, message_id="<m2@qq.example>"))
    assert results(desk.fetch()) == [f"{HELD}（已问过）"] and len(smtp.taken) == 1
    said = desk.confirm_sender(sender, "开鲁县", actor(desk.settings, "经办岗"))
    assert said == f"已记住：{sender} 是开鲁县的地址，先前的来信 2 件随后收表"
    desk.fetch()
    assert submissions(desk) == [("kailu", "2025-06")]
    assert [letter["To"].addresses[0].addr_spec for letter in smtp.letters[1:]] == [sender, sender]
    imap.put(mail([("开鲁县6月三.xlsx", kailu)], sender=sender, message_id="<m3@qq.example>"))
    assert results(desk.fetch()) == ["报表", "已发出"]


def test_a_sender_whom_the_offices_own_server_doubts_is_held(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    forged = "Authentication-Results: mx.rsj.example; spf=fail smtp.mailfrom=kailu.example; dmarc=fail\r\n"
    elsewhere = "Authentication-Results: mx.attacker.example; dmarc=fail\r\n"
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)], more=forged))
    rows = desk.fetch()
    assert results(rows) == [HELD] and "spf=fail，dmarc=fail" in rows[0]["说明"]
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)], more=elsewhere, message_id="<m2@kailu.example>"))
    assert results(desk.fetch()) == ["报表", "已发出"]


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-generated\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <a.example>\r\n",
        "Return-Path: <>\r\n",
    ],
)
def test_what_a_machine_writes_is_taken_in_and_not_answered(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes, more: str
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)], more=more))
    assert results(desk.fetch()) == ["报表"]
    assert submissions(desk) == [("kailu", "2025-06")] and smtp.taken == []


def test_two_robots_do_not_answer_each_other_for_ever(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    desk.fetch()
    for turn in range(3):  # a robot that hides what it is sends the workbook back at every answer
        references = f"References: {smtp.letters[-1]['Message-ID']}\r\n"
        imap.put(
            mail([("开鲁县6月报表.xlsx", kailu)], more=references, message_id=f"<r{turn}@kailu.example>")
        )
        desk.fetch()
    assert len(smtp.taken) == 1


def test_an_address_gets_no_more_receipts_in_a_day_than_the_policy_says(
    desk: Office, imap: Dovecot, smtp: PostOffice
) -> None:
    imap.put(
        *(mail([("报表.xlsx", b"PK\x03\x04 %d" % n)], message_id=f"<{n}@kailu.example>") for n in range(23))
    )
    desk.fetch()
    assert len(smtp.taken) == desk.plan().policy.mail.receipts_per_day == 20
    with desk.snapshot() as warehouse:
        reasons = [one.reason for one in mail_statuses(warehouse)]
    assert reasons.count("当日回执已达上限") == 3


def test_a_letter_without_a_workbook_is_left_unread_for_people(
    desk: Office, imap: Dovecot, smtp: PostOffice
) -> None:
    imap.put(mail(text="通报已收悉，谢谢。"))
    assert results(desk.fetch()) == ["没有报表"]
    assert smtp.taken == [] and [flags.count("Seen") for flags in imap.flags(RECEIVED)] == [0]


def test_a_bounce_finds_its_letter_which_has_failed_then(
    desk: Office, imap: Dovecot, smtp: PostOffice, kailu: bytes
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    desk.fetch()
    imap.put(bounce(smtp.letters[0]["Message-ID"]))
    rows = desk.fetch()
    assert results(rows)[0] == "未发成"
    (letter,) = desk.letters()
    assert str(letter.state) == "failed" and letter.reply == "对方邮件系统退回：550 5.1.1 no such user"
    assert submissions(desk) == [("kailu", "2025-06")]  # the workbook within the bounce is ours
    with desk.warehouse() as warehouse:
        assert warehouse.faults() == []
    note = smtp.letters[1]
    assert note["To"].addresses[0].addr_spec == "jiuye@rsj.example" and "no such user" in note.get_content()


def test_the_envelope_of_the_raw_store_tells_the_mail_and_when_the_server_had_it(
    desk: Office, imap: Dovecot, kailu: bytes
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]))
    desk.fetch()
    (envelope,) = (desk.settings.raw / "2025-06").glob("*.json")
    told = envelope.read_text("utf-8")
    assert '"received_at": "2025-07-03T09:30:00"' in told and f'"sender": "{KAILU}"' in told
    assert '"message_id": "<m1@kailu.example>"' in told and not [*desk.settings.inbox.rglob("*.xlsx")]


def test_a_warehouse_made_anew_from_the_journal_has_the_same_mail(
    desk: Office, imap: Dovecot, kailu: bytes
) -> None:
    imap.put(mail([("开鲁县6月报表.xlsx", kailu)]), bounce(f"<{'0' * 40}@rsj.example>"))
    desk.fetch()
    with desk.warehouse() as warehouse:
        before = mail_statuses(warehouse)
    shutil.rmtree(desk.settings.warehouse.parent)
    with desk.warehouse() as warehouse:
        assert mail_statuses(warehouse) == before and len(before) == 2
    assert desk.fetch() == []
