"""The fixed words with a digit in them that templates hold: each is listed here, so that no other digit slips in."""

import re

import pytest

from flows.documents.pdf.typeset import TEMPLATES
from tests.documents.gate_plantings import PLANTINGS, Catcher, Planting

WORDING = re.compile(r'"([^"]*)" \| wording')
PARTS = re.compile(r"附件[1-4]|[表图][1-5]")
FIXED = {
    "保留1位小数", "已过月数与12之比", "可能相差0.1", "相差不足1个计量单位", "1个百分点及以上",
    "得分保留2位小数", "多完成1个", "多完成1个计量单位", "不足0.001", "100%", "以已报地区合计为100%。",
    "自3月起", "10%", "50%以上", "填写0", "附件1图1", "1—",
    "空心点为有地区未报的月份，只含已报地区。季节进度来源见附件4。", "推算方法见附件4。",
    "年初以来不足3个月，暂不测算全年",
}  # fmt: skip


def unlisted(words: str) -> set[str]:
    """The fixed wording of a template that is neither listed nor the name of a part of the document."""
    return {text for text in WORDING.findall(words) if text not in FIXED and not PARTS.fullmatch(text)}


def test_all_wording_with_digits_is_listed_and_all_that_is_listed_stands_in_a_template() -> None:
    templates = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.j2")]
    assert set().union(*map(unlisted, templates)) == set()
    assert {text for words in templates for text in WORDING.findall(words)} >= FIXED


@pytest.mark.parametrize("planted", [p for p in PLANTINGS if p.by is Catcher.WORDING], ids=lambda p: p.what)
def test_another_digit_in_fixed_wording_is_seen(planted: Planting) -> None:
    words = (TEMPLATES / planted.template).read_text("utf-8")
    assert unlisted(words.replace(planted.old, planted.new, 1)) == {planted.says}
