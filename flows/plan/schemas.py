"""Imports dataframely as `dy`, without SQLAlchemy where possible.

dataframely imports SQLAlchemy, if it is installed, for columns of databases, which nobody here has: a quarter of a second of every
start. Where Prefect is loaded it is left alone, because another thread may be importing it.
"""

import sys

_is_free = not {"sqlalchemy", "prefect"} & sys.modules.keys()
if _is_free:
    sys.modules["sqlalchemy"] = None  # type: ignore[assignment]  # Python's own way to say: not to be had
import dataframely as dy  # noqa: E402  # only now

if _is_free:
    del sys.modules["sqlalchemy"]

__all__ = ["dy"]
