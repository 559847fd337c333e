"""A synthetic year (示例数据): figures, words and the cases a sample must show."""
