"""The sender's own workbook back (退回修改件): what is asked stands in its cells, the receipt on a sheet before them."""
