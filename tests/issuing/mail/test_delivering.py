"""The outbox against a real mail server: what leaves, what is kept, and what nothing but a person moves again."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.issuing import queueing
from flows.issuing.letter_words import LetterFacts
from flows.issuing.outbox import Settlement, SettlementError, counted, lines
from flows.issuing.queueing import QueueError
from flows.issuing.sending import AlreadySendingError, sole_sender
from flows.office import Office
from flows.plan.catalogue import Catalogue
from flows.plan.issued import Issued
from flows.plan.letter import Letter, LetterError, LetterState
from flows.plan.notice import Ladder, Matter, Notice, NoticeKind, NoticeState
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.letter_ledger import NO_ADDRESS, letter_statuses, state_letters
from flows.warehouse.notice_ledger import drafted_events, matter_statuses, notice_state_changed
from tests.issuing.mail.outgoing import AT, account, by_unit, issue, own_contacts, states
from tests.issuing.mail.post_office import DROP, TAKEN_THEN_DROP, PostOffice
from tests.staff import actor

KAILU = "2025-06/monthly_dispatch-kailu"
OPERATOR = "jiuye@rsj.example"


FOUR = 'monthly_dispatch = { to = ["horqin", "kailu", "hure"], cc = ["government_office"] }'


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    """The example, but with four units only to have the bulletin: each letter takes its time."""
    file = own_contacts(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^monthly_dispatch = .*cc = .*$", FOUR, text), encoding="utf-8")
    return file


@pytest.fixture
def mail(contacts: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The office's mail server, behaving until told otherwise."""
    with PostOffice() as office:
        for name, value in account(office, contacts).items():
            monkeypatch.setenv(name, value)
        yield office


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """An office without a past; whatever a test does to it, its ledgers are sound afterwards."""
    office = Settings(data=tmp_path / "data")
    yield office
    with Warehouse(office.warehouse, office.journal) as warehouse:
        assert warehouse.faults() == []


def queue(settings: Settings, document: Issued, at: datetime) -> tuple[Letter, ...]:
    """Put its letters into the outbox."""
    office = Office(settings, lambda: at)
    with office.warehouse() as warehouse:
        return queueing.queue(
            warehouse, office.plan(), office.delivery.contacts(), settings.data, document, at
        )


def delivered(settings: Settings, at: datetime = AT, *, samples: bool = False) -> list[tuple[str, str]]:
    """One round, as the flow makes it: what became of which unit's letter."""
    rows = Office(settings, lambda: at).deliver(samples)
    return [(row["结果"], row["单位"]) for row in rows]


def change(contacts: Path, old: str, new: str) -> None:
    text = contacts.read_text(encoding="utf-8")
    assert text.count(old) == 1
    contacts.write_text(text.replace(old, new), encoding="utf-8")


def test_a_bulletin_reaches_everyone_once_however_often_it_is_queued_and_sent(
    settings: Settings, mail: PostOffice
) -> None:
    document = issue(settings, 6)
    assert len(queue(settings, document, AT)) == 3 + 1
    assert queue(settings, document, AT + timedelta(days=1)) == ()
    assert delivered(settings) == [("已发出", one.letter.unit_name) for one in Office(settings).letters()]
    assert delivered(settings, AT + timedelta(days=1)) == []
    assert sorted(mail.message_ids) == sorted({one.letter.letter_id for one in Office(settings).letters()})
    assert len(mail.message_ids) == 4


def test_a_letter_names_the_three_figures_and_carries_the_files(settings: Settings, mail: PostOffice) -> None:
    document = issue(settings, 6)
    queue(settings, document, AT)
    delivered(settings)
    (letter,) = (one for one in mail.letters if "zfb" in one["To"])
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。" in text
    # eight of nine reported: a lower bound, of which it is not said that it is behind
    assert "农村牧区劳动力转移就业19万人（9个地区已报8个），完成年度任务的44.8%。" in text
    assert "创业担保贷款" in text and "：未报。" in text
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    folder = settings.data / document.folder
    assert files == {
        f"{document.number} {document.title}{p.suffix}": p.read_bytes()
        for p in folder.iterdir()
        if p.suffix in {".pdf", ".xlsx"}
    }


def test_a_countys_own_document_goes_to_it_alone_with_its_own_figures(
    settings: Settings, mail: PostOffice
) -> None:
    queue(settings, issue(settings, 7, KAILU), AT)
    assert delivered(settings) == [("已发出", "开鲁县")]
    text = mail.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "城镇新增就业：累计523人，完成年度任务47.5%，较时序-2.5个百分点，位次7" in text


def test_sample_data_stay_here_unless_told_and_then_say_so(settings: Settings, mail: PostOffice) -> None:
    queue(settings, issue(settings, 6, KAILU, is_sample=True), AT)
    assert delivered(settings) == [("示例未发", "")]
    assert mail.lines == 0
    assert delivered(settings, samples=True) == [("已发出", "开鲁县")]
    assert mail.letters[0]["Subject"].startswith("【示例】关于2025年6月")


def test_a_document_that_a_crash_left_unqueued_is_queued_by_the_next_round(
    settings: Settings, mail: PostOffice
) -> None:
    issue(settings, 6, KAILU)
    assert delivered(settings) == [("补排队", ""), ("已发出", "开鲁县")]


def test_a_unit_without_an_address_is_a_fault_until_it_has_one(
    settings: Settings, mail: PostOffice, contacts: Path
) -> None:
    line = 'hure = { addresses = ["jiuyeban@hure.example"] }\n'
    change(contacts, line, "")
    new = queue(settings, issue(settings, 6), AT)
    assert [one.unit_name for one in new if not one.address] == ["库伦旗"]
    rows = delivered(settings)
    assert rows.count(("待处理", "库伦旗")) == 1 and len(rows) == 4
    (one,) = (p for p in Office(settings).letters() if not p.letter.address)
    assert (one.state, one.reply) == (LetterState.FAILED, NO_ADDRESS)
    assert "没有地址" in lines([one])[0]
    with pytest.raises(SettlementError, match="通讯录里没有库伦旗的新地址"):
        Office(settings, lambda: AT).settle(one.short_id, Settlement.RESEND, "补了地址", actor(settings))
    change(contacts, "[units]\n", "[units]\n" + line)
    Office(settings, lambda: AT).settle(one.short_id, Settlement.RESEND, "补了地址", actor(settings))
    assert delivered(settings) == [("已发出", "库伦旗")]
    assert len(mail.message_ids) == 4


def test_the_operator_is_written_to_once_of_a_unit_without_an_address(
    settings: Settings, mail: PostOffice, contacts: Path
) -> None:
    change(contacts, 'hure = { addresses = ["jiuyeban@hure.example"] }\n', "")
    issue(settings, 6)
    rows = delivered(settings)
    assert rows.count(("未发成", "库伦旗")) == 1 and [what for what, _ in rows].count("已发出") == 3
    to_operator = [one for one in mail.letters if one["To"].addresses[0].addr_spec == OPERATOR]
    told = to_operator[0].get_body().get_content()  # type: ignore[union-attr]
    assert f"未发成：通人社发〔2025〕6号 库伦旗 {NO_ADDRESS}" in told
    assert delivered(settings, AT + timedelta(days=1)) == [("待处理", "库伦旗")]
    assert len(mail.message_ids) == 3 + 1  # three units and the operator


def test_who_cannot_be_written_to_for_want_of_an_account_is_no_crash(
    settings: Settings, mail: PostOffice, contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(contacts, 'hure = { addresses = ["jiuyeban@hure.example"] }\n', "")
    issue(settings, 6)
    delivery = Office(settings, lambda: AT).delivery
    rows = delivery.queue_missing()
    monkeypatch.delenv("DIAODU_SMTP_HOST")
    (said,) = delivery.tell_operator(rows, samples=False)
    assert said["结果"] == "没有告知经办" and "DIAODU_SMTP_HOST" in said["说明"]
    assert mail.taken == []


def test_a_permanent_refusal_is_told_the_operator_once_and_sent_again_only_by_hand(
    settings: Settings, mail: PostOffice, contacts: Path
) -> None:
    queue(settings, issue(settings, 6, KAILU), AT)
    mail.faults["RCPT"] = "550 5.1.1 无此用户"
    assert delivered(settings) == [("未发成", "开鲁县"), ("没有告知经办", "")]
    mail.faults.clear()
    assert delivered(settings, AT + timedelta(days=1)) == [("待处理", "开鲁县")]
    assert mail.taken == []
    (one,) = Office(settings).letters()
    assert one.reply == "RCPT：550 5.1.1 无此用户"
    change(contacts, "jiuyeban@kailu.example", "jyk@kailu.example")
    said = Office(settings, lambda: AT).settle(
        one.short_id, Settlement.RESEND, "电话核实，地址已改", actor(settings)
    )
    assert said == "开鲁县改发 jyk@kailu.example，下次 diaodu deliver 时发"
    assert delivered(settings, AT + timedelta(days=1)) == [("已发出", "开鲁县")]
    assert [one["To"].addresses[0].addr_spec for one in mail.letters] == ["jyk@kailu.example"]
    assert states(settings) == ["dropped", "sent"]


def test_a_refusal_of_one_keeps_no_other_and_the_operator_is_written_to(
    settings: Settings, mail: PostOffice
) -> None:
    mail.refused = "jiuyeban@hure.example"
    queue(settings, issue(settings, 6), AT)
    rows = delivered(settings)
    assert rows.count(("未发成", "库伦旗")) == 1
    assert [what for what, _ in rows].count("已发出") == 3
    told = mail.letters[-1]
    assert told["To"].addresses[0].addr_spec == OPERATOR
    assert told["Subject"] == "往来信件有 1 封需要处理"
    assert "未发成：通人社发〔2025〕6号 库伦旗 RCPT：550" in told.get_body().get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(("fault", "taken"), [(TAKEN_THEN_DROP, 1), (DROP, 0)])
def test_what_became_uncertain_is_moved_by_a_person_alone(
    settings: Settings, mail: PostOffice, fault: str, taken: int
) -> None:
    queue(settings, issue(settings, 6, KAILU), AT)
    mail.faults["dot"] = fault
    assert delivered(settings)[0] == ("去向不明", "开鲁县")
    mail.faults.clear()
    mail.taken[taken:] = []  # what the operator was told
    for day in range(1, 4):
        assert delivered(settings, AT + timedelta(days=day)) == [("待处理", "开鲁县")]
    assert len(mail.taken) == taken
    (one,) = Office(settings).letters()
    assert "先问开鲁县收到没有" in "".join(lines([one]))
    if taken:
        Office(settings, lambda: AT).settle(
            one.short_id, Settlement.SENT, "开鲁县就业办电话答复已收到", actor(settings)
        )
    else:
        Office(settings, lambda: AT).settle(
            one.short_id, Settlement.RESEND, "开鲁县就业办电话答复没有收到", actor(settings)
        )
    delivered(settings, AT + timedelta(days=4))
    assert mail.message_ids == [one.letter.letter_id]
    assert states(settings) == ["sent"]


def test_a_passing_refusal_is_tried_again_after_growing_pauses_and_in_the_end_given_up(
    settings: Settings, mail: PostOffice
) -> None:
    queue(settings, issue(settings, 6, KAILU), AT)
    mail.faults["RCPT"] = "451 4.7.1 greylisted"
    at = AT
    for pause in (5, 15, 60, 240):  # the policy's
        assert delivered(settings, at) == [("待发", "开鲁县")]
        just_before = at + timedelta(minutes=pause) - timedelta(seconds=1)
        assert delivered(settings, just_before) == [("未到时间", "")]
        at += timedelta(minutes=pause)
    assert delivered(settings, at)[0] == ("未发成", "开鲁县")
    (one,) = Office(settings).letters()
    assert one.reply == "试了 5 次都没有成：RCPT：451 4.7.1 greylisted"
    assert sum(word.startswith("rcpt") and "kailu" in word for word in mail.heard) == 5


def test_a_server_that_lets_nobody_in_ends_the_round_and_uses_up_no_try(
    settings: Settings, mail: PostOffice
) -> None:
    queue(settings, issue(settings, 6), AT)
    mail.faults["EHLO"] = "421 maintenance"
    assert delivered(settings) == [("待发", "科尔沁区"), ("服务器", "")]
    assert mail.lines == 1
    assert {one.attempt for one in Office(settings).letters()} == {0}
    mail.faults.clear()
    assert [what for what, _ in delivered(settings)] == ["已发出"] * 4


def test_a_letter_that_breaks_the_line_keeps_none_behind_it(settings: Settings, mail: PostOffice) -> None:
    queue(settings, issue(settings, 6, KAILU, pages=b"x" * 100_000), AT)
    queue(settings, issue(settings, 7, "2025-06/monthly_dispatch-hure"), AT)
    mail.faults["body"] = DROP
    mail.small = 20_000
    assert delivered(settings)[0] in {("待发", "开鲁县"), ("去向不明", "开鲁县")}
    assert by_unit(settings)["hure"].state is LetterState.SENT


def test_what_a_killed_sender_left_is_uncertain_and_not_sent(settings: Settings, mail: PostOffice) -> None:
    queue(settings, issue(settings, 6, KAILU), AT)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        state_letters(warehouse, [(letter_statuses(warehouse)[0], LetterState.SENDING, 1, "")], AT)
    assert delivered(settings) == [("去向不明", "开鲁县")]
    assert [one["To"].addresses[0].addr_spec for one in mail.letters] == [OPERATOR]


def test_two_cannot_send_at_once(settings: Settings) -> None:
    with (
        sole_sender(settings.data),
        pytest.raises(AlreadySendingError, match="另一个发送正在进行"),
        sole_sender(settings.data),
    ):
        pass
    with sole_sender(settings.data):  # and afterwards one can again
        pass


def test_the_warehouse_is_free_while_the_server_is_spoken_with(settings: Settings, mail: PostOffice) -> None:
    queue(settings, issue(settings, 6, KAILU), AT)
    opened: list[int] = []

    def open_it() -> None:
        words = f"import duckdb; duckdb.connect({str(settings.warehouse)!r}).close()"
        opened.append(subprocess.run([sys.executable, "-c", words], check=False).returncode)

    mail.before_answer = open_it
    assert delivered(settings) == [("已发出", "开鲁县")]
    assert opened == [0]


def test_a_file_that_changed_after_queueing_does_not_leave(settings: Settings, mail: PostOffice) -> None:
    document = issue(settings, 6, KAILU)
    queue(settings, document, AT)
    (settings.data / document.folder / document.file_name).write_bytes(b"%PDF other")
    assert delivered(settings)[0] == ("未发成", "开鲁县")
    assert "不是同一个文件" in Office(settings).letters()[0].reply
    assert not [word for word in mail.heard if "kailu" in word]


def test_a_document_without_the_pdf_that_was_issued_is_not_queued(
    settings: Settings, mail: PostOffice
) -> None:
    document = issue(settings, 6, KAILU)
    (settings.data / document.folder / document.file_name).write_bytes(b"%PDF other")
    with pytest.raises(QueueError, match="没有签发的那份 PDF"):
        queue(settings, document, AT)
    assert delivered(settings) == [("没有排队", "")]


def test_a_document_whose_letter_cannot_be_worded_does_not_keep_the_others_from_being_sent(
    settings: Settings, mail: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_facts = queueing.letter_facts

    def fails_for_the_sixth(warehouse: Warehouse, catalogue: Catalogue, document: Issued) -> LetterFacts:
        if document.serial == 6:
            raise KeyError("county")
        return letter_facts(warehouse, catalogue, document)

    monkeypatch.setattr(queueing, "letter_facts", fails_for_the_sixth)
    issue(settings, 6, KAILU)
    issue(settings, 7, "2025-06/monthly_dispatch-hure")
    rows = Office(settings, lambda: AT).deliver(samples=True)
    assert [(row["结果"], row["文号"]) for row in rows] == [
        ("没有排队", "通人社发〔2025〕6号"), ("补排队", "通人社发〔2025〕7号"), ("已发出", "通人社发〔2025〕7号"),
    ]  # fmt: skip
    assert rows[0]["说明"] == "信件写不成：程序内部出错（KeyError：'county'）"


def test_a_correction_goes_to_those_who_had_the_original(
    settings: Settings, mail: PostOffice, contacts: Path
) -> None:
    queue(settings, issue(settings, 6, "2025-06/quarterly_analysis"), AT)
    delivered(settings)
    change(contacts, "mishuke@rdb.example", "xinxi@rdb.example")  # has moved since
    mail.taken.clear()
    queue(settings, issue(settings, 7, "2025-06/correction"), AT)
    delivered(settings)
    assert {one["To"].addresses[0].addr_spec for one in mail.letters} == {
        "mishuke@zfb.example", "mishuke@swb.example", "xinxi@rdb.example", "mishuke@zxb.example",
    }  # fmt: skip


def test_a_correction_of_what_nobody_had_is_refused(settings: Settings, mail: PostOffice) -> None:
    issue(settings, 6)
    with pytest.raises(QueueError, match="没有它所更正的文件的收件单位"):
        queue(settings, issue(settings, 7, "2025-06/correction"), AT)


def test_an_urging_is_addressed_by_its_rung(settings: Settings, mail: PostOffice) -> None:
    document = issue(settings, 8, "2025-06/notices/催办〔2025〕2-hure")
    assert [(one.unit, str(one.role)) for one in queue(settings, document, AT)] == [
        ("hure", "to"), ("government_office", "cc"),
    ]  # fmt: skip


def test_a_notice_is_sent_once_its_letter_is(settings: Settings, mail: PostOffice) -> None:
    day = AT.date()
    notice = Notice(
        "催办〔2025〕2", NoticeKind.URGING, Ladder.LATE, "hure", "2025-06", AT, day, day, (Matter("hure"),)
    )
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        warehouse.append(
            [*drafted_events(notice, AT), notice_state_changed(notice.number, NoticeState.APPROVED, AT)]
        )
    document = issue(settings, 8, "2025-06/notices/催办〔2025〕2-hure")
    mail.refused = "jiuyeban@hure.example"
    queue(settings, document, AT)
    assert delivered(settings)[:2] == [("未发成", "库伦旗"), ("已发出", "市人民政府办公室")]
    assert noted(settings) == [(NoticeState.APPROVED, "")]  # a copy to another is not the notice
    Office(settings, lambda: AT).settle(
        Office(settings).letters()[0].short_id, Settlement.SENT, "派人送达，库伦旗已签收", actor(settings)
    )
    assert noted(settings) == [(NoticeState.SENT, document.number)]


def noted(settings: Settings) -> list[tuple[NoticeState, str]]:
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return [(one.state, one.note) for one in matter_statuses(warehouse, 2025)]


def test_the_operator_must_say_why_which_and_only_what_is_open(settings: Settings, mail: PostOffice) -> None:
    queue(settings, issue(settings, 6), AT)
    first = Office(settings).letters()[0]
    with pytest.raises(SettlementError, match="要写明依据"):
        Office(settings, lambda: AT).settle(first.short_id, Settlement.DROP, " ", actor(settings))
    with pytest.raises(SettlementError, match="台账里没有"):
        Office(settings, lambda: AT).settle("zzzz", Settlement.DROP, "不发了", actor(settings))
    with pytest.raises(LetterError, match="不能登记为“待发”：应先为“正在发、未发成、去向不明”，现为“待发”"):
        Office(settings, lambda: AT).settle(first.short_id, Settlement.RESEND, "重发", actor(settings))
    with pytest.raises(LetterError, match="不能登记为“已发出”"):
        Office(settings, lambda: AT).settle(first.short_id, Settlement.SENT, "当面交了", actor(settings))
    Office(settings, lambda: AT).settle(first.short_id, Settlement.DROP, "机构撤并", actor(settings))
    assert counted(Office(settings).letters()) == {"待发": 3, "作罢": 1}
    assert ("已发出", first.letter.unit_name) not in delivered(settings)


def test_a_letter_taken_out_while_it_waits_its_turn_is_not_sent(settings: Settings, mail: PostOffice) -> None:
    queue(settings, issue(settings, 6), AT)
    last = Office(settings).letters()[-1]

    def take_out() -> None:
        mail.before_answer = None
        Office(settings, lambda: AT).settle(last.short_id, Settlement.DROP, "不抄送了", actor(settings))

    mail.before_answer = take_out
    assert [what for what, _ in delivered(settings)] == ["已发出"] * 3


def test_nobody_is_asked_for_an_account_while_nothing_waits(settings: Settings) -> None:
    assert delivered(settings) == []
