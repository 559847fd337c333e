"""Another city in another year: three counties, two indicators, a folder of data and no code; and the nation."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from flows.documents.composing import compose
from flows.office import Office
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import ROOT, Settings
from flows.submissions.forms import write_sample
from tests.plan.nation import write_plan

NOW = datetime(2026, 3, 20, 9, 0)


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """青河市 has received January and February 2026."""
    settings = Settings(
        data=tmp_path_factory.mktemp("another"), plan=ROOT / "tests" / "plan" / "another_city"
    )
    write_sample(plan_of(settings), (1, 2), 7, settings.inbox)
    Office(settings, lambda: NOW).ingest()
    return settings


def test_its_forms_ask_its_four_reporters(another: Settings) -> None:
    written = Office(another).forms(Period.parse("2026-03"))
    assert [p.name for p in written] == [
        "东县2026年3月月报.xlsx", "西县2026年3月月报.xlsx", "北区2026年3月月报.xlsx", "市人社局2026年3月月报.xlsx",
    ]  # fmt: skip


def test_its_counties_add_up_to_its_city(another: Settings) -> None:
    jobs = Office(another).gather("2026-02").figures.filter(indicator="new_jobs")
    city, *counties = jobs.to_dicts()
    assert [row["county"] for row in counties] == ["east", "west", "north"]
    assert city["target"] == 600
    known = [row["ytd"] for row in counties if row["ytd"] is not None]
    assert city["ytd"] == sum(known)
    assert city["reported"] == len(known)


def test_its_bulletin_is_its_own(another: Settings) -> None:
    document = compose("monthly_dispatch", Office(another).gather("2026-02"), Office(another).typesetter)
    assert document.title == "关于2026年2月全市稳就业工作调度情况的通报"
    with pdfplumber.open(BytesIO(document.pdf)) as pdf:
        text = "".join("".join((page.extract_text() or "").split()) for page in pdf.pages)
    assert "青河市人力资源和社会保障局" in text
    assert "《青河市2026年稳就业工作方案》（青政发〔2026〕1号）" in text
    assert "通辽" not in text
    assert not Path(another.reports).exists()  # composing writes nothing


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The nation with a single province has received half of 2026."""
    folder = tmp_path_factory.mktemp("nation")
    settings = Settings(data=folder / "data", plan=write_plan(folder / "plan"))
    write_sample(plan_of(settings), tuple(range(1, 7)), 7, settings.inbox)
    Office(settings, lambda: datetime(2026, 7, 8, 9, 0)).ingest()
    return settings


@pytest.mark.parametrize(
    ("kind", "period"), [("monthly_dispatch", "2026-06"), ("quarterly_analysis", "2026-Q2")]
)
def test_the_nation_s_documents_speak_of_the_nation(nation: Settings, kind: str, period: str) -> None:
    """No sentence with a fact of the city's plan, no comparison of one province with itself, no 1e7 on an axis."""
    document = compose(kind, Office(nation).gather(period), Office(nation).typesetter)
    assert document.faults == ()
    with pdfplumber.open(BytesIO(document.pdf)) as pdf:
        text = "".join("".join((page.extract_text() or "").split()) for page in pdf.pages)
    assert "截至6月底，全国城镇新增就业" in text
    assert [
        word for word in ("全市", "旗县市区", "市级", "开发区", "回测", "居前", "1e7") if word in text
    ] == []
