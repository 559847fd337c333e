"""What the reports in force add up to (汇总): frame, catalogue and period in, frame out; no I/O, no clock.

`rules` makes a period's figure of the reports, one function a 汇总规则; `amounts` adds the counties to the city;
`pace` compares with the target and the calendar, `rank` and `marks` order and colour the counties; `figures` puts
these together. `exact` holds the arithmetic that all of them share.
"""
