"""How reports become the figure of a period: one module for each 汇总规则.

Each has `own(cells, rows, period)`: the numbered rows of that rule that have a reporter (`cells` located among
them, see `said`), with

- `value`: the period's own figure (本期); null when it cannot be known from the reports in force
- `ytd`: the figure for the year so far (累计), of the period's last month; null when that is not known
- `state`: what the report of the period's last month says, see `State`
- `reported`, `expected`: how many reports stand behind `ytd`, of how many due (覆盖面)
- `value_reported`: the same count for `value`
"""
