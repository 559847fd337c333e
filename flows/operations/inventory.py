"""What is there (现状), for the day's agenda: read from the folders alone, so that a watch never needs the warehouse."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from flows.operations.backup.rotation import backups
from flows.operations.run_log import Run, runs
from flows.plan.agenda import Due, Kind, Present, agenda
from flows.plan.folders import plans
from flows.plan.period import Period
from flows.settings import Settings
from flows.warehouse.raw import ENVELOPE, told_at, waiting

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def present(settings: Settings) -> Present:
    """Everything the agenda asks about, as the data folder shows it."""
    past, kept = runs(settings), [moment.date() for moment in backups(settings.backups)]
    return Present(
        waiting=len(waiting(settings.inbox)),
        begins=first_asked(settings),
        received=frozenset(months_received(settings.raw)),
        made=frozenset(documents_made(settings.reports)),
        reminded=frozenset(reminders_worked_out(past)),
        backed_up_on=max(kept, default=None),
        drilled_on=max((*drills_done(past), *kept[:1]), default=None),
    )


def first_asked(settings: Settings) -> str | None:
    """The first month that was asked for: the first whose forms were written, or the one that reports were due of
    when the first file came; None before either."""
    forms = settings.data / "forms"
    written = [f.name for f in (forms.iterdir() if forms.is_dir() else ()) if _MONTH.fullmatch(f.name)]
    folders = [
        f for f in (settings.raw.iterdir() if settings.raw.is_dir() else ()) if _MONTH.fullmatch(f.name)
    ]
    came = [_asked_when_it_came(f, f.stat().st_mtime_ns) for f in folders if any(f.iterdir())]
    return min((*written, *came), default=None)


@lru_cache(maxsize=240)
def _asked_when_it_came(folder: Path, _changed: int) -> str:
    """The month that reports were due of when the first file of this month's folder came; read again only when the
    folder changes. The folder's own month where no envelope tells."""
    first = min(filter(None, map(told_at, folder.glob(f"*{ENVELOPE}"))), default=None)
    return str(Period.month(first.year, first.month).previous) if first else folder.name


def months_received(raw: Path) -> set[str]:
    """Months of which at least one report was accepted."""
    return {
        folder.name
        for folder in (raw.iterdir() if raw.is_dir() else ())
        if _MONTH.fullmatch(folder.name) and any(folder.iterdir())
    }


def documents_made(reports: Path) -> set[tuple[str, str]]:
    """Documents that are whole, as (period, kind): those whose record of making (制作记录) is there."""
    return {(record.parent.parent.name, record.parent.name) for record in reports.glob("*/*/manifest.json")}


def reminders_worked_out(past: list[Run]) -> set[tuple[str, date]]:
    """On which days the reminders of which months were worked out, as the runs' log tells."""
    return {
        (
            str(run.parameters["month"]),
            date.fromisoformat(str(run.parameters.get("on") or run.ended_at.date())),
        )
        for run in past
        if run.name == Kind.REMINDERS.label and run.completed and run.parameters.get("month")
    }


def drills_done(past: list[Run]) -> set[date]:
    """On which days the restoring of a backup was tried with success."""
    return {run.ended_at.date() for run in past if run.name == Kind.DRILL.label and run.completed}


def due_on(settings: Settings, today: date) -> tuple[Due, ...]:
    """What is due on that day or before and not made yet, by the rules of every plan there is."""
    rules = {plan.plan.year: plan.policy.reporting for plan in plans(settings)}
    return agenda(today, rules, present(settings))
