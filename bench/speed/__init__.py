"""How fast (速度): one module a subject, measured by `python -m bench`, its tables in docs/evidence/benchmark.md.

A subject's module only starts children and reads what they say, so that it stays small: a child's peak memory
begins with that of the process it was started from. What is measured stands in modules of its own.
"""
