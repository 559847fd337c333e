"""Which set of tables this program makes (库结构): a number and a hash of the statements that make them.

A warehouse notes the set it was made with. One made with another set is never altered: it is made anew from what
was received, which is the one way that needs no step from every version to every other.
"""

import re
from dataclasses import dataclass
from functools import cache

from flows.files import sha256_of
from flows.warehouse.queries import names, statement

NUMBER = 7  # raise it with every change of a table; tests/warehouse/test_schema.py knows the hash of each
_MAKING = ("create table", "alter table")
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class Schema:
    """A set of tables: its number, and the hash of its statements; number 0 before sets were noted."""

    number: int
    digest: str


UNNOTED = Schema(0, "")


@cache
def macros() -> tuple[str, ...]:
    """The statements that make macros: made again where another program made them last."""
    return tuple(name for name in names("schema") if not _bare(name).startswith(_MAKING))


@cache
def macros_digest() -> str:
    """The hash of the statements that make macros."""
    return sha256_of("\n".join(map(_bare, macros())).encode())


@cache
def present() -> Schema:
    """The set this program makes. Comments make no table."""
    making = [text for text in map(_bare, names("schema")) if text.startswith(_MAKING)]
    return Schema(NUMBER, sha256_of("\n".join(making).encode()))


def _bare(name: str) -> str:
    return " ".join(_COMMENT.sub("", statement(name)).split())
