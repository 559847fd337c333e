"""A plan that cannot be true is refused with its file and key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.plan.load import load
from flows.plan.plan_file import PlanError

PLAN = Path(__file__).parents[2] / "plan" / "2025"
Edited = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """The plan with one passage of one file changed."""

    def edit(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "2025"
        shutil.copytree(PLAN, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


INDUSTRY = "2_1_industry.toml"


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (INDUSTRY, "target = 140", "targett = 140", "2_1_industry.toml · task[2].indicator[1].targett：应为已知的键"),
        ("policy.toml", "due_day = 5", "due_dya = 5", "policy.toml · reporting.due_dya：应为已知的键"),
        ("policy.toml", "due_day = 5", "", "policy.toml · reporting.due_day：应为有这个键，实为 没有"),
        ("policy.toml", "due_day = 5", 'due_day = "5"', "policy.toml · reporting.due_day：应为整数，实为 '5'"),
        ("policy.toml", "red_after_yellow_months = 2", "red_after_yellow_months = 0",
         "policy.toml · marks.red_after_yellow_months：应为至少 1，实为 0"),
        ("policy.toml", "[6.1, 13.8,", "[6.125, 13.8,", "cumulative_pct：应为至多两位小数的累计份额"),
        ("policy.toml", "= -10.0", "= -1.0", "policy.toml · marks：应为红 < 黄 < 0 < 蓝"),
        ("policy.toml", "[6.1, 13.8,", "[16.1, 13.8,", "policy.toml · seasonal.urban_new_jobs.cumulative_pct"),
        ("policy.toml", "[limits.surveyed_", "[limits.surveid_", "surveyed_urban_unemployment.target：应为有目标数"),
        ("annex_targets.csv", "科尔沁区,4700", "科尔沁区,4701",
         "annex_targets.csv · 列“城镇新增就业人数”：应为各地合计等于总计 13500，实为 13501"),
        ("annex_targets.csv", "开鲁县,1100", "开鲁,1100", "annex_targets.csv · 行：应为"),
        ("annex_targets.csv", "开鲁县,1100", "开鲁县,一千一", "annex_targets.csv · 开鲁县·城镇新增就业人数：应为数"),
        ("2_4_entrepreneurship.toml", "target = 11000", "target = 1100",
         "2_4_entrepreneurship.toml · startup_loans.quote：应为含有目标数 1100万元"),
        (INDUSTRY, 'quote = "建成投产60个以上"', 'quote = "建成投产项目"',
         "2_1_industry.toml · chain_projects_completed.quote：应为含有目标数 60个，实为 “建成投产项目”"),
        (INDUSTRY, 'quote = "建成投产60个以上"', 'quote = "60个之多"', "在方案第 2 项的原文里恰好出现一次"),
        ("3_3_farming_services.toml", 'display_unit = "万亩"', 'display_unit = "亿亩"',
         "3_3_farming_services.toml · farm_service_area.display_unit：应为万亩，或不写，实为 亿亩"),
        (INDUSTRY, 'rule = "latest"', 'rule = "newest"', "task[5].indicator[1].rule：应为total、latest"),
        (INDUSTRY, 'lead = "commerce"', 'lead = "comerce"', "任务4.lead：应为departments.csv 里的 id，实为 comerce"),
        (INDUSTRY, 'title = "壮大新业态就业群体"', 'title = "壮大新业态"', "任务4.title：应为方案原文的任务名称"),
        (INDUSTRY, "number = 4", "number = 3", "任务编号 3：应为只出现一次，实为 2 次"),
        ("counties.csv", "奈旗|奈曼", "奈旗|库旗", "counties.csv · 单位名称和别名 库旗：应为只出现一次"),
        ("counties.csv", "150502,yes", "150502,是", "counties.csv · horqin.county_level：应为yes 或 no，实为 是"),
        ("annex_targets.csv", "开鲁县,1100,", "开鲁县,1100,,", "annex_targets.csv · 第 5 行：应为9 列，实为 10 列"),
        ("counties.csv", "id,name", "编号,name", "counties.csv · 表头"),
        ("3_1_training.toml", 'numerator = "工学一体化专业数"', "", "integrated_major_share.numerator"),
        ("1_overall.toml", "[plan]", "[plan", "1_overall.toml · 文件：应为UTF-8 的 TOML 文本"),
    ],
)  # fmt: skip
def test_the_loader_names_file_and_key(edited: Edited, file: str, old: str, new: str, says: str) -> None:
    with pytest.raises(PlanError) as refusal:
        load(edited(file, old, new))
    assert says in str(refusal.value)


def test_a_target_that_differs_from_the_annex_is_refused(edited: Edited) -> None:
    # 5000 stands in the quotation too, so both are changed: only the annex is left to disagree
    folder = edited(INDUSTRY, "target = 5000", "target = 140")
    file = folder / INDUSTRY
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("创造就业岗位5000个以上", "开复工产业链重点项目140个以上"), encoding="utf-8")
    with pytest.raises(PlanError, match=r"secondary_jobs.target：应为与附件总计 5000个 一致，实为 140"):
        load(folder)


@pytest.mark.parametrize("file", ["policy.toml", "counties.csv", "annex_targets.csv", "departments.csv"])
def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "2025"
    shutil.copytree(PLAN, folder)
    (folder / file).unlink()
    with pytest.raises(PlanError, match=f"{file} · 文件：应为在 {folder} 里，实为 没有这个文件"):
        load(folder)


def test_an_empty_folder_has_no_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"\[plan\]：应为恰在一个文件里有"):
        load(tmp_path)


def test_a_copied_folder_whose_year_is_not_its_name_is_refused(tmp_path: Path) -> None:
    shutil.copytree(PLAN, tmp_path / "2026")
    with pytest.raises(PlanError, match=r"2026 · \[plan\].year：应为与文件夹名 2026 一致，实为 2025"):
        load(tmp_path / "2026")
    shutil.copytree(PLAN, tmp_path / "another")
    assert load(tmp_path / "another").plan.year == 2025


def test_the_holidays_beside_the_plan_are_its_policys(edited: Edited) -> None:
    folder = edited("policy.toml", "due_day = 5", "due_day = 5")
    fixed = "".join(f"2026-{day},休,节日\n" for day in ("01-01", "05-01", "10-01", "10-02", "10-03"))
    (folder / "holidays.csv").write_text(
        f"\ufeffdate,kind,name\n{fixed}", encoding="utf-8"
    )  # as Excel saves it
    assert len(load(folder).policy.reporting.holidays) == 5
