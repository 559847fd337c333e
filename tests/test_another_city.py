"""Another city in another year: three counties, two indicators, a folder of data and no code."""

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
