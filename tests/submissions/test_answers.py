"""Queries of earlier months on the next form, and the reasons that come back in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Answer, Question, Reading, Refusal
from flows.plan.terms import Tier
from flows.submissions.form.form_spec import FormSpec, form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.read_form import read
from tests.submissions.conftest import DUE_ON, KNOWN, NAME, filled, understood
from tests.submissions.make_cases import edited, saved
from tests.submissions.test_form import sheet

SHEET = "待核实事项"
REASON = "5月两家新开工企业集中招工"
APRIL = Question(
    "2504-AAAAAAAA", "kailu", "2025-04", Tier.QUERY, True, "月报", "G6",
    "城镇新增就业（累计）：应为上月累计 300 加本月 97，即 397，填报为 390",
)  # fmt: skip
MAY = replace(
    APRIL, number="2505-BBBBBBBB", month="2025-05", description="三产新增就业岗位（累计）：应为…，填报为 1010"
)


def with_questions(catalogue: Catalogue, *questions: Question) -> FormSpec:
    return form_spec(catalogue, "kailu", "2025-06", KNOWN, questions)


def workbook(catalogue: Catalogue, typed: Mapping[str, str], *questions: Question) -> bytes:
    """The honest June with these cells of 待核实事项 typed over."""
    return edited(filled(with_questions(catalogue, *(questions or (APRIL, MAY)))), typed, SHEET)


def read_with(content: bytes, catalogue: Catalogue, *known: Question, name: str = NAME) -> Reading:
    on_record = {question.number: question for question in known}

    def questions_for(numbers: Sequence[str]) -> Mapping[str, Question]:
        return {number: on_record[number] for number in numbers if number in on_record}

    return understood(read(name, content, catalogue, lambda *_: KNOWN, questions_for))


def test_the_next_form_lists_what_is_open_with_room_for_the_reason(catalogue: Catalogue) -> None:
    content = write_form(with_questions(catalogue, APRIL, MAY), DUE_ON)
    found = sheet(content, SHEET)
    rows = [[cell.value for cell in row] for row in found["A3:E5"]]
    assert rows == [
        ["核实编号", "报告月", "单元格", "问题", "说明"],
        ["2504-AAAAAAAA", "2025年4月", "月报!G6", APRIL.description, None],
        ["2505-BBBBBBBB", "2025年5月", "月报!G6", MAY.description, None],
    ]
    assert [found.cell(4, column).protection.locked for column in range(1, 6)] == [True] * 4 + [False]
    assert sheet(content)["A3"].value.endswith("；另有 2 项见“待核实事项”表")


def test_without_open_queries_the_form_is_as_ever(form: FormSpec) -> None:
    assert SHEET not in openpyxl.load_workbook(BytesIO(write_form(form, DUE_ON))).sheetnames


def test_a_reason_answers_its_question_and_a_blank_leaves_it_open(catalogue: Catalogue) -> None:
    reading = read_with(workbook(catalogue, {"E4": REASON}), catalogue, APRIL, MAY)
    assert reading.answers == (Answer("2504-AAAAAAAA", REASON),)
    assert reading.not_taken == ()
    assert reading.problems == ()
    assert reading.decisions == ("“待核实事项”有 1 项没有填写说明，仍列为待核实",)


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_reasons_are_found_whatever_program_saved_them(kind: str, catalogue: Catalogue) -> None:
    content = saved(workbook(catalogue, {"E4": REASON, "E5": REASON}), kind)
    reading = read_with(content, catalogue, APRIL, MAY, name=NAME.replace("xlsx", kind))
    assert [answer.number for answer in reading.answers] == ["2504-AAAAAAAA", "2505-BBBBBBBB"]


@pytest.mark.parametrize("assurance", ["核实无误", "经核实，数据无误。", "情况属实"])
def test_an_assurance_is_no_reason_and_is_said_so(assurance: str, catalogue: Catalogue) -> None:
    reading = read_with(workbook(catalogue, {"E4": assurance}, APRIL), catalogue, APRIL)
    assert reading.answers == ()
    (fault,) = reading.not_taken
    assert (fault.place, fault.found) == ("待核实事项!E4", assurance)
    assert fault.expected == "具体原因（写“核实无误”不算说明）"


@pytest.mark.parametrize("nothing", ["", "/", "无", "-"])
def test_a_mark_for_nothing_is_nothing(nothing: str, catalogue: Catalogue) -> None:
    reading = read_with(workbook(catalogue, {"E4": nothing}, APRIL), catalogue, APRIL)
    assert (reading.answers, reading.not_taken) == ((), ())


def test_an_altered_number_is_told_and_nothing_is_answered(catalogue: Catalogue) -> None:
    content = workbook(catalogue, {"A4": "2504-AAAAAAA9", "E4": REASON}, APRIL)
    reading = read_with(content, catalogue, APRIL)
    assert reading.answers == ()
    (fault,) = reading.not_taken
    assert (fault.expected, fault.found) == ("下发的编号", "2504-AAAAAAA9")


def test_a_reason_beside_no_number_is_told(catalogue: Catalogue) -> None:
    reading = read_with(workbook(catalogue, {"A4": "", "E4": REASON}, APRIL), catalogue, APRIL)
    assert reading.not_taken[0].found == "空白"


def test_another_reporters_question_is_refused_without_saying_what_it_is(catalogue: Catalogue) -> None:
    theirs = replace(APRIL, reporter="naiman")
    reading = read_with(workbook(catalogue, {"E4": REASON}, theirs), catalogue, theirs)
    assert reading.answers == ()
    assert reading.not_taken[0].found == "其他单位的编号 2504-AAAAAAAA"


def test_an_error_is_not_settled_by_words(catalogue: Catalogue) -> None:
    error = replace(APRIL, tier=Tier.ERROR)
    reading = read_with(workbook(catalogue, {"E4": REASON}, error), catalogue, error)
    assert reading.answers == ()
    assert reading.not_taken[0].remedy == "请改正该月报表后重新报送，不能只作说明"


@pytest.mark.parametrize(
    "gone",
    [replace(APRIL, in_force=False), replace(APRIL, month="2025-06")],
    ids=["superseded", "this month"],
)
def test_a_reason_for_a_version_no_longer_in_force_is_not_lost(gone: Question, catalogue: Catalogue) -> None:
    reading = read_with(workbook(catalogue, {"E4": REASON}, gone), catalogue, gone)
    assert reading.answers == (Answer("2504-AAAAAAAA", REASON),)
    assert reading.not_taken == ()


def test_a_second_reason_for_the_same_number_is_told(catalogue: Catalogue) -> None:
    content = workbook(catalogue, {"A5": "2504-AAAAAAAA", "E4": REASON, "E5": "另有原因在此说明"})
    reading = read_with(content, catalogue, APRIL)
    assert reading.answers == (Answer("2504-AAAAAAAA", REASON),)
    assert reading.not_taken[0].remedy == "请把说明合并在一行里"


def test_a_question_is_never_taken_for_a_row_of_the_report(catalogue: Catalogue, form: FormSpec) -> None:
    plain = read(NAME, filled(form), catalogue, lambda *_: KNOWN)
    reading = read_with(workbook(catalogue, {"E4": REASON, "E5": REASON}), catalogue, APRIL, MAY)
    assert isinstance(plain, Reading)
    assert (reading.observations, reading.statements) == (plain.observations, plain.statements)


def test_text_that_looks_like_a_formula_stays_text(catalogue: Catalogue) -> None:
    question = replace(APRIL, description='=HYPERLINK("http://x","点我")')
    found = sheet(write_form(with_questions(catalogue, question), DUE_ON), SHEET)
    assert found["D4"].data_type == "s"


def test_the_list_alone_is_no_report(catalogue: Catalogue) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(catalogue, {"E4": REASON})))
    for name in ("月报", "填表说明"):
        del book[name]
    buffer = BytesIO()
    book.save(buffer)
    assert isinstance(read(NAME, buffer.getvalue(), catalogue, lambda *_: KNOWN), Refusal)
