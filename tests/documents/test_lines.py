"""Line breaking: what stays together, what fills a line."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.documents.pdf.fonts import Fonts, Role
from flows.documents.pdf.lines import (
    INDENT,
    LINE,
    TRACKING,
    Line,
    Run,
    break_points,
    broken,
    numbers_in,
    width,
)

CLOSING = "，。、；：？！）》”%"
OPENING = "（《“"
LETTERS = st.text(
    alphabet="通辽市就业科左中旗" + CLOSING + OPENING + "0123456789.人第位～万元A ", min_size=1, max_size=200
)


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in pairwise(break_points(text))]


def written(line: Line) -> str:
    return "".join(run.text for run in line.runs)


def set_width(line: Line, fonts: Fonts) -> float:
    """How far a line reaches, in em: its last character is not moved on from."""
    told = sum(width(run.text, fonts, run.role) - run.loss for run in line.runs)
    movable = sum(len(run.text) for run in line.runs if not run.is_tight)
    return told + line.spread * (movable - (not line.runs[-1].is_tight))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增8123人。", ["新", "增", "8123人。"]),
        ("完成60.2%，", ["完", "成", "60.2%，"]),
        ("慢10.2个百分点", ["慢", "10.2个百分点"]),
        ("达506.41万亩，防疫598万头只口羽次", ["达", "506.41万亩，", "防", "疫", "598万头只口羽次"]),
        ("第1位（并列）", ["第1位", "（并", "列）"]),
        ("63%～68%之间", ["63%～68%", "之", "间"]),
        ("发〔2025〕33号", ["发", "〔2025〕", "33号"]),
        ("——“好”", ["——", "“好”"]),
        ("1.下一步", ["1", ".", "下", "一", "步"]),
        ("时间17:30止", ["时", "间", "17:30", "止"]),
    ],
)
def test_what_belongs_together_is_not_parted(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@given(text=LETTERS)
def test_breaking_loses_nothing_and_never_overruns(fonts: Fonts, text: str) -> None:
    lines = broken([Run(text)], fonts)
    assert "".join(map(written, lines)).replace(" ", "") == text.replace(" ", "")
    for at, line in enumerate(lines):
        assert set_width(line, fonts) <= LINE - (0 if at else INDENT) + 1e-6


@given(text=LETTERS)
def test_every_line_but_the_last_fills_the_measure(fonts: Fonts, text: str) -> None:
    for at, line in enumerate(broken([Run(text)], fonts)[:-1]):
        if len(written(line)) > 1:
            assert set_width(line, fonts) == pytest.approx(LINE - (0 if at else INDENT))


@given(text=LETTERS)
def test_a_mark_loses_half_its_width_at_most_and_only_blank(fonts: Fonts, text: str) -> None:
    for line in broken([Run(text)], fonts):
        for run in (run for run in line.runs if run.loss):
            assert run.text in "，。、；：）》”（《“"
            assert 0 < run.loss <= 0.5 + TRACKING + 1e-9
            assert line.spread == 0


@given(text=LETTERS.filter(lambda text: text.lstrip()[:1] not in CLOSING))
def test_no_line_opens_with_a_closing_mark_or_ends_with_an_opening_one(fonts: Fonts, text: str) -> None:
    is_long = max(map(len, pieces(text))) > 20  # what is longer than a line is cut anywhere
    for line in map(written, broken([Run(text)], fonts)):
        assert line[0] not in CLOSING or is_long
        assert line[-1] not in OPENING or text.rstrip().endswith(line) or is_long


def test_a_short_line_is_spread_to_the_measure_outside_its_numbers(fonts: Fonts) -> None:
    first = broken([Run("全市就业" * 6 + "10994.5万元" + "。")], fonts)[0]
    # 26 characters of room, 24 taken: two characters' width over the 23 gaps.
    assert written(first) == "全市就业" * 6
    assert first.spread == pytest.approx(2 * (1 + TRACKING) / 23)


def test_the_digits_of_a_number_are_not_spread(fonts: Fonts) -> None:
    first = broken([Run("共8123人" + "全市就业" * 5 + "全" + "10994.5万元" + "。")], fonts)[0]
    assert [run.text for run in first.runs if run.is_tight] == ["812"]
    # Of 26 characters of room 25 are taken (4 digits are 2 wide): one character's width over 23 movable characters.
    assert len(written(first)) == 27
    assert set_width(first, fonts) == pytest.approx(LINE - INDENT)


def test_a_mark_at_the_end_of_a_line_gives_up_its_blank_before_anything_is_spread(fonts: Fonts) -> None:
    # 24 characters, half a one for the digit, 人 and the mark: 26.5 of 26 characters' room.
    first = broken([Run("全市就业" * 6 + "8" + "人" + "，" + "全市就业" * 7)], fonts)[0]
    assert written(first).endswith("8人，")
    assert first.spread == 0
    assert [(run.text, round(run.loss, 2)) for run in first.runs if run.loss] == [("，", 0.5)]


def test_of_two_marks_that_meet_one_gives_up_its_half(fonts: Fonts) -> None:
    # 26.5 of 26 characters' room, no mark at the end: the two that meet lose 0.5 between them, the third 0.25 at most;
    # of the half a character each gives its part, 0.5 × 0.5 / 0.75 and 0.25 × 0.5 / 0.75.
    first = broken([Run("全市，“就业”" + "全市就业" * 4 + "全市8人" + "12345678人" * 2)], fonts)[0]
    assert written(first).endswith("8人")
    losses = {run.text: run.loss for run in first.runs if run.loss}
    assert losses == {"，": pytest.approx(0.333, abs=0.01), "”": pytest.approx(0.167, abs=0.01)}


def test_a_paragraph_is_broken_for_the_best_whole_not_line_by_line(fonts: Fonts) -> None:
    # Line by line the first takes 11 characters, spread by 0.10, and leaves 9 to the second, spread by 0.43; with one
    # character less in the first they are spread by 0.22 and 0.25.
    text = "全市就业全市就业全市就2025年全市就业全市12345人全市就业全市就业"
    lines = broken([Run(text)], fonts, 0, 12 * (1 + TRACKING))
    assert sum(line.spread**2 for line in lines) < sum(line.spread**2 for line in first_fit(text, fonts))


def first_fit(text: str, fonts: Fonts) -> list[Line]:
    """The lines that take as much as they can, each for itself."""
    lines: list[Line] = []
    rest = pieces(text)
    while rest:
        taken = max(
            n for n in range(1, len(rest) + 1) if width("".join(rest[:n]), fonts) <= 12 * (1 + TRACKING)
        )
        words = "".join(rest[:taken])
        rest = rest[taken:]
        left = 12 * (1 + TRACKING) - width(words, fonts)
        tight = sum(len(number) - 1 for number in re.findall(r"\d+", words))
        lines.append(Line((Run(words),), left / (len(words) - tight - 1) if rest else 0.0))
    return lines


def test_a_change_of_font_does_not_part_what_belongs_together(fonts: Fonts) -> None:
    lines = broken([Run("科尔沁区。", Role.LEAD), Run("正文")], fonts)
    assert [(run.text, run.role) for run in lines[0].runs] == [("科尔沁区。", Role.LEAD), ("正文", Role.BODY)]


def test_numbers_are_found_with_their_units() -> None:
    assert [piece for piece, number in numbers_in("共8123人，第1位") if number] == ["8123人", "第1位"]
