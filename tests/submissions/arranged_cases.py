"""Tables as offices arrange them, built cell by cell, with what each must give written beside it by hand.

`FILES` are the files, `EXPECTED` the words of their case.json: addresses are counted here, not read back.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import openpyxl

from tests.submissions.conftest import JUNE, MAY

ANNEX = (
    "urban_new_jobs", "rural_labour_transferred", "skilled_talent_trained", "startup_loans",
    "secondary_jobs", "tertiary_jobs", "flexible_jobs", "small_business_jobs",
)  # fmt: skip
HEADS = (
    "城镇新增\n就业人数", "农村牧区劳动力转移就业人数", "新增技能人才人数", "创业担保贷款发放金额(万元)",
    "二产新增就业岗位", "三产新增　就业岗位", "新业态和灵活就业\u00a0新增就业", "小微企业个体工商户新增就业",
)  # fmt: skip
FORM_ORDER = (
    "urban_new_jobs", "rural_labour_transferred", "secondary_jobs", "tertiary_jobs", "flexible_jobs",
    "small_business_jobs", "startup_loans", "incubators_per_county", "skilled_talent_trained",
    "training_brand_per_county",
)  # fmt: skip
NO_WORDS = ["没有填写工作情况，通报中将注明“未报送文字情况”"]
NO_MONTHS = ["表内没有“本月”一栏，累计未与本月核对"]
Cells = list[list[object]]
Places = Mapping[str, tuple[str, str]]  # indicator → address of 本月 and of 累计


def month(indicator: str) -> float:
    return float(JUNE[indicator])


def running(indicator: str) -> float:
    """May's running total and June: 497 + 110 = 607."""
    return round(float(MAY[indicator]) + float(JUNE[indicator]), 2)


def book(cells: Cells, merged: tuple[str, ...] = (), title: str = "Sheet1") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in cells:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def said(
    places: Places,
    decisions: list[str],
    sheet: str = "Sheet1",
    problems: tuple[str, ...] = (),
    months: bool = True,
    signed: bool = False,
) -> dict[str, Any]:
    """What a county's June says: every indicator with a place is read, the others are missing and queried."""
    here = [i for i in FORM_ORDER if i in places]
    gone = [i for i in FORM_ORDER if i not in places]
    observed = []
    for i in here:
        at_month, at_total = places[i]
        value = f"{month(i):g} reported" if months else "missing"
        zero = running(i) == 0
        observed.append(f"kailu {i} in_month = {'0 confirmed_zero' if zero else value} @{sheet}!{at_month}")
        total = "0 confirmed_zero" if zero else f"{running(i):.2f}".rstrip("0").rstrip(".") + " reported"
        observed.append(f"kailu {i} running_total = {total} @{sheet}!{at_total}")
    for i in gone:
        observed += [f"kailu {i} {m} = missing @{sheet}!" for m in ("in_month", "running_total")]
    return {
        "reporter": "kailu", "month": "2025-06", "is_sample": False, "observations": observed,
        "problems": [*(f"query row_missing {i} @{sheet}! open" for i in gone), *problems],
        "statements": 0, "decisions": [*decisions, *([] if months else NO_MONTHS), *NO_WORDS[signed:]],
    }  # fmt: skip


def gathered_by(county: str) -> list[str]:
    """What each part of a file with 开鲁县 and 库伦旗 in it is told first."""
    return [
        f"本文件是汇总文件，有 2 个单位的报表（开鲁县、库伦旗），逐一登记；本回执只答复{county}的部分",
        f"这一份不是{county}单独报送的：先按{county}的报表采用，{county}自己报送后以其报送的为准",
    ]


def of_hure(kailu: dict[str, Any], *first: str) -> dict[str, Any]:
    """The same numbers as 库伦旗's, with the problems that come first."""
    observed = [line.replace("kailu ", "hure ", 1) for line in kailu["observations"]]
    return kailu | {"reporter": "hure", "observations": observed, "problems": [*first, *kailu["problems"]]}


def like_the_annex() -> bytes:
    """附件1: counties down, indicators across, running totals under a title that says so; others' rows filled."""
    rows: Cells = [
        ["附件1"],
        ["2025年1—6月就业主要指标累计完成情况表"],
        ["填报单位：开鲁县", None, None, "单位：人、万元"],
    ]
    rows.append(["旗县市区", *HEADS])
    rows.append(["总计", *(round(running(i) + 1000, 2) for i in ANNEX)])
    rows.append(["科尔沁区", *([1000] * 8)])
    rows.append(["开鲁县", *(running(i) for i in ANNEX)])
    rows.append(["填报人：甲某", None, "联系电话：", 13800000000])
    return book(rows, ("A1:I1", "A2:I2"))


def heads_of_three_rows() -> bytes:
    """Groups over indicators over 本月 and 累计, a row of column numbers, one county."""
    top: list[object] = ["地区", "就业", None, None, None, "创业担保贷款发放金额", None]
    middle: list[object] = [None, "城镇新增就业", None, "农村牧区劳动力转移就业", None, None, None]
    low: list[object] = [None, "6月当月", "1-6月累计", "6月当月", "1-6月累计", "本月", "累　计"]
    values = [
        f(i)
        for i in ("urban_new_jobs", "rural_labour_transferred", "startup_loans")
        for f in (month, running)
    ]
    rows: Cells = [
        ["2025年6月就业情况统计表"],
        top,
        middle,
        low,
        ["甲", 1, 2, 3, 4, 5, 6],
        ["开鲁县", *values],
    ]
    return book(rows, ("A1:G1", "A2:A4", "B2:E2", "F2:G3", "B3:C3", "D3:E3"))


def counties_across() -> bytes:
    """Indicators down, counties across, 本月 and 累计 under each; 全市 to be checked; a spacer column and row."""
    rows: Cells = [
        ["填报单位：开鲁县", None, None, None, None, None, None, "报告期：2025年6月"],
        ["指标", "单位", "全市", None, None, "科尔沁区", None, "开鲁县", None],
        [None, None, "本月", "累计", None, "本月", "累计", "本月", "累计"],
    ]
    for head, i in zip(HEADS, ANNEX, strict=True):
        unit = "万元" if i == "startup_loans" else "人"
        own = month(i), running(i)
        rows.append([head, unit, round(100 + own[0], 2), round(500 + own[1], 2), None, 100, 500, *own])
    rows.insert(7, [None])  # a spacer row before row 8
    rows[3][3] = 9999  # 全市累计: 500 + 607 = 1107
    return book(rows, ("A2:A3", "B2:B3", "C2:D2", "F2:G2", "H2:I2"))


def two_years_side_by_side() -> bytes:
    """上年同期 stands beside this year's, with the same heads."""
    rows: Cells = [
        ["填报单位：开鲁县", None, None, None, None, "报告期：2025年6月"],
        ["序号", "指标名称", "计量单位", "2025年", None, "2024年", None, "完成率"],
        [None, None, None, "本月", "累计", "本月", "累计", None],
    ]
    for n, (head, i) in enumerate(zip(HEADS, ANNEX, strict=True), 1):
        unit = "万元" if i == "startup_loans" else None
        rows.append([n, f"{n}、{head}", unit, month(i), running(i), 7, 77, 0.5])
    rows.insert(4, [None, "其中：女性", "人", 50, 300])  # row 5
    return book(rows, ("D2:E2", "F2:G2"))


def same_head_twice() -> bytes:
    rows: Cells = [["填报单位：开鲁县", "报告期：2025年6月"], ["指标", "累计", "累计"]]
    rows += [[h, running(i), 1] for h, i in zip(HEADS, ANNEX, strict=True)]
    return book(rows)


def nothing_says_which() -> bytes:
    return book(
        [["填报单位：开鲁县", "报告期：2025年6月"], ["旗县市区", *HEADS], ["开鲁县", *map(running, ANNEX)]]
    )


def several_counties() -> bytes:
    rows: Cells = [["2025年1-6月就业指标累计完成情况"], ["旗县市区", *HEADS]]
    rows += [[c, *map(running, ANNEX)] for c in ("开鲁县", "库伦旗")]
    return book(rows)


def other_units() -> bytes:
    """Loans in 元, transfers in 万人, jobs in 万元: what is stated is followed, what cannot be is blocked."""
    rows: Cells = [["填报单位：开鲁县", None, "报告期：2025年6月"], ["指标", "计量单位", "本月", "累计"]]
    rows += [["城镇新增就业", "人", 110, 607], ["创业担保贷款发放金额", "元", 1176200, 4361200]]
    rows += [["农村牧区劳动力转移就业", "万人", 0.62, 5.82], ["新增技能人才", "万元", 47, 217]]
    return book(rows)


_ACROSS = dict(zip(ANNEX, "BCDEFGHI", strict=True))
_ROW_3 = {i: (f"{c}3", f"{c}3") for i, c in _ACROSS.items()}
_ROW_4 = {i: (f"{c}4", f"{c}4") for i, c in _ACROSS.items()}
_TITLED = [
    "没有写“报告期”，按标题认定为6月",
    "工作表“Sheet1”的数按标题“2025年1-6月就业指标累计完成情况”作为年初至今累计读取",
]
_DOWN = dict(zip(ANNEX, (4, 5, 6, 7, 9, 10, 11, 12), strict=True))
_LIST = dict(zip(ANNEX, (4, 6, 7, 8, 9, 10, 11, 12), strict=True))

_STATED = ("urban_new_jobs", "rural_labour_transferred", "startup_loans", "skilled_talent_trained")

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "like_the_annex": ("就业指标.xlsx", like_the_annex),
    "heads_of_three_rows": ("6月.xlsx", heads_of_three_rows),
    "counties_across": ("6月.xlsx", counties_across),
    "two_years_side_by_side": ("6月.xlsx", two_years_side_by_side),
    "same_head_twice": ("6月.xlsx", same_head_twice),
    "nothing_says_month_or_total": ("6月.xlsx", nothing_says_which),
    "several_counties_without_a_reporter": ("6月.xlsx", several_counties),
    "several_counties_named_by_the_file": ("开鲁县上报.xlsx", several_counties),
    "units_of_another_size": ("6月.xlsx", other_units),
}
EXPECTED: dict[str, dict[str, Any]] = {
    "like_the_annex": {
        "what": "The plan's annex filled in: one county's row is taken, the total is checked, the telephone is no value.",
        **said(
            {i: (f"{c}7", f"{c}7") for i, c in _ACROSS.items()},
            [
                "没有写“报告期”，按标题认定为6月",
                "工作表“Sheet1”有 2 个旗县市区的数，只采用开鲁县的，其余没有读取",
                "工作表“Sheet1”的合计只用来核对，没有读取",
                "工作表“Sheet1”的数按标题“2025年1—6月就业主要指标累计完成情况表”作为年初至今累计读取",
            ],
            months=False,
            signed=True,
        ),
    },
    "heads_of_three_rows": {
        "what": "A head three rows deep with merged groups and a row of column numbers; the county is its only row.",
        **said(
            {
                "urban_new_jobs": ("B6", "C6"),
                "rural_labour_transferred": ("D6", "E6"),
                "startup_loans": ("F6", "G6"),
            },
            ["没有写“填报单位”，按表内唯一的一个地区认定为开鲁县", "没有写“报告期”，按标题认定为6月"],
        ),
    },
    "counties_across": {
        "what": "Indicators down and counties across; a spacer row and column; 全市 does not add up once.",
        **said(
            {i: (f"H{r}", f"I{r}") for i, r in _DOWN.items()},
            [
                "工作表“Sheet1”有 2 个旗县市区的数，只采用开鲁县的，其余没有读取",
                "工作表“Sheet1”的合计只用来核对，没有读取",
            ],
            problems=("query total_not_sum urban_new_jobs @Sheet1!D4 open",),
        ),
    },
    "two_years_side_by_side": {
        "what": "Last year's columns bear the same heads and are left alone; numbered names; 其中 is not added.",
        **said({i: (f"D{r}", f"E{r}") for i, r in _LIST.items()}, []),
    },
    "same_head_twice": {
        "what": "累计 twice and nothing to tell them apart.",
        "refused": "工作表“Sheet1”里城镇新增就业的“累计”、农村牧区劳动力转移就业的“累计”、新增技能人才的“累计”有两栏，不知以哪一栏为准",
        "remedy": "请删去多余的栏，或者在表头写明各栏是哪一年、哪个月的，再重新报送。",
    },
    "nothing_says_month_or_total": {
        "what": "Numbers under the indicators' names alone.",
        "refused": "工作表“Sheet1”的表头没有写明是“本月”数还是“累计”数",
        "remedy": "请在表头写明“本月”“累计”后重新报送。",
    },
    "several_counties_without_a_reporter": {
        "what": "Two counties' rows, and nobody says who sends them: each row is its county's part.",
        "parts": {
            "kailu": said(_ROW_3, [*gathered_by("开鲁县"), *_TITLED], months=False),
            "hure": of_hure(
                said(_ROW_4, [*gathered_by("库伦旗"), *_TITLED], months=False),
                "query neighbours_numbers  @Sheet1!B4 open",
            ),
        },
    },
    "several_counties_named_by_the_file": {
        "what": "Two counties' rows; the file's name says whose report it is, and the receipt says so.",
        **said(
            _ROW_3,
            [
                "没有写“填报单位”，按文件名认定为开鲁县",
                "没有写“报告期”，按标题认定为6月",
                "工作表“Sheet1”有 2 个旗县市区的数，只采用开鲁县的，其余没有读取",
                "工作表“Sheet1”的数按标题“2025年1-6月就业指标累计完成情况”作为年初至今累计读取",
            ],
            months=False,
        ),
    },
    "units_of_another_size": {
        "what": "元 for 万元, 万人 for 人 in the unit's column are followed and said; 万元 for 人 cannot be.",
        "reporter": "kailu",
        "month": "2025-06",
        "is_sample": False,
        "observations": [
            "kailu urban_new_jobs in_month = 110 reported @Sheet1!C3",
            "kailu urban_new_jobs running_total = 607 reported @Sheet1!D3",
            "kailu rural_labour_transferred in_month = 6200 reported @Sheet1!C5",
            "kailu rural_labour_transferred running_total = 58200 reported @Sheet1!D5",
            "kailu startup_loans in_month = 117.62 reported @Sheet1!C4",
            "kailu startup_loans running_total = 436.12 reported @Sheet1!D4",
            "kailu skilled_talent_trained in_month = blocked @Sheet1!C6",
            "kailu skilled_talent_trained running_total = blocked @Sheet1!D6",
            *(
                f"kailu {i} {m} = missing @Sheet1!"
                for i in FORM_ORDER
                if i not in _STATED
                for m in ("in_month", "running_total")
            ),
        ],
        "problems": [
            "query coarse_unit rural_labour_transferred @Sheet1!D5 open",
            "error unit_differs skilled_talent_trained @Sheet1!B6",
            *(f"query row_missing {i} @Sheet1! open" for i in FORM_ORDER if i not in _STATED),
        ],
        "statements": 0,
        "decisions": [
            "工作表“Sheet1”写明的单位是“元”，创业担保贷款发放金额已换算成“万元”读取",
            "工作表“Sheet1”写明的单位是“万人”，农村牧区劳动力转移就业已换算成“人”读取",
            *NO_WORDS,
        ],
    },
}
