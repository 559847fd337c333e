"""Reading what somebody wrote in place of a paragraph: on every kind of document, and every way to change a number."""

from collections.abc import Iterator

import hypothesis
import hypothesis.strategies as st
import pytest

from flows.documents import manuscript
from flows.documents.document import Document
from flows.documents.edited_text import read_edit
from flows.documents.edits import printed_lines
from flows.documents.known_numbers import KnownNumbers
from flows.documents.paragraphs import TOKEN, UNIT, Paragraph, without_tokens
from flows.documents.pdf.typeset import Typesetter
from flows.documents.print_record import Printed, Subject, read
from flows.documents.provenance import Source, annotate
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import KINDS, made


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture(scope="module")
def unset(typesetter: Typesetter) -> Iterator[Typesetter]:
    """A typesetter that lays no page out: only the words matter here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typesetter, "pdf", lambda *_: b"")
        patched.setattr(manuscript, "examine", lambda *_: [])
        yield typesetter


def numbers_of(document: Document, catalogue: Catalogue) -> KnownNumbers:
    return KnownNumbers.of(document.paragraphs, document.figures_csv, catalogue, document.own)


@pytest.mark.parametrize("kind", KINDS)
def test_every_paragraph_is_read_back_with_tokens_and_without(
    kind: str, catalogue: Catalogue, unset: Typesetter
) -> None:
    document = made(kind, catalogue, unset)
    numbers = numbers_of(document, catalogue)
    assert document.paragraphs
    for one in document.paragraphs:
        assert read_edit(one.text, one, numbers) == (one.text, ()), one.id
        assert read_edit(one.plain, one, numbers) == (one.text, ()), one.id
        assert without_tokens(one.text) == one.plain


@pytest.fixture(scope="module")
def month(catalogue: Catalogue, unset: Typesetter) -> KnownNumbers:
    """截至{1:6月}底，全市城镇新增就业{2:6990人}（不含开鲁县，{3:9个地区}已报{4:8个}），完成年度任务的{5:51.8%}，快于时序进度
    {6:1.8个百分点}。{7:6月}当月新增{8:1166人}。按个人去重，全市为{9:6950人}，…"""
    return numbers_of(made("month", catalogue, unset), catalogue)


def headline(month: KnownNumbers) -> Paragraph:
    return month.paragraph["headline-urban_new_jobs"]


@pytest.mark.parametrize(
    "typed",
    [
        "全市城镇新增就业6990人，完成年度任务的51.8%。",  # left out
        "全市城镇新增就业６９９０人。",  # typed in full width
        "6月底，全市就业形势稳定，城镇新增就业{2:6990人}，高于时序进度{6:1.8个百分点}。",  # moved, another word for ahead
        "全市城镇新增就业6990人，即6990人。",  # repeated
        "全市城镇新增就业6990人。科尔沁区城镇新增就业2782人，完成年度任务的59.2%。",  # a figure of the period
        "全市城镇新增就业6990人（见表1）。",  # a reference of another paragraph
        "请各地于9月底前完成整改。",
        "全市新就业大学生[[1203人|来源：市教育局]]。",
        "抓好2026年1—3月各项工作，三项任务一并推进。",
    ],
)
def test_words_around_the_documents_numbers_are_taken(typed: str, month: KnownNumbers) -> None:
    assert read_edit(typed, headline(month), month)[1] == ()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("全市城镇新增就业9990人。", "9990 不是本件的数"),
        ("全市城镇新增就业{2:9990人}。", "应为“6990人”；数不能改"),
        ("全市城镇新增就业{2:6990人}次。", "单位不能改成“人次”"),
        ("全市城镇新增就业{2:6990人}1。", "接上了别的数字"),
        ("全市城镇新增就业1{2:6990人}。", "接上了别的数字"),
        ("全市城镇新增就业-6990人。", "接上了别的数字"),
        ("全市城镇新增就业6990万人。", "6990 不是本件的数"),
        ("全市城镇新增就业16990人。", "16990 不是本件的数"),
        ("全市城镇新增就业6990.5人。", "6990.5 不是本件的数"),
        ("全市城镇新增就业{99:6990人}。", "没有编号为 99 的数"),
        ("科尔沁区城镇新增就业{2:6990人}。", "是全市的数，前面最近写的是科尔沁区"),
        ("全市城镇新增就业不含开鲁县{2:6990人}。", "前面最近写的是开鲁县"),
        ("开鲁县情况如下。城镇新增就业当月{8:1166人}。", "前面最近写的是开鲁县"),
        ("全市农村牧区劳动力转移就业{2:6990人}。", "前面最近要写明“城镇新增就业”"),
        ("全市城镇新增就业慢于时序进度{6:1.8个百分点}。", "前面要写明“快于、增加”"),
        ("全市城镇新增就业减少{2:6990人}。", "原文没有“慢于、减少”的意思"),
        ("全市城镇新增就业{8:1166人}。", "前面要写明“当期”"),
        ("全市城镇新增就业当月{2:6990人}。", "原文没有“当期”的意思"),
        ("截至5月底，全市城镇新增就业{2:6990人}。", "时间“5月”不能另写"),
        ("请各地于13月底前完成。", "13 不是本件的数"),
        ("全市城镇新增就业八千一百人。", "要用阿拉伯数字写"),
        ("完成年度任务的百分之六十。", "要用阿拉伯数字写"),
        ("全市城镇新增就业①。", "“①”请改用"),
        ("全市城镇新增就业{2:6990人。", "不成对"),
        ("[[来源|来源：市统计局]]", "没有数"),
        ("开鲁县城镇新增就业607人。", "607 不是本件的数"),  # not reported in June
    ],
)
def test_no_way_of_writing_changes_a_number(typed: str, why: str, month: KnownNumbers) -> None:
    faults = read_edit(typed, headline(month), month)[1]
    assert any(why in fault for fault in faults), faults


def test_a_paragraph_with_a_lead_keeps_some_words(month: KnownNumbers) -> None:
    assert read_edit("", month.paragraph["slow"], month)[1] == (
        "“（一）进度方面。”有序号或题头，文字不能全部删去",
    )
    assert read_edit("", month.paragraph["tasks"], month) == ("", ())


def test_two_equal_quotations_typed_anew_are_both_known(month: KnownNumbers) -> None:
    quotation = annotate("集中开展就业服务", "quotation", Source(column="statement"))
    paragraph = Paragraph("their-words", "", f"甲报送：“{quotation}”；乙报送：“{quotation}”。")
    assert read_edit(paragraph.plain, paragraph, month) == (paragraph.text, ())


def test_characters_that_nobody_sees_are_taken_out(month: KnownNumbers) -> None:
    assert read_edit("全市\ufff9就\u200b业稳定\U000f0041。\r\n\n  另一段。 ", headline(month), month) == (
        "全市就业稳定。\n另一段。",
        (),
    )


WORDS = (
    "全市", "开鲁县", "城镇新增就业", "农村牧区劳动力转移就业", "当月", "快于时序进度", "慢于", "增加", "任务", "第", "约", "十", "万",
    "人", "%", "个百分点", "负", "-", ".", "月", "年", "，", "。", "（", "）", "\n", "\ufff9", "{", "}", "[[", "|来源：", "]]",
)  # fmt: skip


def told(printed: Printed, text: str) -> tuple[object, ...]:
    """What a number says and of what: its digits, what they are of, and the unit behind them."""
    unit = UNIT.match(text, printed.end)
    return printed.text, printed.kind, printed.source, unit[0] if unit else ""


@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture], max_examples=400, derandomize=True
)
@hypothesis.given(data=st.data())
def test_whatever_is_typed_prints_numbers_of_the_document_alone(
    month: KnownNumbers, data: st.DataObject
) -> None:
    """Every digit of what is taken belongs to a number as the document prints it, its unit behind it, or to a date; of
    numbers from elsewhere none is typed here."""
    own = headline(month)
    tokens = [found[0] for found in TOKEN.finditer(own.text)]
    figures = [chip.text for chip in own.chips]
    parts = st.one_of(st.sampled_from([*WORDS, *tokens, *figures]), st.text("0123456789.６", max_size=4))
    typed = "".join(data.draw(st.lists(parts, max_size=12)))
    text, faults = read_edit(typed, own, month)
    if faults or "来源" in text:
        return
    known = {told(one, own.plain) for chip in own.chips for one in chip.prints}
    known |= {
        told(one, other.plain) for other in month.paragraphs for chip in other.chips for one in chip.prints
    }
    for line in printed_lines(text, own, month):
        words, printed, _ = read(line, Subject())
        loose = set(range(len(words))).difference(*(range(one.start, one.end) for one in printed))
        assert not any(words[at].isdigit() for at in loose), words
        for one in printed:
            figure = month.chip(f"{one.source.county}/{one.source.indicator}/{one.source.column}", own)
            is_figure = figure is not None and figure.prints[0].text == one.text
            assert one.kind == "office_date" or is_figure or told(one, words) in known, (words, one)
