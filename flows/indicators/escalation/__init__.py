"""Who is to be reminded or urged of what (提醒、催办、督办建议): facts, ledger and a date in, steps out; no I/O, no clock.

`late` looks at reports not sent, `behind` at figures behind the clock; `climb` says which rung is next, and
`reconcile` sets what is wanted against the drafts that lie unsent.
"""
