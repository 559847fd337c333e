"""history.csv: last year's running totals as the office writes them, and what of it is refused."""

import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from flows.indicators.cells import with_year_before
from flows.indicators.figures import figures
from flows.plan.catalogue import Catalogue
from flows.plan.frames import CellSchema, polars_schema
from flows.plan.load import load
from flows.plan.period import Period
from flows.plan.plan_file import PlanError

PLAN = Path(__file__).parents[2] / "plan" / "2025"
HEAD = "county,indicator," + ",".join(f"{month}月" for month in range(1, 13)) + ",source\n"
HORQIN = "科尔沁区,城镇新增就业," + ",".join(str(100 * month) for month in range(1, 13)) + ",2024年12月通报\n"
JOBS, JUNE = "urban_new_jobs", Period.parse("2025-06")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PLAN, tmp_path / "2025"))


def with_history(folder: Path, *lines: str) -> Catalogue:
    (folder / "history.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    return load(folder)


def june(catalogue: Catalogue, cells: list[tuple[str, str, float]]) -> pl.DataFrame:
    """The figures of June from (month, county, running total of 城镇新增就业)."""
    rows = [(month, c, c, JOBS, "running_total", total, "reported", None) for month, c, total in cells]
    by_cell = pl.DataFrame(rows, schema=polars_schema(CellSchema), orient="row")
    nothing = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})
    return figures(with_year_before(by_cell, catalogue), nothing, catalogue, JUNE)


def year_ago(frame: pl.DataFrame, county: str) -> float | None:
    value: float | None = frame.filter(county=county, indicator=JOBS)["ytd_year_ago"].item()
    return value


def test_a_line_gives_twelve_totals_of_the_year_before(folder: Path) -> None:
    catalogue = with_history(folder, HORQIN)
    assert catalogue.year_before.total("horqin", JOBS, 6) == Decimal(600)
    assert catalogue.year_before.sources == ("2024年12月通报",)
    assert "history.csv" in catalogue.sources  # its hash stands in every manifest


def test_a_county_is_compared_with_its_line_and_nobody_else_with_zero(folder: Path) -> None:
    frame = june(with_history(folder, HORQIN), [("2025-06", "horqin", 700), ("2025-06", "hure", 90)])
    assert year_ago(frame, "horqin") == 600
    assert (
        year_ago(frame, "hure") is None and year_ago(frame, "city") is None
    )  # one county's year is not the city's


def test_a_report_of_last_year_goes_before_the_file(folder: Path) -> None:
    frame = june(with_history(folder, HORQIN), [("2025-06", "horqin", 700), ("2024-06", "horqin", 612)])
    assert year_ago(frame, "horqin") == 612


def test_a_blank_is_unknown_and_never_zero(folder: Path) -> None:
    catalogue = with_history(folder, HORQIN.replace(",600,", ",,"))
    assert catalogue.year_before.total("horqin", JOBS, 6) is None
    assert year_ago(june(catalogue, [("2025-06", "horqin", 700)]), "horqin") is None


def test_the_citys_own_line_is_compared_with_a_complete_sum_only(folder: Path) -> None:
    catalogue = with_history(folder, HORQIN.replace("科尔沁区", "全市").replace(",600,", ",7000,"))
    everyone = [("2025-06", county.id, 800.0) for county in catalogue.counties]
    assert year_ago(june(catalogue, everyone), "city") == 7000
    assert (
        year_ago(june(catalogue, everyone[1:]), "city") is None
    )  # eight counties are not compared with nine


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (HORQIN.replace("科尔沁区", "科区东"), "第 2 行 county：应为counties.csv 里的地区或“全市”，实为 科区东"),
        (HORQIN.replace("城镇新增就业", "新增就业"), "第 2 行 indicator：应为方案里的指标名称或 id，实为 新增就业"),
        (HORQIN.replace("城镇新增就业", "城镇调查失业率"), "第 2 行：应为由该地区（单位）按累计报送的指标"),
        (HORQIN.replace(",600,", ",六百,"), "第 2 行“6月”：应为不小于零的累计数（单位：人，整数），不掌握的留空，实为 六百"),
        (HORQIN.replace(",600,", ",600.5,"), "第 2 行“6月”"),
        (HORQIN.replace(",600,", ",-600,"), "第 2 行“6月”"),
        (HORQIN.replace("2024年12月通报", " "), "第 2 行 source：应为数据来源"),
        (HORQIN + HORQIN, "第 3 行：应为每个地区每项指标只有一行，实为 与第 2 行重复"),
        ("科尔沁区,城镇新增就业,100\n", "第 2 行：应为15 列，实为 3 列"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_right_is_refused_with_its_place(folder: Path, line: str, said: str) -> None:
    with pytest.raises(PlanError) as refused:
        with_history(folder, line)
    assert str(refused.value).startswith("history.csv · ") and said in str(refused.value)
