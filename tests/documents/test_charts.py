"""The charts as drawings: what stands in them, in which order, and how their axes count."""

import re
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.documents.charts.bars import Bar, bar_chart
from flows.documents.charts.gaps import COLUMNS, FIRST, LAST, gap_chart, panels, panels_a_page
from flows.documents.charts.report import county_chart, outlook_chart
from flows.documents.charts.svg import PALE, WIDTH
from flows.documents.figures import Figures
from flows.documents.kinds.review import review_facts
from flows.documents.kinds.trend import MonthlySeries, YearEndForecast
from flows.documents.provenance import Fact, Source, plain
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.period import Period
from flows.plan.units import DisplayUnit
from tests.documents.conftest import CHECKOUT
from tests.documents.year_frames import year_frames

Q2 = Period.parse("2025-Q2")
TEXT = re.compile(r"<text[^>]*>([^<]*)")
JOBS = "urban_new_jobs"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture(scope="module")
def figures(catalogue: Catalogue) -> Figures:
    """开鲁县 far behind, 奈曼旗 ahead, 库伦旗 silent in June, everybody else level."""
    pace = {"kailu": 0.5, "naiman": 1.2}
    return Figures(year_frames(catalogue, Q2, silent=[("hure", 6)], pace=pace).figures, catalogue)


def texts(drawing: str) -> list[str]:
    return [plain(text) for text in TEXT.findall(drawing)]


def test_the_gaps_stand_from_ahead_to_behind_and_who_is_silent_last(
    figures: Figures, catalogue: Catalogue
) -> None:
    drawn = texts(gap_chart(panels([catalogue.indicator[JOBS]], figures, catalogue)))
    names = [text for text in drawn if text in {county.name for county in catalogue.counties}]
    assert (names[0], names[-2:]) == ("奈曼旗", ["开鲁县", "库伦旗"])
    # Half of 1100 × 0.5 is 25.0 %, 25.0 points behind June's 50.0 %; half × 1.2 is 10.0 ahead.
    assert "-25.0" in drawn and "+10.0" in drawn and "未报或待核" in drawn


def test_what_nobody_reported_has_no_panel(figures: Figures, catalogue: Catalogue) -> None:
    frame = figures.frame.with_columns(
        gap_pp=pl.when(pl.col("indicator") == JOBS).then(None).otherwise(pl.col("gap_pp"))
    )
    titles = [title for title, _ in panels(catalogue.annex_indicators, Figures(frame, catalogue), catalogue)]
    assert "城镇新增就业" not in titles and len(titles) == len(catalogue.annex_indicators) - 1


def test_a_hundred_counties_are_the_first_and_the_last(figures: Figures, catalogue: Catalogue) -> None:
    figure = figures.of(JOBS, "kailu")
    bars = [
        (f"县{at}", replace(figure, gap_pp=Fact(float(at), Source(column="gap_pp")))) for at in range(100)
    ]
    names = [text for text in texts(gap_chart([("题", bars)])) if text.startswith("县")]
    assert names == [f"县{at}" for at in (*range(99, 99 - FIRST, -1), *range(LAST - 1, -1, -1))]
    assert panels_a_page(100) == COLUMNS  # a row of two
    assert panels_a_page(9) == 4 * COLUMNS


@given(st.lists(st.none() | st.floats(-120, 240), min_size=1, max_size=12))
def test_every_bar_and_its_label_stay_within_the_panel(lengths: list[float | None]) -> None:
    bars = [Bar(f"县{n}", x, "未报或待核" if x is None else f"{x:+.1f}") for n, x in enumerate(lengths)]
    drawing = bar_chart([("题", bars)], [(PALE, "达到")], 1)
    boxes = [re.findall(r"(-?[\d.]+) -?[\d.]+", path) for path in re.findall(r'd="M([^"]+)Z"', drawing)]
    assert len(boxes) == sum(length is not None for length in lengths) + 1  # and the key's
    assert all(0 <= float(x) <= WIDTH for box in boxes for x in box)
    for x, anchor, text in re.findall(
        r'<text x="(-?[\d.]+)" y="[\d.]+" text-anchor="(\w+)"[^>]*>([^<]*)', drawing
    ):
        wide = 9.0 * sum(1 if ord(character) > 127 else 0.5 for character in text)
        left = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        assert left >= 0 and left + wide <= WIDTH


def test_no_number_lies_on_a_line_of_a_county_s_panel(catalogue: Catalogue) -> None:
    facts = review_facts(year_frames(catalogue, Q2), catalogue, Q2, date(2025, 7, 9))
    drawing = county_chart(facts.indicator_series[0].counties, None)
    numbers = [text for text in re.findall(r"<text[^>]*>[^<]*</text>", drawing) if "%" in text]
    heads = [text for text in re.findall(r"<text[^>]*>[^<]*</text>", drawing) if ">科尔沁区<" in text]
    place = re.compile(r'(?:y="|translate\([\d.]+ )([\d.]+)')
    assert len(numbers) == 9
    assert float(place.findall(numbers[0])[0]) == pytest.approx(float(place.findall(heads[0])[0]), abs=1.5)


@pytest.mark.parametrize(
    ("unit", "ticks", "end"),
    [("人", "12500000", "推算12921760人"), (DisplayUnit("万人"), "1250", "推算1292万人")],
)
def test_ten_millions_are_counted_in_digits_or_in_the_display_unit(
    catalogue: Catalogue, unit: str, ticks: str, end: str
) -> None:
    facts = review_facts(year_frames(catalogue, Q2), catalogue, Q2, date(2025, 7, 9))
    series, one = facts.indicator_series[0].city, facts.outlook[0]
    times_a_thousand = [
        replace(m, ytd=None if m.ytd is None else Fact(m.ytd * 1000, Source(column="ytd")))
        for m in series.months
    ]
    of_millions = MonthlySeries(
        "全市", unit, Fact(13500000.0, Source(column="target")), tuple(times_a_thousand)
    )
    low, middle, high = (Fact(n, Source(column="middle")) for n in (12500000.0, 12921760.0, 13300000.0))
    forecast = YearEndForecast(one.line, low, middle, high, None)
    drawn = texts(outlook_chart(of_millions, catalogue.policy.seasonal[JOBS].cumulative_pct, forecast))
    assert not [text for text in drawn if "e7" in text or "e6" in text]
    assert ticks in drawn and end in drawn
    assert [text[:2] for text in drawn if text.endswith(unit)] == [
        "下限",
        "推算",
        "上限",
        "年度",
    ]  # each has its place
