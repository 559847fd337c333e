"""Personal data is never loaded: neither identity numbers nor what stands beside them."""

from io import BytesIO

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Refusal
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.formats.grid import Grid, Raw
from flows.submissions.formats.persons import without_persons
from flows.submissions.read_form import read
from tests.submissions.conftest import KNOWN, NAME, filled, understood, with_totals_typed

IDENTITY = "110105194912310021"  # made up: nobody's


@pytest.mark.parametrize(
    "typed",
    [
        IDENTITY,
        "11010519491231002X",
        "1101 0519 4912 3100 21",
        f"甲某 {IDENTITY}",
        "１１０１０５１９４９１２３１００２１",
        "110105491231002",  # of before 1999
        110105491231002,
    ],
)
def test_a_row_with_an_identity_number_is_emptied(typed: Raw) -> None:
    grid = without_persons(Grid("名单", [["甲某", typed, "13800000000"], ["合计", 1]]))
    assert grid.rows == [[], ["合计", 1]]
    assert grid.withheld == 1


def test_below_a_column_of_identity_numbers_nothing_is_kept_however_masked() -> None:
    grid = without_persons(
        Grid("名单", [["姓名", "身份证号"], ["甲某", "1101**********0021"], ["", ""], ["乙某"]])
    )
    assert grid.rows == [["姓名", "身份证号"], [], ["", ""], []]


@pytest.mark.parametrize(
    "typed", ["请不要填身份证号", 110105, 8123.0, "15050219990101", "0475-0000000", 150501259900123]
)
def test_other_numbers_and_words_are_left_alone(typed: Raw) -> None:
    grid = Grid("月报", [["甲", typed]])
    assert without_persons(grid) is grid


def test_the_report_beside_a_list_is_read_and_the_receipt_asks_to_leave_the_list_out(
    catalogue: Catalogue, form: FormSpec
) -> None:
    alone = understood(read(NAME, filled(form), catalogue, lambda *_: KNOWN))
    reading = understood(read(NAME, with_list(filled(form)), catalogue, lambda *_: KNOWN))
    assert (reading.observations, reading.problems) == (alone.observations, alone.problems)
    assert "工作表“名单”有 2 行含身份证号等个人信息" in reading.decisions[0]
    assert IDENTITY not in repr(reading) and "甲某" not in repr(reading)


def test_a_file_with_nothing_but_a_list_is_refused_without_a_word_of_it(catalogue: Catalogue) -> None:
    outcome = read("名单.csv", f"姓名,身份证号\n丙某,{IDENTITY}\n".encode(), catalogue, lambda *_: {})
    assert isinstance(outcome, Refusal)
    assert "不要附人员名单" in outcome.remedy
    assert "丙某" not in repr(outcome) and IDENTITY not in repr(outcome)


def with_list(content: bytes) -> bytes:
    book = with_totals_typed(content)
    for row in (
        ["姓名", "身份证号", "电话"],
        ["甲某", IDENTITY, "13800000000"],
        ["乙某", "1101****0022", ""],
    ):
        if "名单" not in book.sheetnames:
            book.create_sheet("名单")
        book["名单"].append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
