"""Who is to be reminded or urged of what (提醒、催办、督办建议): facts, ledger and a date in, planned notices out; no I/O.

`late` judges reports not sent, `behind` figures behind pace; `ladder` says which rung is next, and `reconcile`
compares what is due with the drafts not sent yet.
"""
