"""季分析 and 半年总结 end to end on a real Prefect server: the documents lie where they belong."""

from pathlib import Path

import pytest

from flows.half_year_summary import half_year_summary
from flows.quarterly_analysis import quarterly_analysis
from flows.settings import Settings

pytestmark = pytest.mark.usefixtures("server")


def test_the_quarter_lies_in_its_own_folder_with_workbook_figures_and_manifest(office: Settings) -> None:
    pdf = Path(quarterly_analysis("2025-Q2"))
    assert pdf.parent == office.reports / "2025-Q2" / "quarterly_analysis"
    assert {p.suffix for p in pdf.parent.iterdir()} == {".pdf", ".xlsx", ".csv", ".json"}


def test_the_half_year_lies_in_its_own_folder(office: Settings) -> None:
    pdf = Path(half_year_summary("2025-H1"))
    assert pdf.parent == office.reports / "2025-H1" / "half_year_summary"


def test_one_county_gets_its_own_sheet_of_the_half_year(office: Settings) -> None:
    pdf = Path(half_year_summary("2025-H1", county="kailu"))
    assert pdf.parent == office.reports / "2025-H1" / "half_year_summary-kailu"
    assert pdf.name == "2025-H1_开鲁县反馈单.pdf"
