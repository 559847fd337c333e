"""dataframely as `dy`, loaded without SQLAlchemy, which it would take a quarter of a second to load for columns of databases
that nobody here has. Where Prefect is at work SQLAlchemy is left alone: another thread may be loading it."""

import sys

_is_free = not {"sqlalchemy", "prefect"} & sys.modules.keys()
if _is_free:
    sys.modules["sqlalchemy"] = None  # type: ignore[assignment]  # Python's own way to say: not to be had
import dataframely as dy  # noqa: E402  # only now

if _is_free:
    del sys.modules["sqlalchemy"]

__all__ = ["dy"]
