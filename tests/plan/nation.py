"""A plan of quite another size as a folder: the nation, with a single province, three indicators and millions of persons."""

import shutil
from pathlib import Path

from flows.settings import ROOT

_CITY = ROOT / "tests" / "plan" / "another_city"
_OVERALL = """
[plan]
year = 2026
city = "全国"
name = "2026年全国稳就业工作方案"
short_name = "稳就业工作"
document_number = "国发〔2026〕1号"
issued_on = 2026-01-20
scope = "全国"
places = "省区市"
level = "部门"

[chapter]
number = "一"
title = "目标"
lead = "human_resources"

[[indicator]]
id = "new_jobs"
name = "城镇新增就业"
target = 12000000
unit = "人"
display_unit = "万人"
bound = "at_least"
rule = "total"
reported_by = "county"
quote = "城镇新增就业1200万人以上"
annex = "城镇新增就业"

[[indicator]]
id = "loans"
name = "创业担保贷款发放金额"
target = 3000
unit = "亿元"
bound = "at_least"
rule = "total"
reported_by = "county"
quote = "发放创业担保贷款3000亿元"
annex = "创业担保贷款"
"""
_CURVE = """
[seasonal.new_jobs]
cumulative_pct = [6.1, 13.8, 25.0, 35.0, 45.2, 54.9, 64.6, 73.6, 81.8, 89.0, 94.8, 100.0]
source = "上年逐月累计"
"""


def write_plan(folder: Path) -> Path:
    """Write the plan folder, what the other city has but for targets and names."""
    shutil.copytree(_CITY, folder)
    (folder / "1_overall.toml").write_text(_OVERALL.lstrip(), encoding="utf-8")
    (folder / "counties.csv").write_text("id,name,code,county_level,also_written\nhebei,河北省,130000,yes,\n")
    (folder / "annex_targets.csv").write_text(
        "省区市,城镇新增就业,创业担保贷款\n总计,12000000,3000\n河北省,12000000,3000\n"
    )
    policy = (folder / "policy.toml").read_text(encoding="utf-8")
    for city, nation in (
        ("青河市人力资源和社会保障局", "全国就业工作领导小组"), ("青人社", "国就"), ("市人民政府", "国务院"),
        ("各旗县市区人民政府，开发区管委会，市政府有关委办局", "各省、自治区、直辖市人民政府"),
        ('"市委办公室", "市人大常委会办公室", "市政府办公室", "市政协办公室"', '"有关部门"'),
    ):  # fmt: skip
        policy = policy.replace(city, nation)
    (folder / "policy.toml").write_text(policy + _CURVE, encoding="utf-8")
    departments = (
        (folder / "departments.csv").read_text(encoding="utf-8").replace("市人社局", "人力资源社会保障部")
    )
    (folder / "departments.csv").write_text(departments, encoding="utf-8")
    return folder
