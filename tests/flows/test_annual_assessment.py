"""年度评估 end to end, of a year of which half has been received: nothing is graded that is not known."""

from pathlib import Path

import polars as pl
import pytest

from flows.annual_assessment import annual_assessment
from flows.settings import Settings

pytestmark = pytest.mark.usefixtures("server")


def test_the_flow_lays_the_report_and_the_proposal_in_folders_of_their_own(office: Settings) -> None:
    pdf = Path(annual_assessment("2025"))
    assert pdf == office.reports / "2025" / "annual_assessment" / "2025_年度评估报告.pdf"
    proposal = office.reports / "2025" / "commendation"
    assert (proposal / "manifest.json").exists()
    assert not pl.read_csv(proposal / "figures.csv")["proposed"].any()  # December is not known of anyone


def test_one_county_gets_its_own_score_sheet(office: Settings) -> None:
    pdf = Path(annual_assessment("2025", county="kailu"))
    assert pdf.parent == office.reports / "2025" / "annual_assessment-kailu"
    assert not (office.reports / "2025" / "commendation").exists()
