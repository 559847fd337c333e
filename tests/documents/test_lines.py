"""Line breaking: what stays together, what fills a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.documents.pdf.fonts import Fonts, Role
from flows.documents.pdf.lines import (
    INDENT,
    LINE,
    TRACKING,
    Run,
    broken,
    clusters,
    digits_in,
    numbers_in,
    width,
)

CLOSING = "，。、；：？！）》”%"
OPENING = "（《“"
LETTERS = st.text(
    alphabet="通辽市就业科左中旗" + CLOSING + OPENING + "0123456789.人第位～万元A ", min_size=1, max_size=200
)


def pieces(text: str, fonts: Fonts) -> list[str]:
    return [cluster.text for cluster in clusters([Run(text)], fonts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增8123人。", ["新", "增", "8123人。"]),
        ("完成60.2%，", ["完", "成", "60.2%，"]),
        ("慢10.2个百分点", ["慢", "10.2个百分点"]),
        ("第1位（并列）", ["第1位", "（并", "列）"]),
        ("63%～68%之间", ["63%～68%", "之", "间"]),
        ("发〔2025〕33号", ["发", "〔2025〕", "33号"]),
        ("——“好”", ["——", "“好”"]),
        ("1.下一步", ["1", ".", "下", "一", "步"]),
        ("时间17:30止", ["时", "间", "17:30", "止"]),
    ],
)
def test_what_belongs_together_is_not_parted(fonts: Fonts, text: str, expected: list[str]) -> None:
    assert pieces(text, fonts) == expected


@given(text=LETTERS)
def test_breaking_loses_nothing_and_never_overruns(fonts: Fonts, text: str) -> None:
    lines = broken([Run(text)], fonts)
    written = ["".join(run.text for run in line.runs) for line in lines]
    assert "".join(written).replace(" ", "") == text.replace(" ", "")
    for at, line in enumerate(written):
        room = LINE - INDENT if at == 0 else LINE
        assert width(line, fonts) <= room + 1e-6 or len(pieces(line, fonts)) == 1


@given(text=LETTERS.filter(lambda text: text[0] not in CLOSING))
def test_no_line_opens_with_a_closing_mark_or_ends_with_an_opening_one(fonts: Fonts, text: str) -> None:
    for line in ("".join(run.text for run in line.runs) for line in broken([Run(text)], fonts)):
        assert line[0] not in CLOSING or len(pieces(text, fonts)[0]) > 20
        assert line[-1] not in OPENING or text.endswith(line)


def test_a_short_line_is_spread_to_the_measure_outside_its_numbers(fonts: Fonts) -> None:
    first = broken([Run("全市就业" * 6 + "10994.5万元" + "。")], fonts)[0]
    text = "".join(run.text for run in first.runs)
    # 26 characters of room, 24 taken: two characters' width over the 23 gaps.
    assert text == "全市就业" * 6
    assert first.spread == pytest.approx(2 * (1 + TRACKING) / 23)


def test_a_change_of_font_does_not_part_what_belongs_together(fonts: Fonts) -> None:
    lines = broken([Run("科尔沁区。", Role.LEAD), Run("正文")], fonts)
    assert [(run.text, run.role) for run in lines[0].runs] == [("科尔沁区。", Role.LEAD), ("正文", Role.BODY)]


def test_numbers_are_found_with_and_without_their_units() -> None:
    assert [piece for piece, number in numbers_in("共8123人，第1位") if number] == ["8123人", "第1位"]
    assert [piece for piece, digits in digits_in("共8123人，60.2%") if digits] == ["8123", "60.2%"]
