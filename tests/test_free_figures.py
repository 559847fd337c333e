"""其中 items and figures without a target: declared in the plan folder, and without code in form, checks, figures and pages."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pdfplumber
import pytest

from flows.documents.composing import compose
from flows.office import Office
from flows.plan.catalogue import Catalogue
from flows.plan.load import load, plan_of
from flows.plan.period import Period
from flows.plan.plan_file import PlanError
from flows.plan.terms import Measure
from flows.settings import ROOT, Settings
from flows.submissions.form.form_spec import Entries, Entry, form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.forms import write_sample
from flows.submissions.read_form import read
from tests.submissions.conftest import understood

ANOTHER = ROOT / "tests" / "plan" / "another_city"
NOW = datetime(2026, 3, 20, 9, 0)
GRADUATES = """
[[indicator]]
id = "graduates"
name = "高校毕业生就业"
of = "new_jobs"
target = "none"
unit = "人"
rule = "total"
reported_by = "county"

[[indicator]]
id = "zero_employment_families"
name = "零就业家庭"
target = "none"
unit = "户"
rule = "latest"
reported_by = "county"
"""
RATIO = """
  [[task.indicator]]
  id = "openings_to_seekers"
  name = "求人倍率"
  target = "none"
  unit = "倍"
  rule = "latest"
  reported_by = "department"
"""


def declared(folder: Path, change: Callable[[str], str] = lambda text: text) -> Path:
    """The other city's plan folder with three such figures, changed."""
    copy = Path(shutil.copytree(ANOTHER, folder / "free"))
    for file, added in (("1_overall.toml", GRADUATES), ("2_tasks.toml", RATIO)):
        path = copy / file
        path.write_text(path.read_text("utf-8") + change(added), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load(declared(tmp_path_factory.mktemp("plan")))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """青河市 has received January and February 2026."""
    plan = declared(tmp_path_factory.mktemp("plan"))
    settings = Settings(data=tmp_path_factory.mktemp("data"), plan=plan)
    write_sample(plan_of(settings), (1, 2), 7, settings.inbox)
    Office(settings, lambda: NOW).ingest()
    return settings


def test_each_county_is_asked_for_them_and_the_department_for_its_own(catalogue: Catalogue) -> None:
    asked = {r.name: [i.id for i in catalogue.indicators_of(r)] for r in catalogue.reporters}
    assert asked["东县"] == ["new_jobs", "graduates", "zero_employment_families"]
    assert asked["市人社局"] == ["job_fairs", "openings_to_seekers"]


def test_the_form_has_their_rows_without_a_target(city: Settings) -> None:
    form = next(p for p in Office(city).forms(Period.parse("2026-03")) if p.name.startswith("东县"))
    sheet = openpyxl.load_workbook(form)["月报"]
    rows = {str(row[1].value): [cell.value for cell in row] for row in sheet.iter_rows() if row[1].value}
    assert "—" in rows["高校毕业生就业"] and "户" in rows["零就业家庭"]


def test_they_are_stored_and_added_up_and_judged_by_nobody(city: Settings) -> None:
    figures = Office(city).gather("2026-02").figures
    for indicator in ("graduates", "zero_employment_families"):
        whole, *counties = figures.filter(indicator=indicator).to_dicts()
        assert [row["county"] for row in counties] == ["east", "west", "north"]
        assert whole["ytd"] == sum(
            row["ytd"] for row in counties
        )  # a level of counties adds up as a total does
        for row in (whole, *counties):
            judged = (
                "target",
                "attainment_pct",
                "pace_pct",
                "gap_pp",
                "rank",
                "mark",
                "required_monthly",
                "met",
            )
            assert [row[name] for name in judged] == [None] * len(judged)


def test_a_part_above_its_whole_is_queried_in_the_countys_report(catalogue: Catalogue) -> None:
    form = form_spec(catalogue, "east", "2026-01", {})

    def entry(number: int) -> Entry:
        return Entry({Measure.IN_MONTH: Decimal(number), Measure.RUNNING_TOTAL: Decimal(number)})

    rows = {("east", "new_jobs"): entry(30), ("east", "graduates"): entry(31),
            ("east", "zero_employment_families"): Entry({Measure.LEVEL: Decimal(2)})}  # fmt: skip
    reading = understood(
        read("东县.xlsx", write_form(form, date(2026, 2, 5), Entries(rows)), catalogue, lambda *_: {})
    )
    (problem,) = (p for p in reading.problems if p.rule == "part_above_total")
    assert problem.description == "高校毕业生就业（累计）：应为不大于城镇新增就业 30 的数，填报为 31"


def test_the_bulletin_prints_them_where_they_belong(city: Settings) -> None:
    evidence = Office(city).gather("2026-02")
    document = compose("monthly_dispatch", evidence, Office(city).typesetter)
    assert document.faults == ()
    with pdfplumber.open(BytesIO(document.pdf)) as pdf:
        bodies = (page.filter(lambda thing: thing.get("size", 0) < 60) for page in pdf.pages)
        text = "".join("".join((body.extract_text() or "").split()) for body in bodies)
    whole, part, families, ratio = (
        evidence.figures.filter(indicator=name, county="city")["ytd"].item()
        for name in ("new_jobs", "graduates", "zero_employment_families", "openings_to_seekers")
    )
    assert f"其中，高校毕业生就业{part:.0f}人，占{part * 100 / whole:.1f}%。" in text
    assert f"截至2月底，零就业家庭{families:.0f}户；求人倍率{ratio:g}倍。" in text
    assert (
        "其中项和没有年度目标的数（累计或期末数）" in text and "高校毕业生就业（城镇新增就业其中项）" in text
    )
    assert "1项分地区指标" in text and "牵头单位报送的1项市级指标" in text  # they are counted nowhere


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('target = "none"', 'target = "无"', '1_overall.toml · graduates.target：应为数，或者 "none"（没有年度目标的数），实为 无'),
        ('of = "new_jobs"', 'of = "jobs"', "graduates.of：应为另一项指标的 id，实为 jobs"),
        ('unit = "人"', 'unit = "万元"', "graduates.unit：应为与总项“城镇新增就业”相同（人），实为 万元"),
        ('rule = "total"', 'rule = "latest"', "graduates.rule：应为与总项“城镇新增就业”相同（total），实为 latest"),
        ('unit = "户"', 'unit = "%"', "zero_employment_families.unit：应为由旗县报送的数能相加"),
        ('unit = "倍"\n  rule = "latest"', 'unit = "倍"\n  rule = "mean"',
         "openings_to_seekers.rule：应为total（累计）或 latest（期末数）：没有年度目标的数只有这两类，实为 mean"),
        ('target = "none"\nunit = "人"', 'unit = "人"\nbound = "at_least"', '没有年度目标的数写 target = "none"'),
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = declared(tmp_path, lambda text: text.replace(old, new, 1))
    with pytest.raises(PlanError) as refused:
        load(folder)
    assert said in str(refused.value)
