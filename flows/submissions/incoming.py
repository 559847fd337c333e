"""From a file that waits to the files to be read (到件): loaded within limits, packages taken apart, opened."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from flows.files import sha256_of
from flows.plan.file_name import shown_name
from flows.plan.observation import Reading, Refusal
from flows.submissions.clean_copy import cleaned
from flows.submissions.formats.grid import Opened
from flows.submissions.formats.package import MAX_BYTES
from flows.submissions.read_form import Part, open_or_refuse, unpack_or_refuse
from flows.warehouse.raw import PACKAGES, Arrival, Instead, Package, Waiting, keep, load

INSIDE = " 内 "  # 包.zip 内 科区6月.xlsx
_PERSONAL, _TOO_LARGE = "personal data", "too large"


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One file to be read, opened or refused already."""

    arrived: Arrival
    opened: Opened | Refusal

    @property
    def is_personal(self) -> bool:
        """Whether its bytes may not be kept."""
        return isinstance(self.opened, Opened) and self.opened.is_personal


Unpacked = tuple[Arrival, Iterator[IncomingFile]]


def unpack(waiting: Waiting) -> Unpacked:
    """The file as it came, and what is to be read: the file itself, or one by one what is in the package."""
    arrived = load(waiting, MAX_BYTES)
    members = unpack_or_refuse(arrived.content) if arrived.is_whole else []
    if isinstance(members, Refusal):
        return arrived, iter([IncomingFile(arrived, members)])
    if not members:
        return arrived, iter([IncomingFile(arrived, open_or_refuse(arrived.name, arrived.content))])
    return arrived, (_member(arrived, member.name, member.content) for member in members)


def opened_ahead(files: Iterable[Waiting]) -> Iterator[tuple[Waiting, Callable[[], Unpacked]]]:
    """Each file with what gives its content, or raises as `unpack` does: while it is dealt with, the reading child opens
    the next one on another core."""
    with ThreadPoolExecutor(1, "opening") as pool:
        coming = deque[tuple[Waiting, Callable[[], Unpacked]]]()
        for file in files:
            coming.append((file, pool.submit(unpack, file).result))
            if len(coming) > 1:
                yield coming.popleft()
        yield from coming


def _member(package: Arrival, name: str, content: bytes) -> IncomingFile:
    own = shown_name(name)
    arrived = replace(
        package,
        name=f"{package.name}{INSIDE}{own}",
        content=content,
        sha256=sha256_of(content),
        package=Package(package.name, package.sha256, own),
    )
    return IncomingFile(arrived, open_or_refuse(own, content))


def final_outcome(one: IncomingFile, outcome: Reading | Refusal) -> Reading | Refusal:
    """The outcome; a refusal says where the file itself is not kept either."""
    if isinstance(outcome, Refusal) and (one.is_personal or not one.arrived.is_whole):
        return replace(outcome, is_kept=False)
    return outcome


def replacement_copy(one: IncomingFile, parts: Sequence[Part]) -> Instead | None:
    """What is kept in place of the received bytes; None where they are kept."""
    if not (one.is_personal or not one.arrived.is_whole):
        return None
    because = _PERSONAL if one.is_personal else _TOO_LARGE
    if isinstance(refusal := final_outcome(one, parts[0].outcome), Refusal) and not parts[0].reporter:
        return Instead(because, refusal=refusal)
    if isinstance(one.opened, Refusal):
        return None
    content, suffix = cleaned(one.opened, parts)
    return Instead(because, content, suffix)


def keep_package(raw: Path, package: Arrival, is_personal: bool) -> None:
    """Keep a package whole beside what was in it, or, where a file in it brought personal data, its envelope."""
    keep(raw, PACKAGES, package, Instead(_PERSONAL) if is_personal else None)
