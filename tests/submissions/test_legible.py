"""What a clerk typed may be repeated: nothing unseen in it, nobody's telephone."""

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.terms import StatementKind
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.formats.grid import Broken, Grid
from flows.submissions.formats.persons import NO_TELEPHONE, legible, repeatable
from flows.submissions.read_form import read
from tests.submissions.conftest import KNOWN, NAME, WORDS, filled, total, understood


@pytest.mark.parametrize(
    "typed",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "+86 13800000000",
        "0475-8200000",
        "（0475）8200000",
        "04758200000",
    ],
)
def test_a_telephone_number_is_left_out(typed: str) -> None:
    assert repeatable(f"请联系甲某{typed}。") == f"请联系甲某{NO_TELEPHONE}。"


@pytest.mark.parametrize(
    "typed",
    [
        "城镇新增就业8123人", "发放贷款1380000000.5元", "2025-06-30", "150502", "110,607", "2025年1-6月", "20250630112233445",
        "138000000001", "1.3800000000", "启动“百日千万招聘”",
    ],
)  # fmt: skip
def test_other_numbers_and_words_are_left_as_they_are(typed: str) -> None:
    assert repeatable(typed) == typed


def test_what_is_not_seen_is_left_out_wherever_it_stands() -> None:
    grid = legible(Grid("月\u202e报", [["a\x1b[2Jb\r\nc", 1.0, Broken("#RE\x07F!")]]))
    assert (grid.name, grid.rows) == ("月报", [["a[2Jb\nc", 1.0, Broken("#REF!")]])


def test_words_go_on_without_the_telephone_and_the_receipt_says_so(
    catalogue: Catalogue, form: FormSpec
) -> None:
    words = {**WORDS, (0, StatementKind.PROBLEM): "用工缺口大，企业请联系0475-8200000。"}
    rows = {"urban_new_jobs": total("110", "600", reason="按社保比对核减，电话13800000000")}
    reading = understood(read(NAME, filled(form, rows, words=words), catalogue, lambda *_: KNOWN))
    assert f"用工缺口大，企业请联系{NO_TELEPHONE}。" in {s.text for s in reading.statements}
    assert f"文字里的电话号码没有读取，以“{NO_TELEPHONE}”代替" in reading.decisions
    assert "13800000000" not in repr(reading) and "8200000" not in repr(reading)
