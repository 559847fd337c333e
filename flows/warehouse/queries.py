"""The SQL of the project: one statement a file under sql/, named by folder and file."""

from functools import cache
from pathlib import Path

SQL = Path(__file__).parents[2] / "sql"


@cache
def statement(name: str) -> str:
    """The text of `select/by_cell` and the like."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


@cache
def names(folder: str) -> tuple[str, ...]:
    """Every statement of a folder, in file order."""
    return tuple(f"{folder}/{path.stem}" for path in sorted((SQL / folder).glob("*.sql")))
