"""The letter as a mail program reads it back."""

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from flows.issuing.mail.account import MailServer, Security
from flows.issuing.mail.letter import body_of, message_id, one_line, subject_of, written
from flows.plan.letter import Role
from tests.issuing.mail.conftest import ADDRESS, NUMBER, SHA256, TITLE, letter

SERVER = MailServer("127.0.0.1", 25, Security.PLAIN, "bgs@rsj.example", "通辽市人力资源和社会保障局")
PDF = "通辽市人力资源和社会保障局关于2025年6月全市就业促进行动调度情况的通报.pdf"
FILES = {PDF: b"%PDF-1.7 \x00\xff", "附表.xlsx": b"PK\x03\x04" * 500}


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


def test_chinese_survives_in_subject_body_and_names_of_attachments() -> None:
    raw = written(letter(), SERVER, "jiuye@rsj.example", FILES)
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998
    seen = read(raw)
    assert seen["Subject"] == f"{TITLE}（{NUMBER}）"
    assert [(str(a.display_name), a.addr_spec) for a in seen["To"].addresses] == [("开鲁县", ADDRESS)]
    assert seen["From"].addresses[0].display_name == "通辽市人力资源和社会保障局"
    assert seen["Reply-To"] == "jiuye@rsj.example"
    assert seen["Content-Language"] == "zh-CN"
    assert seen["Date"].datetime.isoformat() == "2025-07-08T17:30:00+08:00"
    text = seen.get_body().get_content().replace("\r\n", "\n")
    assert text.startswith(f"开鲁县：\n\n　　随信送上《{TITLE}》（{NUMBER}），正文和附表见附件，请查收。\n")
    assert "全市城镇新增就业8123人，完成年度任务的60.2%" in text
    parts = list(seen.iter_attachments())
    named = {f"{NUMBER} {TITLE}{Path(name).suffix}": content for name, content in FILES.items()}
    assert {part.get_filename(): part.get_content() for part in parts} == named


def test_names_of_attachments_are_whole_in_both_ways_that_mail_programs_read() -> None:
    """In pieces (`filename*0*`), or without a `name`, QQ mail and Outlook show tcmime.bin and ATT00001.dat."""
    seen = message_from_bytes(written(letter(), SERVER, "", FILES))
    first, second = (part for part in seen.walk() if part.get_content_disposition() == "attachment")
    disposition = str(first["Content-Disposition"])
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == f"{NUMBER} {TITLE}.pdf"
    assert parameter_words(second["Content-Type"], "name") == f"{NUMBER} {TITLE}.xlsx"
    assert b"*0" not in written(letter(), SERVER, "", FILES)


def parameter_words(header: str, name: str) -> str:
    """A parameter in encoded words, as programs read it that know nothing else."""
    return str(make_header(decode_header(header.partition(f'{name}="')[2].rstrip('"'))))


def test_the_same_letter_is_the_same_bytes_and_another_address_another_message_id() -> None:
    assert written(letter(), SERVER, "", FILES) == written(letter(), SERVER, "", FILES)
    first = message_id(NUMBER, SHA256, "kailu", ADDRESS)
    assert first == message_id(NUMBER, SHA256, "kailu", ADDRESS.upper())
    others = {
        message_id(NUMBER, SHA256, "kailu", "b@kailu.example"),
        message_id(NUMBER, "cd" * 32, "kailu", ADDRESS),
        message_id("通人社发〔2025〕7号", SHA256, "kailu", ADDRESS),
        message_id(NUMBER, SHA256, "naiman", ADDRESS),
    }
    assert len({first, *others}) == 5
    sent = read(written(letter(), SERVER, "", FILES))["Message-ID"]
    assert sent == f"<{first[1:41]}@rsj.example>"  # under the domain it is sent from


def test_sample_data_say_so_in_subject_and_body() -> None:
    seen = read(written(letter(is_sample=True), SERVER, "", FILES))
    assert seen["Subject"] == f"【示例】{TITLE}（{NUMBER}）"
    text = seen.get_body().get_content().replace("\r\n", "\n")
    assert f"送上《{TITLE}》（{NUMBER}）" in text
    assert "虚构的示例数据" in text
    assert "示例" not in read(written(letter(), SERVER, "", FILES)).get_body().get_content()


def test_a_copy_says_that_it_is_one() -> None:
    said = body_of("市委办公室", Role.CC, subject_of(TITLE, NUMBER, is_sample=False), (), is_sample=False)
    assert "随信抄送《" in said


def test_text_of_a_county_cannot_add_a_header() -> None:
    injected = "开鲁县\r\nBcc: all@elsewhere.example\r\n\r\n<b>"
    hostile = replace(letter(unit_name=injected), subject=injected)
    seen = read(written(hostile, SERVER, "", {"附表\r\nX-Evil: 1.xlsx": b"x"}))
    assert seen["Bcc"] is None
    assert "X-Evil" not in {name for part in seen.walk() for name in part.keys()}  # noqa: SIM118  # not a mapping
    assert seen["Subject"] == "开鲁县 Bcc: all@elsewhere.example <b>"
    assert [a.addr_spec for a in seen["To"].addresses] == [ADDRESS]


@given(st.text(max_size=120))
def test_whatever_a_name_holds_stays_in_its_header(name: str) -> None:
    seen = read(written(replace(letter(unit_name=name), subject=name), SERVER, "", {}))
    expected = {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Language",
        "Auto-Submitted",
        "X-Diaodu-SHA256",
    }
    carried = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert set(seen.keys()) <= expected | carried
    assert len(seen["To"].addresses) == 1 and seen["To"].addresses[0].addr_spec == ADDRESS
    assert "\n" not in one_line(name)


def test_a_letter_is_dated_when_it_was_queued() -> None:
    later = replace(letter(), queued_at=datetime(2025, 12, 31, 0, 5))
    assert read(written(later, SERVER, "", {}))["Date"] == "Wed, 31 Dec 2025 00:05:00 +0800"
