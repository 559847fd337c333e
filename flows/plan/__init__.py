"""The plan in memory (standard library only): what was promised, by whom, and the words for it.

Everything else in the program imports from here and nothing here imports from elsewhere. The glossary:
旗县市区 county, 牵头单位 lead agency (a department that reports), 指标 indicator, 任务 task, 目标 target,
完成率 attainment, 时序进度 pace, 累计 running total, 当月 in-month, 未报 missing, 核实 query.
"""
