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


def annotated(box: str = "盖章处", margin: str = "第 &P 页") -> bytes:
    """A sheet whose numbers are changed by what stands in no cell: a comment on a number and on a name, a format in per
    cent, white digits, a merged range over a number; the last row is plain. `box` is a text box, `margin` the page's foot."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("6月")
        sheet.write_row(0, 0, ["填报单位：开鲁县", "", "", "报告期：2025年6月"])
        sheet.write_row(1, 0, ["指标", "本月", "累计"])
        names = (
            "城镇新增就业",
            "二产新增就业岗位",
            "三产新增就业岗位",
            "新业态和灵活就业新增就业",
            "小微企业个体工商户新增就业",
            "新增技能人才",
        )
        numbers = ((110, 607), (31, 161), (236, 12.46), (28, 149), (66, ""), (47, 217))
        for r, (name, row) in enumerate(zip(names, numbers, strict=True), 2):
            sheet.write_row(r, 0, [name, *row])
        sheet.write_comment(2, 2, "此为上年数")
        sheet.write_comment(3, 0, "含区直单位")
        sheet.write_number(4, 2, 12.46, book.add_format({"num_format": "0%"}))
        sheet.write_number(5, 2, 149, book.add_format({"font_color": "white"}))
        sheet.merge_range(6, 1, 6, 2, 66)
        sheet.write_number(6, 2, 316)
        sheet.insert_textbox(9, 0, box)
        sheet.set_footer(f"&C{margin}")
    return buffer.getvalue()
