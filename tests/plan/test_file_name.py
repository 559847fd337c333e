"""A file's name is a stranger's text: it is shown as it is, but for what is not seen or is somebody's."""

import os

import pytest

from flows.plan.file_name import LONGEST_NAME, shown_name


@pytest.mark.parametrize(
    "name",
    [
        "科区6月(修改版)(最终).xlsx",
        "ᠲᠥᠩᠯᠢᠶᠣᠤ.xlsx",
        "отчёт за июнь.xls",
        "报表😀.ods",
        "=cmd|'calc'!A0.csv",
        "{{ 7*7 }}.xlsx",
    ],
)
def test_a_name_in_any_script_is_shown_as_it_is(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/6月.xlsx", "6月.xlsx"),
        ("/etc/cron.d/6月.xlsx", "6月.xlsx"),
        ("C:\\Users\\甲\\6月.xlsx", "6月.xlsx"),
        ("6月\u202exslx.exe", "6月xslx.exe"),  # turns the rest of the line around
        ("6月\u200b\ufeff\x07.xlsx", "6月.xlsx"),
        ("6月\n回执：已接收.xlsx", "6月回执：已接收.xlsx"),
        ("6月\x00.xlsx", "6月.xlsx"),
        ("\u200f", "无名文件"),
        ("", "无名文件"),
        ("  6月   月报 .xlsx", "6月 月报 .xlsx"),
        ("6月\ud83d.xlsx", "6月?.xlsx"),
        ("名单110105194912310021.xlsx", "名单（身份证号略）.xlsx"),
        ("名单110105491231002.xlsx", "名单（身份证号略）.xlsx"),  # the same person's number of before 1999
        ("发票150501259900123.xlsx", "发票150501259900123.xlsx"),  # fifteen digits, but no month and day
    ],
)
def test_what_is_not_seen_or_is_somebodys_is_left_out(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_name_that_the_system_cannot_decode_is_read_as_gbk() -> None:
    assert shown_name(os.fsdecode("科区6月.xlsx".encode("gb18030"))) == "科区6月.xlsx"


def test_a_name_of_any_length_keeps_its_ending() -> None:
    shown = shown_name("长" * 5_000 + ".xlsx")
    assert len(shown) == LONGEST_NAME and shown.endswith("长….xlsx")
    assert len(shown_name("长" * 5_000)) == LONGEST_NAME
