"""What a process says once its interpreter is gone (最后的话): nothing.

DuckDB's binding then lists forty lines of what other libraries still hold of it, at the end of every scheduled run,
in the log that somebody reads when something is wrong.
"""

import atexit
import os


def drop() -> None:
    """Drop what this process would print after its end; what it says until then stays."""
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
