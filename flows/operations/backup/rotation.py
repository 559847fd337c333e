"""Which backups there are, and which have had their time (备份轮换): names and moments alone, nothing is opened."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from flows.plan.policy import BackupRetention

_NAME = re.compile(r"diaodu-(20\d{6}T\d{6})\.tar\.gz")
_MOMENT = "%Y%m%dT%H%M%S"


def name_of(moment: datetime) -> str:
    """What the backup of a moment is called: diaodu-20250708T173000.tar.gz."""
    return f"diaodu-{moment:{_MOMENT}}.tar.gz"


def backups(folder: Path) -> dict[datetime, Path]:
    """The finished backups of a folder by their moment, oldest first; what else lies there is not ours."""
    found = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        if (named := _NAME.fullmatch(path.name)) and path.is_file():
            found[datetime.strptime(named[1], _MOMENT)] = path
    return dict(sorted(found.items()))


def expendable(moments: Iterable[datetime], policy: BackupRetention) -> set[datetime]:
    """Those no longer kept: neither the last of one of the last days, weeks or months that have a backup.

    Counted are days with a backup, not days gone by: a machine that was off for a month, or a clock that
    jumped, costs no backup.
    """
    every = sorted(moments)
    kept = set(every[-1:])
    for number, span in ((policy.daily, datetime.date), (policy.weekly, _week), (policy.monthly, _month)):
        kept |= set(_last_of_each(every, span)[-number:]) if number else set()
    return set(every) - kept


def _last_of_each(every: list[datetime], span: Callable[[datetime], object]) -> list[datetime]:
    return list({span(moment): moment for moment in every}.values())


def _week(moment: datetime) -> tuple[int, int]:
    year, week, _ = moment.isocalendar()
    return year, week


def _month(moment: datetime) -> date:
    return moment.date().replace(day=1)
