"""More tables as offices arrange them, built cell by cell; what each must give stands in its case.json."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
from openpyxl.styles import Alignment

from tests.submissions.arranged_cases import ANNEX, HEADS, Cells, book, month, running
from tests.submissions.conftest import MAY

HEAD: list[object] = ["填报单位：开鲁县", None, "报告期：2025年6月"]
ORDER = ("urban_new_jobs", "rural_labour_transferred", "skilled_talent_trained", "startup_loans")
NAMES = dict(zip(ANNEX, HEADS, strict=True))


def listed(*heads: str, indicators: tuple[str, ...] = ANNEX) -> Cells:
    """The plainest table: a name, the month, the running total."""
    rows: Cells = [HEAD, list(heads or ("指标", "本月", "累计"))]
    return rows + [[NAMES[i].replace("\n", ""), month(i), running(i)] for i in indicators]


def sheets(*named: tuple[str, Cells]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cells in named:
        sheet = made.create_sheet(name)
        for row in cells:
            sheet.append(row)
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def instructions_first() -> bytes:
    """A sheet that explains how to fill in, with the same labels, stands before the report."""
    told: Cells = [
        ["填报说明"],
        ["填报单位：", "填写全称，如开鲁县人社局"],
        ["报告期：", "填写年月"],
        ["指标", "按方案口径填写"],
    ]
    return sheets(("填报说明", told), ("Sheet1", listed()))


def heads_of_four_rows() -> bytes:
    """人员 over 就业 over the indicator over 本月 and 累计; everything merged as far as it reaches."""
    rows: Cells = [
        ["2025年6月就业情况"],
        ["地区", "人员类指标（人）", None, None, None, "资金类指标（万元）", None],
        [None, "就业", None, None, None, "贷款", None],
        [None, "城镇新增就业", None, "农村牧区劳动力转移就业", None, "创业担保贷款发放金额", None],
        [None, *["本月", "累计"] * 3],
    ]
    three = ("urban_new_jobs", "rural_labour_transferred", "startup_loans")
    rows.append(["开鲁县", *(f(i) for i in three for f in (month, running))])
    merged = ("A1:G1", "A2:A5", "B2:E2", "F2:G2", "B3:E3", "F3:G3", "B4:C4", "D4:E4", "F4:G4")
    return book(rows, merged)


def turned_heads() -> bytes:
    """Heads written downwards, merged over two rows, with a line break in each."""
    made = openpyxl.load_workbook(
        BytesIO(book([HEAD, ["指\n标", "本\n月", "累\n计"], [None] * 3, *listed()[2:]]))
    )
    sheet = made.active
    for column in "ABC":
        sheet.merge_cells(f"{column}2:{column}3")
        sheet[f"{column}2"].alignment = Alignment(textRotation=255, horizontal="center")
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def reverse_with_deep_heads() -> bytes:
    """Indicators down in groups, counties across below their part of the city, 本月 and 累计 below each."""
    rows: Cells = [
        [None, None, "填报单位：开鲁县", None, None, None, "报告期：2025年6月"],
        ["类别", "指标", "北部", None, None, None, "南部", None],
        [None, None, "扎鲁特旗", None, "开鲁县", None, "库伦旗", None],
        [None, None, *["本月", "累计"] * 3],
    ]
    rows += [
        ["就业" if n == 0 else None, NAMES[i], 7, 77, month(i), running(i), 8, 88]
        for n, i in enumerate(ORDER)
    ]
    return book(rows, ("A2:A4", "B2:B4", "C2:F2", "G2:H2", "C3:D3", "E3:F3", "G3:H3", "A5:A8"))


def sub_rows() -> bytes:
    """其中 below an indicator, 小计 and 合计 below groups: none is added, none is loaded; one 其中 is too large."""
    rows = listed(indicators=ORDER)
    rows.insert(3, ["其中：高校毕业生", 20, 100])
    rows.insert(5, ["其中：6个月以上", 6300, 58000])
    rows += [["小计", 1, 2], ["合　计", 3, 4], ["总计", 5, 6]]
    return book(rows)


def two_tables_on_a_sheet() -> bytes:
    """People above, money below, each with its own head of two rows."""
    people: Cells = [["一、人员类"], ["指标", "完成情况", None], [None, "本月", "累计"]]
    people += [[NAMES[i], month(i), running(i)] for i in ORDER[:3]]
    money: Cells = [[None], ["二、资金类"], ["指标", "完成情况", None], [None, "本月", "累计"]]
    money += [[NAMES["startup_loans"], month("startup_loans"), running("startup_loans")]]
    return book([HEAD, *people, *money])


def note_of_ten_thousands() -> bytes:
    """单位：万人、元 at the right over the table."""
    rows: Cells = [HEAD, [None, None, "单位：万人、元"], ["指标", "本月", "累计"]]
    rows += [["农村牧区劳动力转移就业", 0.62, 5.82], ["创业担保贷款发放金额", 1176200, 4361200]]
    return book(rows)


def note_of_the_usual() -> bytes:
    return book([HEAD, [None, None, "单位：人、个、万元"], *listed()[1:]])


def columns_fewer_and_more() -> bytes:
    """No target and no last month; rank, change and a remark more; an empty column between."""
    rows: Cells = [HEAD, ["排名", "指标", None, "累计", "本月", "同比增减", "备注"]]
    rows += [[n, NAMES[i], None, running(i), month(i), 0.1, "正常"] for n, i in enumerate(ANNEX, 1)]
    return book(rows)


def footers() -> bytes:
    """Notes, names, a telephone number as a number, a date and a seal below the table."""
    rows = listed()
    rows += [
        [None],
        ["注：1.累计为年初至今。2.5月数已核减。"],
        ["填报人：甲某", "审核人：乙某", "单位负责人：丙某"],
    ]
    rows += [["联系电话", 4750000000, None], ["填报日期：", date(2025, 7, 3), "（盖章）"]]
    return book(rows)


def county_and_a_neighbours_sheet() -> bytes:
    """A neighbour's sheet left in a county's own workbook."""
    other: Cells = [["填报单位：库伦旗", None, "报告期：2025年6月"], *listed()[1:]]
    return sheets(("库伦旗", other), ("开鲁县", listed()))


def gathered_with_an_empty_form() -> bytes:
    """Three sheets put together; nobody has filled in the third."""
    hure: Cells = [
        ["填报单位：库伦旗", None, "报告期：2025年6月"],
        ["指标", "本月", "累计"],
        ["城镇新增就业", 50, 300],
    ]
    empty: Cells = [
        ["填报单位：奈曼旗", None, "报告期：2025年6月"],
        ["指标", "本月", "累计"],
        ["城镇新增就业", None, None],
    ]
    return sheets(("1", listed()), ("2", hure), ("3", empty))


def gathered_across() -> bytes:
    """The annex turned round by nobody named: indicators down, counties across, a wrong sum, words."""
    rows: Cells = [
        ["2025年6月各旗县市区就业情况"],
        ["指标", "开鲁县", None, "库伦旗", None, "奈曼旗", None, "合计", None],
    ]
    rows += [[None, *(["本月", "累计"] * 4)], ["城镇新增就业", 110, 607, 50, 300, 40, 200, 200, 1200]]
    rows += [
        ["新增技能人才", 47, 217, 20, 90, 10, 50, 77, 357],
        ["存在问题", "企业用工意愿不足，岗位流失较多"],
    ]
    return book(rows, ("B2:C2", "D2:E2", "F2:G2", "H2:I2"))


def sheet_for_each_county() -> bytes:
    """What the city's office puts together: a sheet for each county."""
    other: Cells = [["填报单位：库伦旗", None, "报告期：2025年6月"], *listed()[1:]]
    return sheets(("开鲁县", listed()), ("库伦旗", other))


def counties_by_the_city() -> bytes:
    """The city's office sends a table of counties under its own name."""
    rows: Cells = [["填报单位：市人社局", None, "报告期：2025年6月"], ["旗县市区", "城镇新增就业", None]]
    rows += [[None, "本月", "累计"], ["开鲁县", 110, 607], ["库伦旗", 50, 300], ["合计", 160, 907]]
    return book(rows, ("B2:C2",))


def title_of_may() -> bytes:
    return book([["开鲁县2025年5月就业情况统计表"], *listed()], title="5月")


def cells_of_nothing() -> bytes:
    """无 / - — 〇 × 同上 and a blank, under 累计."""
    marks = ("无", "/", "-", "—", "×", "同上", None, "〇")
    rows = listed()
    for row, mark in zip(rows[2:], marks, strict=True):
        row[2] = mark
    return book(rows)


def digits_and_signs() -> bytes:
    """Full-width digits, comma, full stop, and thousands set apart in three ways; a number that is a text."""
    rows = listed(indicators=ORDER)
    rows[2][1:] = ["１１０", "607"]
    rows[3][1:] = ["6，200", "58,200"]
    rows[4][1:] = ["４７人", " 217 "]
    rows[5][1:] = ["１１７．６２", "436.12万元"]
    rows += [["三产新增就业岗位", "236", "1 246"], ["二产新增就业岗位", "（31）", "(161)"]]
    return book(rows)


def minus_in_full_width() -> bytes:
    """－7 with its reason: a correction."""
    rows: Cells = [HEAD, ["指标", "本月", "累计", "原因说明"]]
    return book([*rows, ["城镇新增就业", "－７", "４９０", "与社保数据比对，核减重复统计7人"]])


def broken_reference() -> bytes:
    made = openpyxl.load_workbook(BytesIO(book(listed(indicators=ORDER))))
    made.active["C3"] = "=Sheet9!A1+1"
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def month_as_a_serial() -> bytes:
    """报告期 as a date the program formatted: 2025-06-01."""
    return book([["填报单位", "开鲁县", "报告期", date(2025, 6, 1)], *listed()[1:]])


def month_with_a_point() -> bytes:
    return book([["填报单位", "开鲁县", "报告期", 2025.6], *listed()[1:]])


def months_slip(rows: dict[str, tuple[object, object]]) -> bytes:
    """The form's ten rows, with some typed otherwise."""
    honest = {i: (month(i), running(i)) for i in ANNEX} | rows
    return book([HEAD, ["指标", "本月", "累计"], *([NAMES[i], *honest[i]] for i in ANNEX)])


def last_month_again() -> bytes:
    return months_slip({i: (0, float(MAY[i])) for i in ANNEX})


def hures_june() -> bytes:
    """Three of 库伦旗's running totals, June made to agree with 开鲁县's May."""
    return months_slip({"urban_new_jobs": (3, 500), "secondary_jobs": (10, 140), "tertiary_jobs": (90, 1100)})


def department(rows: Cells, title: str) -> bytes:
    return book([[title], *rows])


def agriculture() -> bytes:
    """A department's own table: its indicators across, counties down, the city's sum last."""
    rows: Cells = [
        ["地区", "引进培育加工销售龙头企业", None, "青贮种植面积（万亩）"],
        [None, "本月", "累计", None],
    ]
    rows += [["科尔沁区", 2, 10, 30], ["库伦旗", 3, 20, 40], ["全市", 5, 31, 70]]
    return department(rows, "市农牧局2025年6月重点指标进展")


def market() -> bytes:
    """60.2, 60.2% and 0.602 are written in three files; here as a text with its sign."""
    rows: Cells = [["指标", "期末数"], ["小微企业户数", 55800], ["市场主体活跃度", "70.2%"]]
    return department(rows, "市市场监管局2025年6月月报")


def market_fraction() -> bytes:
    """Typed as 70.2% into a cell, kept by the program as 0.702."""
    made = openpyxl.load_workbook(BytesIO(market()))
    sheet = made.active
    sheet["B4"], sheet["B4"].number_format = 0.702, "0.0%"
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def market_number() -> bytes:
    made = openpyxl.load_workbook(BytesIO(market()))
    made.active["B4"], made.active["B3"] = 70.2, 5.58
    made.active["A3"] = "小微企业户数（万户）"
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def base_done() -> bytes:
    """A date of completion as the serial number 45826, 18 June 2025."""
    rows: Cells = [["填报单位：市人社局", "报告期：2025年6月"], ["指标", "完成情况", "完成日期"]]
    return book([*rows, ["建成通辽市公共实训基地", "是", 45826]])


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "instructions_sheet_first": ("6月.xlsx", instructions_first),
    "heads_of_four_rows": ("开鲁6月.xlsx", heads_of_four_rows),
    "turned_and_merged_heads": ("6月.xlsx", turned_heads),
    "reverse_with_deep_heads": ("6月.xlsx", reverse_with_deep_heads),
    "sub_rows_and_sums": ("6月.xlsx", sub_rows),
    "two_tables_on_a_sheet": ("6月.xlsx", two_tables_on_a_sheet),
    "unit_note_of_ten_thousands": ("6月.xlsx", note_of_ten_thousands),
    "unit_note_of_the_usual": ("6月.xlsx", note_of_the_usual),
    "columns_fewer_and_more": ("6月.xlsx", columns_fewer_and_more),
    "footers_and_notes": ("6月.xlsx", footers),
    "sheet_for_each_county": ("各地6月.xlsx", sheet_for_each_county),
    "counties_by_the_city": ("市人社局6月.xlsx", counties_by_the_city),
    "title_of_last_month": ("6月.xlsx", title_of_may),
    "marks_for_nothing": ("6月.xlsx", cells_of_nothing),
    "digits_signs_and_brackets": ("6月.xlsx", digits_and_signs),
    "minus_in_full_width": ("6月.xlsx", minus_in_full_width),
    "broken_reference": ("6月.xlsx", broken_reference),
    "month_as_a_date": ("开鲁.xlsx", month_as_a_serial),
    "month_with_a_point": ("开鲁.xlsx", month_with_a_point),
    "last_months_numbers_again": ("6月.xlsx", last_month_again),
    "running_total_under_month": (
        "6月.xlsx", lambda: months_slip({"urban_new_jobs": (607, 607), "tertiary_jobs": (1246, 236)}),
    ),
    "ten_thousandth_and_exact_target": (
        "6月.xlsx", lambda: months_slip({"rural_labour_transferred": (1, 6), "skilled_talent_trained": (230, 400)}),
    ),
    "neighbours_numbers": ("6月.xlsx", hures_june),
    "departments_own_table": ("市农牧局6月.xlsx", agriculture),
    "percentage_as_text": ("市场监管局6月.xlsx", market),
    "percentage_as_fraction": ("市场监管局6月.xlsx", market_fraction),
    "percentage_and_ten_thousands": ("市场监管局6月.xlsx", market_number),
    "completion_date_as_serial": ("6月.xlsx", base_done),
    "county_and_a_neighbours_sheet": ("开鲁县6月.xlsx", county_and_a_neighbours_sheet),
    "gathered_with_an_empty_form": ("6月汇总.xlsx", gathered_with_an_empty_form),
    "gathered_across": ("各地6月.xlsx", gathered_across),
}  # fmt: skip
KINDS = ("xls", "ods", "xlsx")
SAVED_AS = {
    name: KINDS[n % 3] for n, name in enumerate(FILES)
}  # LibreOffice saves each in one of its formats
