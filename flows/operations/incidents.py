"""What was told and what is over (事件): one letter for a trouble however long it lasts, one when it has passed."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.files import write_whole
from flows.operations.alert import Trouble


@dataclass(frozen=True, slots=True)
class Incident:
    """A trouble since it was first seen (Beijing). `told`: the operator has been written to; `over`: it has passed
    and that is still to be told."""

    key: str
    sentence: str
    since: datetime
    told: bool = False
    over: bool = False

    def line(self) -> str:
        """A line of the letter."""
        return f"{'已恢复' if self.over else '出事了'}（{self.since:%m月%d日 %H:%M} 起）：{self.sentence}"


def followed(before: list[Incident], found: list[Trouble], now: datetime) -> list[Incident]:
    """The incidents after a look round: what still lasts, what is new, and what has passed and was told of."""
    known, seen = {one.key: one for one in before}, {one.key for one in found}
    lasting = [
        replace(known.get(one.key, Incident(one.key, "", now)), sentence=str(one), over=False)
        for one in found
    ]
    return lasting + [replace(one, over=True) for one in before if one.key not in seen and one.told]


def to_tell(incidents: list[Incident]) -> list[Incident]:
    """What the operator does not know yet."""
    return [one for one in incidents if one.over or not one.told]


def told(incidents: list[Incident]) -> list[Incident]:
    """The same once he was written to: what is over is done with."""
    return [replace(one, told=True) for one in incidents if not one.over]


def read(file: Path) -> list[Incident]:
    """The incidents of the last look; none if there is no file, or it cannot be read."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return [Incident(**one | {"since": datetime.fromisoformat(one["since"])}) for one in kept]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def write(file: Path, incidents: list[Incident]) -> None:
    """Keep them for the next look."""
    kept = json.dumps([asdict(one) for one in incidents], ensure_ascii=False, default=str, indent=1)
    write_whole(file, kept.encode())
