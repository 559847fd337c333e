"""Messages as they really come: names in every encoding, files within files, machines that answer."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from flows.issuing.mail.header_text import decode_words
from flows.issuing.mail.incoming import parse
from tests.issuing.mail.clerks_mail import attachment, bounce, encoded_word, mail

NAME = "开鲁县2025年6月月报.xlsx"
CONTENT = b"PK\x03\x04 a workbook"
GBK = b64encode(NAME.encode("gb18030")).decode()
STREAM = "Content-Type: application/octet-stream"
IN_PIECES = f"{STREAM}\r\nContent-Disposition: attachment;\r\n filename*0*=UTF-8''{quote(NAME)[:30]};\r\n filename*1*={quote(NAME)[30:]}"


@pytest.mark.parametrize(
    "heads",
    [
        f"{STREAM}\r\nContent-Disposition: attachment; filename*=UTF-8''{quote(NAME)}",
        f"{STREAM}\r\nContent-Disposition: attachment; filename*=GBK''{quote(NAME.encode('gbk'))}",
        IN_PIECES,
        f'{STREAM}; name="=?gb18030?B?{GBK}?="\r\nContent-Disposition: attachment; filename="=?gb18030?B?{GBK}?="',
        f'{STREAM}\r\nContent-Disposition: attachment; filename="=?gb2312?B?{GBK[:20]}?=\r\n =?gb2312?B?{GBK[20:]}?="',
        f'{STREAM}\r\nContent-Disposition: attachment; filename="{quote(NAME)}"',
        f'{STREAM}\r\nContent-Disposition: attachment; filename="{NAME}"',
        f'{STREAM}; name="=?gb18030?B?{GBK}?="\r\nContent-Disposition: attachment; filename="tcmime.bin"',
        f'{STREAM}; name="{NAME}"\r\nContent-Disposition: attachment',
    ],
    ids=[
        "rfc2231",
        "rfc2231-gbk",
        "rfc2231-pieces",
        "rfc2047",
        "split-words",
        "percent",
        "bare-utf8",
        "tcmime",
        "name-only",
    ],
)
def test_a_name_is_read_however_it_is_written(heads: str) -> None:
    parsed = parse(mail(parts=[attachment(NAME, CONTENT, heads)]))
    assert parsed.files == ((NAME, CONTENT),)


def test_bare_gbk_bytes_are_read_as_gbk() -> None:
    heads = f'{STREAM}\r\nContent-Disposition: attachment; filename="{NAME}"'
    raw = mail(parts=[attachment(NAME, CONTENT, heads)]).replace(NAME.encode(), NAME.encode("gbk"))
    assert parse(raw).files == ((NAME, CONTENT),)


def test_a_character_split_between_two_words_is_whole_again() -> None:
    first, second = (b64encode(part).decode() for part in ("鲁".encode()[:1], "鲁".encode()[1:]))
    assert decode_words(f"开=?utf-8?B?{first}?= =?utf-8?B?{second}?=县") == "开鲁县"


def test_a_spoilt_ending_is_put_right_by_the_bytes() -> None:
    heads = f'{STREAM}\r\nContent-Disposition: attachment; filename="ATT00001.dat"'
    assert parse(mail(parts=[attachment("", CONTENT, heads)])).files == (("ATT00001.dat.xlsx", CONTENT),)


def test_workbooks_alone_are_taken_and_other_files_only_where_there_is_none() -> None:
    picture = ("扫描件.pdf", b"%PDF-1.7")
    assert parse(mail([(NAME, CONTENT), picture])).files == ((NAME, CONTENT),)
    assert parse(mail([picture])).files == (picture,)
    logo = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n\r\nPNG"
    assert parse(mail(parts=[logo])).files == ()


def test_what_outlook_packs_into_one_attachment_is_a_file_to_be_answered_even_without_a_name() -> None:
    packed = b"\x78\x9f\x3e\x22\x01\x00"
    heads = "Content-Type: application/ms-tnef"
    assert parse(mail(parts=[attachment("", packed, heads)])).files == (("winmail.dat", packed),)


def test_the_same_message_by_another_way_is_the_same_and_a_changed_one_another() -> None:
    one = parse(mail([(NAME, CONTENT)]))
    assert parse(b"Received: by mx.example\r\n" + mail([(NAME, CONTENT)])).mail_id == one.mail_id
    assert parse(mail([(NAME, CONTENT + b" changed")])).mail_id != one.mail_id


def test_a_letter_of_the_offices_own_brings_no_report() -> None:
    form = mail([(NAME, CONTENT)], message_id=f"<{'ab' * 20}@rsj.example>")
    assert parse(form, "rsj.example").files == ()
    assert parse(form, "another.example").files == ((NAME, CONTENT),)


def test_a_bounce_names_its_letter_and_the_reason() -> None:
    letter = "<" + "ab" * 20 + "@rsj.example>"
    (found,) = parse(bounce(letter)).bounces
    assert (found.letter, found.recipient) == ("ab" * 20, "jiuyeban@kailu.example")
    assert found.reason == "对方邮件系统退回：550 5.1.1 no such user"
    assert parse(bounce(letter).replace(b"Action: failed", b"Action: delayed")).bounces == ()


def test_a_bounce_without_a_report_is_known_by_its_subject_and_the_letter_it_names() -> None:
    letter = "ab" * 20
    raw = mail(
        sender="postmaster@qq.example",
        subject="系统退信/System bounce",
        text=f"原信 <{letter}@rsj.example> 退回",
    )
    (found,) = parse(raw).bounces
    assert found.letter == letter and "系统退信" in found.reason


@pytest.mark.parametrize("said", ["dmarc=fail", "spf=softfail; dkim=none", "spf=fail; dkim=fail"])
def test_a_sender_is_doubted_on_the_word_of_the_offices_own_server(said: str) -> None:
    more = f"Authentication-Results: mx1.rsj.example 1; {said}\r\n"
    assert parse(mail(more=more), "rsj.example").doubt
    assert not parse(
        mail(more=more.replace("mx1.rsj.example", "mx.rsj.example.attacker.example")), "rsj.example"
    ).doubt


@pytest.mark.parametrize(
    "said", ["spf=pass; dkim=none", "spf=softfail; dkim=pass", "dmarc=pass; spf=fail", "none"]
)
def test_a_sender_is_not_doubted_where_one_way_of_proof_holds(said: str) -> None:
    assert not parse(mail(more=f"Authentication-Results: mx.rsj.example; {said}\r\n"), "rsj.example").doubt


def test_a_message_that_names_two_senders_or_none_has_none() -> None:
    assert parse(mail().replace(b"<jiuyeban@kailu.example>", b"<a@b.example>, <c@d.example>")).sender == ""
    assert parse(b"\xff\xfe no message at all").sender == ""


def test_the_subject_is_one_line_without_what_may_not_be_printed() -> None:
    assert parse(mail(subject="开鲁县\r\nBcc: all@x.example")).subject == "开鲁县Bcc: all@x.example"
    assert encoded_word("报表", "gb18030").startswith("=?gb18030?B?")
