"""The commands that a page of the documentation shows: fenced ```console blocks, `$` before a command, its output below.

Words behind `console`: `parsed` (shown, not run: it starts services, needs another machine or takes minutes),
`exit=1` (its commands end with that), a moment such as `2025-07-08T10:00` (the clock from here on).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LEFT_OUT = "……"  # a line of an output that stands for any number of lines
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(diaodu [^`]+)`")


@dataclass(frozen=True)
class Shown:
    """A command as a page shows it, with the lines shown below it and how its block is marked."""

    page: Path
    line: str
    output: tuple[str, ...]
    marks: tuple[str, ...]

    @property
    def is_run(self) -> bool:
        return "parsed" not in self.marks

    @property
    def exit_code(self) -> int:
        return next((int(mark.removeprefix("exit=")) for mark in self.marks if mark.startswith("exit=")), 0)

    @property
    def moment(self) -> datetime | None:
        return next((datetime.fromisoformat(mark) for mark in self.marks if mark[:2] == "20"), None)


def shown(page: Path) -> Iterator[Shown]:
    """Every command of the page's console blocks, in order."""
    for name, block in fences(page):
        if not name.startswith("console"):
            continue
        marks = tuple(name.split()[1:])
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            first, *output = part.rstrip("\n").split("\n")
            yield Shown(page, first, tuple(line for line in output if line), marks)


def fences(page: Path) -> Iterator[tuple[str, str]]:
    """Every fenced block: what stands behind its fence, and its text."""
    yield from _FENCE.findall(page.read_text(encoding="utf-8"))


def inline(page: Path) -> list[str]:
    """Commands within sentences and tables."""
    return _INLINE.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def agrees(expected: tuple[str, ...], said: str) -> bool:
    """Whether what a page shows is what the program said; LEFT_OUT passes over lines, `…` over part of one."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    parts = [".*" if line.strip() == LEFT_OUT else _line(line.rstrip()) for line in expected]
    pattern = "\n".join(parts).replace("\n.*\n", "\n(?:.*\n)?").replace("\n.*", "(?:\n.*)?")
    pattern = re.sub(r"^\.\*\n", "(?:.*\n)?", pattern)
    return not expected or re.fullmatch(pattern, "\n".join(lines), re.DOTALL) is not None


def _line(shown_line: str) -> str:
    return "[^\n]*".join(map(re.escape, shown_line.split("…")))
