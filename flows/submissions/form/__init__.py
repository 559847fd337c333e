"""The blank form as a workbook (报表模板): look, paper, rows, checks that the clerk sees."""
