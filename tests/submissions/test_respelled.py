"""A new spelling is one line in a table: no code knows it."""

import shutil
from pathlib import Path

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.observation import Refusal
from flows.plan.plan_file import PlanError
from flows.submissions.form.form_spec import form_spec
from flows.submissions.read_form import read
from flows.submissions.reading.heading import HeadingParser
from flows.submissions.reading.labels import heads
from tests.submissions.conftest import KNOWN, PLAN, cell, understood

TABLE = "填报单位：开鲁县,报告期：2025年6月\n工作内容,这个月,打年头起算（人）\n进城找着活儿的,110,607\n农村牧区劳动力转移就业,6200,58200\n"
LINES = (
    "means,also_written\n指标,工作内容\n本月,这个月\n累计,打年头起算|总起来\n城镇新增就业,进城找着活儿的\n"
)


def plan_with(folder: Path, lines: str) -> Catalogue:
    shutil.copytree(PLAN, folder)
    (folder / "spellings.csv").write_text(lines, encoding="utf-8")
    return load(folder)


def test_a_workbook_with_spellings_nobody_listed_is_refused(catalogue: Catalogue) -> None:
    assert isinstance(read("月报.csv", TABLE.encode(), catalogue, lambda *_: KNOWN), Refusal)


def test_one_line_in_the_table_and_it_is_read(tmp_path: Path) -> None:
    reading = understood(
        read("月报.csv", TABLE.encode(), plan_with(tmp_path / "plan", LINES), lambda *_: KNOWN)
    )
    read_here = [cell(reading, i) for i in ("urban_new_jobs", "rural_labour_transferred")]
    assert [(o.value, o.cell) for o in read_here] == [(607, "C3"), (58200, "C4")]


def test_a_plan_needs_no_such_table(tmp_path: Path) -> None:
    shutil.copytree(PLAN, tmp_path / "plan")
    (tmp_path / "plan" / "spellings.csv").unlink()
    assert load(tmp_path / "plan").spellings == {}


def test_a_spelling_of_nothing_is_refused(tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan", "means,also_written\n城市新增就业,城里的活\n")
    with pytest.raises(PlanError, match="城里的活：应为表头或指标的名称，实为 城市新增就业"):
        heads(plan)


def test_a_spelling_means_one_thing(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="只有一个意思"):
        plan_with(tmp_path / "plan", "means,also_written\n本月,新增\n累计,新增\n")


def test_every_spelling_of_the_plan_is_understood(catalogue: Catalogue) -> None:
    """The lines of the plan's own table: a head of the form, or an indicator of some reporter."""
    columns = heads(catalogue)
    spellings = [
        HeadingParser(form_spec(catalogue, r.id, "2025-06", {}), catalogue) for r in catalogue.reporters
    ]
    for written, means in catalogue.spellings.items():
        lines = [line for s in spellings if (line := s.line(written))]
        assert written in columns or {catalogue.indicator[n.indicator].name for n in lines} == {means}
