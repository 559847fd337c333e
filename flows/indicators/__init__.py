"""What the true reports add up to (汇总): frame, catalogue and period in, frame out; no I/O, no clock.

Where to look: `rules/` holds one module for each 汇总规则, `coverage` adds the counties to the city,
`judge` compares with the target and the two clocks, `rank` and `mark` do what their names say, `compare`
fetches the period before and the year before, and `figures` reads like the definition of a figure.
"""
