"""The recipes of CONTRIBUTING.md, walked: an indicator, a check, a file format. A kind of document: tests/documents/test_new_kind.py."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from flows.indicators.figures import figures
from flows.plan.catalogue import Catalogue
from flows.plan.frames import CellSchema, polars_schema
from flows.plan.load import load
from flows.plan.observation import Reading
from flows.plan.period import Period
from flows.plan.terms import Measure
from flows.submissions.checks import run
from flows.submissions.checks.rule import Finding, query
from flows.submissions.form.form_spec import FormSpec, form_spec
from flows.submissions.formats import opening
from flows.submissions.formats.grid import Grid, Opened
from flows.submissions.read_form import understand
from flows.submissions.reading.row import Row
from tests.submissions.conftest import KNOWN, NEIGHBOURS, PLAN, named, reading_of
from tests.submissions.test_cases import CASES

INDICATOR = """
  [[task.indicator]]
  id = "apprentices"
  name = "新型学徒"
  target = 300
  unit = "人"
  bound = "at_least"
  rule = "total"
  reported_by = "department"
  quote = "培养新型学徒300人以上"
"""


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_indicator_of_the_plan_folder_is_on_the_form_and_has_figures_without_code(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PLAN, tmp_path / "2025"))
    replaced(
        folder / "plan.txt", "每年动态培训2000人以上。", "每年动态培训2000人以上。培养新型学徒300人以上。"
    )
    quote = '  quote = "每年动态培训2000人以上"\n'
    replaced(folder / "3_1_training.toml", quote, quote + INDICATOR)
    with (folder / "definitions.csv").open("a", encoding="utf-8") as definitions:
        definitions.write("apprentices,本年新签学徒协议的职工,,以主管部门解释为准\n")
    catalogue = load(folder)

    lines = form_spec(catalogue, "human_resources", "2025-06", {}).lines
    assert [line.label for line in lines if line.indicator == "apprentices"] == ["新型学徒"]

    cell = ("2025-06", "human_resources", "city", "apprentices", "running_total", 120.0, "reported", None)
    cells = pl.DataFrame([cell], schema=polars_schema(CellSchema), orient="row")
    queries = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})
    (figure,) = (
        figures(cells, queries, catalogue, Period.parse("2025-06")).filter(indicator="apprentices").to_dicts()
    )
    assert (figure["ytd"], figure["attainment_pct"], figure["gap_pp"]) == (
        120,
        40,
        -10,
    )  # 120 of 300; June is 50 %


@query
def ends_in_seven(row: Row) -> Iterator[Finding]:
    """A check that exists in a test alone."""
    if row.numbers.get(Measure.IN_MONTH, 0) % 10 == 7:
        yield Finding(Measure.IN_MONTH, "末位不是 7 的数", "请核对")


def test_a_check_in_the_rules_of_its_module_asks_by_its_name(
    catalogue: Catalogue, form: FormSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reading_of(catalogue, form).problems == ()
    monkeypatch.setattr(run, "QUERIES", (*run.QUERIES, ends_in_seven))
    asked = named(reading_of(catalogue, form), "ends_in_seven")  # 新增技能人才: 47 in June
    assert (asked.indicator, asked.expected) == ("skilled_talent_trained", "末位不是 7 的数")


def test_a_format_that_gives_grids_is_understood_like_any_other(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table as JSON, recognised by its first bytes."""
    (case,) = [path for path in CASES if path.name == "csv_with_bom"]
    (file,) = case.glob("*.csv")
    (grid,) = opening.open_file(file.name, file.read_bytes()).grids
    start, known = b'{"rows":', opening._open

    def read_json(name: str, content: bytes) -> Opened:
        if not content.startswith(start):
            return known(name, content)
        return Opened((Grid(Path(name).stem, json.loads(content)["rows"]),), is_text=True)

    monkeypatch.setattr(opening, "_open", read_json)
    content = json.dumps({"rows": [list(row) for row in grid.rows]}, separators=(",", ":")).encode()
    opened = opening.open_file(f"{file.stem}.json", content)
    (part,) = understand(file.name, opened, catalogue, lambda *_: {**KNOWN, **NEIGHBOURS})
    assert isinstance(part.outcome, Reading)
    expected = json.loads((case / "case.json").read_text(encoding="utf-8"))["observations"]
    assert len(part.outcome.observations) == len(expected) > 0
