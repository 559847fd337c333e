"""Drafts as people name them on a command line (选择): by name, by period or folder, or by the number in the list last shown.

A number means the draft that was shown under it, and only as long as it is that very draft. Raises SelectionError.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flows.files import write_whole
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.issuing.approval import ApprovalStatus

_NUMBERS = re.compile(r"(\d{1,3})(?:[-—~至](\d{1,3}))?")


class SelectionError(RuntimeError):
    """What was typed names no draft: says why, and what to do."""


def remember(settings: Settings, shown: Sequence["ApprovalStatus"]) -> None:
    """Keep which draft was shown under which number."""
    rows = [[str(one.draft.name), one.draft.sha256] for one in shown]
    write_whole(settings.data / "waiting.json", json.dumps(rows, ensure_ascii=False).encode())


def selected(settings: Settings, waiting: Sequence["ApprovalStatus"], typed: Sequence[str]) -> list[str]:
    """The names of the drafts, each once, in the order typed."""
    plain = [one.strip("/ ").removeprefix("data/reports/") for one in typed]
    return list(dict.fromkeys(name for one in plain for name in _named(settings, waiting, one)))


def _named(settings: Settings, waiting: Sequence["ApprovalStatus"], typed: str) -> Iterator[str]:
    if found := _NUMBERS.fullmatch(typed):
        yield from _numbered(settings, waiting, int(found[1]), int(found[2] or found[1]))
        return
    group = [str(one.draft.name) for one in waiting if f"{one.draft.name}".startswith(f"{typed}/")]
    yield from group or [typed]


def _numbered(
    settings: Settings, waiting: Sequence["ApprovalStatus"], first: int, last: int
) -> Iterator[str]:
    file = settings.data / "waiting.json"
    shown = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    now = {str(one.draft.name): one.draft.sha256 for one in waiting}
    for number in range(first, last + 1):
        if not 1 <= number <= len(shown):
            raise SelectionError(f"上次列出的待审文件里没有第 {number} 份；先运行 diaodu approve 列出")
        name, sha256 = shown[number - 1]
        if now.get(name) != sha256:
            raise SelectionError(
                f"第 {number} 份（{name}）列出之后已重新生成或已印发；先运行 diaodu approve 重新列出"
            )
        yield name
