"""The data folder (数据文件夹): whether it is an office's, and whether data are missing in it.

A folder becomes an office's by `diaodu init`, or by the first sample, forms or named workbooks, which write a marker and
report it. A wrong DIAODU_DATA, or a folder whose ledgers were deleted, is never taken for a new office.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flows.files import write_whole
from flows.settings import Settings

INIT = "确认要在这里新建的，运行 diaodu init；不是的，核对 DIAODU_DATA"
RESTORE = (
    "从备份恢复（diaodu restore 备份文件 --into 新文件夹）；从没有答复、审签、印发过的，可运行 diaodu rebuild"
)


class NoOfficeError(RuntimeError):
    """The data folder is no office's, or has lost its ledgers: the sentence says which, and what to do."""


def marker(settings: Settings) -> Path:
    """The file that says that this is an office's data folder."""
    return settings.data / "office"


def init(settings: Settings, now: datetime) -> bool:
    """Make the folder an office's, readable by its owner alone; false where it is one already."""
    if marker(settings).exists():
        return False
    settings.data.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):  # not the owner: the doctor reports an open folder
        settings.data.chmod(0o700)  # a checkout creates it open to everybody
    write_whole(marker(settings), f"就业促进行动调度的数据文件夹，{now:%Y-%m-%d %H:%M} 建立。\n".encode())
    return True


def is_empty(settings: Settings) -> bool:
    """Whether there is no trace of an office: no marker, no journal, no stored or issued file."""
    return not (marker(settings).exists() or settings.journal.exists() or [*_traces(settings)])


def missing_data(settings: Settings) -> tuple[str, str] | None:
    """What is missing in the folder, and what to do; None where nothing is, or it can be rebuilt automatically."""
    if is_empty(settings):
        return f"{settings.data} 里没有数据", INIT
    names = [*_traces(settings)]
    if names and not settings.warehouse.exists() and not settings.journal.exists():
        sentence = f"{settings.data} 里有{'、'.join(names)}，却没有台账流水和数据库，多半是删了或没有拷全"
        return sentence, RESTORE
    return None


def ensure(
    settings: Settings,
    now: datetime,
    say: Callable[[str], None],
    *,
    is_reading: bool = False,
    is_beginning: bool = False,
) -> None:
    """Before a command runs: NoOfficeError where data are missing; a missing warehouse is rebuilt.

    In an empty folder a command that only reads continues, and one that begins an office initialises it; both say so.
    """
    if is_beginning and is_empty(settings):
        init(settings, now)
        say(f"注意：{settings.data} 里没有数据，已作为新的数据文件夹建立；不该在这里的，请核对 DIAODU_DATA")
        return
    if missing := missing_data(settings):
        sentence = "。".join(missing)
        if not (is_reading and is_empty(settings)):
            raise NoOfficeError(sentence)
        say(f"注意：{sentence}")
    elif settings.journal.exists() and not settings.warehouse.exists():
        from flows.operations.backup.messages import rebuilt_lines
        from flows.operations.backup.rebuild import rebuild

        say("数据库没有了，由存件和台账流水重建：")
        for line in rebuilt_lines(rebuild(settings, now)):
            say(line)


def _traces(settings: Settings) -> Iterable[str]:
    """Names of what only an office at work leaves behind. A README in `raw` is none."""
    stored = (f for f in settings.raw.glob("*/*") if f.parent != settings.inbox)
    if next(stored, None):
        yield "存件"
    if next((settings.data / "issued").glob("*/*"), None):
        yield "已印发文件"
    if next(settings.receipts.glob("*/*"), None):
        yield "回执"
