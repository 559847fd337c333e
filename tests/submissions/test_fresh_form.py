"""What goes back where the sender's own workbook cannot: a fresh form with his numbers, or a blank one."""

from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading, Refusal
from flows.plan.terms import CITY, Measure
from flows.submissions.form.figures_sheet import line_rows
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, form_spec
from flows.submissions.form.layout import COLUMN_OF, NOT_DONE
from flows.submissions.form.writer import write_form
from flows.submissions.formats.grid import address
from flows.submissions.read_form import open_or_refuse, read
from flows.submissions.receipts.receipt import receipt
from flows.submissions.receipts.returned.fresh_form import FreshForm, sender_in_name
from flows.submissions.receipts.returned.workbook import returned_workbook
from tests.submissions.conftest import (
    DEADLINES,
    DUE_ON,
    KNOWN,
    NAME,
    RECEIVED_AT,
    SHA256,
    filled,
    total,
    understood,
)

ALL_FINE = "校验：全部通过，可以报送"


@pytest.mark.parametrize("reporter", ["kailu", "human_resources", "market_regulation"])
def test_a_line_stands_where_it_is_said_to(catalogue: Catalogue, reporter: str) -> None:
    form = form_spec(catalogue, reporter, "2025-06", {})
    reading = understood(read("月报.xlsx", with_some_numbers(form), catalogue, lambda *_: {}))
    places = {
        (line.indicator, measure): address((row, columns.index(COLUMN_OF[measure])))
        for line, row, columns in line_rows(form)
        for measure in line.measures
    }
    assert {(o.indicator, o.measure): o.cell for o in reading.observations}.items() <= places.items()


def with_some_numbers(form: FormSpec) -> bytes:
    def entry(measures: tuple[Measure, ...]) -> Entry:
        return Entry({m: NOT_DONE if m is Measure.DONE else 5 for m in measures})

    rows = {(line.county, line.indicator): entry(line.measures) for line in form.lines}
    return write_form(form, DUE_ON, Entries(rows))


def returned(catalogue: Catalogue, form: FormSpec, name: str, content: bytes) -> openpyxl.Workbook:
    opened = open_or_refuse(name, content)
    reading = None if isinstance(opened, Refusal) else read(name, content, catalogue, lambda *_: KNOWN)
    outcome = opened if isinstance(opened, Refusal) else reading
    assert outcome is not None
    given = receipt(name, SHA256, RECEIVED_AT, outcome, catalogue, DEADLINES if reading else None)
    fresh = FreshForm(form, DUE_ON, reading if isinstance(reading, Reading) else None)
    own = None if isinstance(opened, Refusal) else opened
    return openpyxl.load_workbook(BytesIO(returned_workbook(content, own, given, fresh)))


def test_a_picture_gets_the_blank_form_of_its_sender_and_month(catalogue: Catalogue, form: FormSpec) -> None:
    book = returned(catalogue, form, "开鲁县6月.pdf", b"%PDF-1.7 ...")
    assert book.sheetnames == ["回执", "月报", "填表说明"]
    assert (book["月报"]["E6"].value, book["月报"]["F6"].value) == (497, None)
    assert book["月报"].protection.sheet and book["月报"].data_validations.dataValidation


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("开鲁县6月.pdf", ("kailu", "2025-06")),
        (
            "市市场监督管理局报表.jpg",
            ("market_regulation", "2025-06"),
        ),  # without a month: the one before July
        ("开鲁县、库伦旗6月.pdf", None),
        ("扫描件0001.pdf", None),
    ],
)
def test_the_name_says_whose_and_which_month(
    catalogue: Catalogue, name: str, expected: tuple[str, str] | None
) -> None:
    found = sender_in_name(name, catalogue, datetime(2025, 7, 4))
    assert (found and (found[0].id, found[1])) == expected


TABLE = (
    "填报单位：开鲁县,,报告期：2025年6月\n指标,本月,累计,原因说明\n城镇新增就业,约110,607,\n"
    "农村牧区劳动力转移就业,6200,58200,\n二产新增就业岗位,31,170,\n创业担保贷款发放金额,117.62,436.12,\n"
)


def test_a_table_without_a_look_goes_back_as_a_form_with_its_numbers(
    catalogue: Catalogue, form: FormSpec
) -> None:
    book = returned(catalogue, form, "开鲁6月.csv", TABLE.encode())
    sheet = book["月报"]
    assert [sheet[cell].value for cell in ("F6", "G6", "F7", "G8")] == ["约110", 607, 6200, 170]
    assert sheet["F6"].comment.text.startswith("〔回执第1项〕需要改正")
    assert "应为：上月累计 130 加本月 31，即 161" in sheet["G8"].comment.text
    assert sheet["G7"].value == '=IF(OR(AND(F7="",H7<>"零"),H7="不适用"),"",E7+F7)'
    assert any(v.type == "whole" for v in sheet.data_validations.dataValidation)
    places = [cell.value for cell in book["回执"]["C"] if isinstance(cell.value, str) and "!" in cell.value]
    assert places[:1] == ["月报!F6"] and "月报!G8" in places


def test_the_forms_own_check_never_passes_what_the_receipt_asks_about(
    catalogue: Catalogue, form: FormSpec
) -> None:
    """Every row adds up; only the name of the file is another county's."""
    content = filled(form, {"urban_new_jobs": total("110", "607")})
    book = openpyxl.load_workbook(BytesIO(content))
    assert ALL_FINE in book["月报"]["I3"].value
    asked = returned(catalogue, form, NAME.replace("开鲁县", "库伦旗"), content)
    assert "校验：回执所列 1 项改好后再报送" in asked["月报"]["I3"].value
    assert ALL_FINE not in asked["月报"]["I3"].value


def test_a_milestone_and_the_citys_own_figure_are_filled_in_again(catalogue: Catalogue) -> None:
    form = form_spec(catalogue, "human_resources", "2025-06", {})
    rows = {
        (CITY, "urban_new_jobs"): total("900", "7100"),
        (CITY, "public_training_base"): Entry({Measure.DONE: NOT_DONE}),
    }
    reading = understood(read("月报.xlsx", write_form(form, DUE_ON, Entries(rows)), catalogue, lambda *_: {}))
    again = understood(
        read("月报.xlsx", FreshForm(form, DUE_ON, reading).content(), catalogue, lambda *_: {})
    )
    assert again.observations == reading.observations
