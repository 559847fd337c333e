"""One sheet with everything that a reader of values does not tell: a raised footnote, a digit struck through, a hidden
column of last month's totals, a hidden old row, a unit that only the number format shows."""

from io import BytesIO

import xlsxwriter

ROWS: tuple[tuple[str, int, int, int | str], ...] = (
    ("城镇新增就业", 497, 110, ""), ("二产新增就业岗位", 130, 31, ""), ("三产新增就业岗位", 1010, 236, 1246),
    ("新业态和灵活就业新增就业（旧）", 1, 1, 1), ("新业态和灵活就业新增就业", 121, 28, 149),
)  # fmt: skip
WEB_PAGE = """<html><head><meta charset="utf-8"><style>.old{text-decoration:line-through}</style></head><table>
<colgroup><col><col style="display:none"><col><col></colgroup>
<tr><td>填报单位：开鲁县<td><td><td>报告期：2025年6月</tr>
<tr><td>指标<td>累计<td>本月<td>截止6月底累计数</tr>
<tr><td>城镇新增就业<td>497<td>110<td>607<sup>1</sup></tr>
<tr><td>二产新增就业岗位<td>130<td>31<td><span class="old">1</span>161</tr>
<tr><td>三产新增就业岗位<td>1010<td>236<td>1246</tr>
<tr style="display:none"><td>新业态和灵活就业新增就业（旧）<td>1<td>1<td>1</tr>
<tr><td>新业态和灵活就业新增就业<td>121<td>28<td>149</tr>
<tr><td>小微企业个体工商户新增就业<td><td>66<td>316户次</tr></table></html>"""


def workbook() -> bytes:
    """The sheet as Excel saves it."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("6月")
        raised, struck = book.add_format({"font_script": 1}), book.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["填报单位：开鲁县", "", "", "报告期：2025年6月"])
        sheet.write_row(1, 0, ["指标", "累计", "本月", "截止6月底累计数"])
        for r, row in enumerate(ROWS, 2):
            sheet.write_row(r, 0, [value for value in row if value != ""])
        sheet.write_rich_string(2, 3, book.add_format(), "607", raised, "1")
        sheet.write_rich_string(3, 3, struck, "1", book.add_format(), "161")
        sheet.write_row(7, 0, ["小微企业个体工商户新增就业", "", 66])
        sheet.write_number(7, 3, 316, book.add_format({"num_format": '0"户次"'}))
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_row(5, None, None, {"hidden": True})
    return buffer.getvalue()
