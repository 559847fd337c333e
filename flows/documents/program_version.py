"""Which program this is (程序): a hash of its code, its SQL and its templates, to distinguish its work from another's."""

import hashlib
from functools import cache

from flows.settings import ROOT

READING = (("flows", "*.py"), ("sql", "*.sql"))  # what decides which numbers there are
SETTING = (*READING, ("templates", "*.j2"), ("templates", "*.css"))  # and how they are printed


@cache
def program(parts: tuple[tuple[str, str], ...] = SETTING) -> str:
    """The hash of every file of those parts, by folder and pattern, with its place in the checkout."""
    digest = hashlib.sha256()
    found = {path for folder, pattern in parts for path in (ROOT / folder).rglob(pattern) if path.is_file()}
    for path in sorted(path for path in found if "__pycache__" not in path.parts):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
