"""Take stock of the data folder (现状) for the agenda: what exists already and what is due.

Reads folders alone, so that the watch does not need the warehouse.
"""

import json
import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from flows.files import write_whole
from flows.issuing.mail.account import contacts_file
from flows.operations.backup.archive import backups
from flows.plan.agenda import Due, Job, Present, agenda
from flows.plan.load import Plans
from flows.plan.period import Period
from flows.plan.policy import Mail
from flows.settings import Settings
from flows.warehouse.raw import ENVELOPE, stated_time, waiting

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def present(settings: Settings, plans: Plans) -> Present:
    """Everything the agenda asks about, as the data folder shows it."""
    done, backed_up = read_done(settings), [moment.date() for moment in backups(settings.backups)]
    mail = plans.of().policy.mail if contacts_file(settings).exists() else Mail()
    return Present(
        waiting=len(waiting(settings.inbox)),
        begins=first_month_requested(settings),
        received=frozenset(months_received(settings.raw)),
        made=frozenset(documents_made(settings.reports)),
        reminded=frozenset((period, day) for (kind, period), day in done.items() if kind == Job.REMINDERS),
        backed_up_on=max(backed_up, default=None),
        drilled_on=done.get((Job.DRILL, ""), min(backed_up, default=None)),
        forms_day=mail.forms_day,
        prompts=mail.prompts,
        mailed=frozenset(key for key in done if key[0] in (Job.FORMS, Job.PROMPTS)),
    )


def first_month_requested(settings: Settings) -> str | None:
    """The first month that reports were requested for: the first with blank forms, or the month due when the first file
    arrived; None before either."""
    forms = settings.data / "forms"
    written = [f.name for f in (forms.iterdir() if forms.is_dir() else ()) if _MONTH.fullmatch(f.name)]
    folders = [
        f for f in (settings.raw.iterdir() if settings.raw.is_dir() else ()) if _MONTH.fullmatch(f.name)
    ]
    received = [_month_due(f, f.stat().st_mtime_ns) for f in folders if any(f.iterdir())]
    return min((*written, *received), default=None)


@lru_cache(maxsize=240)
def _month_due(folder: Path, _changed: int) -> str:
    """The month that reports were due for when the first file of this folder arrived; the folder's own month where no
    envelope says. Cached until the folder changes."""
    first = min(filter(None, map(stated_time, folder.glob(f"*{ENVELOPE}"))), default=None)
    return str(Period.month(first.year, first.month).previous) if first else folder.name


def months_received(raw: Path) -> set[str]:
    """Months of which at least one report was accepted."""
    return {
        folder.name
        for folder in (raw.iterdir() if raw.is_dir() else ())
        if _MONTH.fullmatch(folder.name) and any(folder.iterdir())
    }


def documents_made(reports: Path) -> set[tuple[str, str]]:
    """Finished documents, as (period, kind): those with a manifest (制作记录)."""
    return {(record.parent.parent.name, record.parent.name) for record in reports.glob("*/*/manifest.json")}


def mark_done(settings: Settings, kind: Job, period: str, day: date) -> None:
    """Record the last day of a job that leaves no file of its own: reminders, the restore drill."""
    done = read_done(settings) | {(kind, period): day}
    content = {f"{kind} {period}".strip(): day.isoformat() for (kind, period), day in sorted(done.items())}
    write_whole(_done_file(settings), json.dumps(content, indent=1).encode())


def read_done(settings: Settings) -> dict[tuple[Job, str], date]:
    """The last day of each job by kind and period (empty for none). A torn file counts as none: the jobs are idempotent."""
    try:
        content = json.loads(_done_file(settings).read_text(encoding="utf-8"))
        names = {tuple(name.partition(" ")[::2]): date.fromisoformat(day) for name, day in content.items()}
        return {(Job(kind), period): day for (kind, period), day in names.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _done_file(settings: Settings) -> Path:
    return settings.data / "agenda.json"


def due_on(settings: Settings, plans: Plans, today: date) -> tuple[Due, ...]:
    """What is due on that day or before and not made yet, by the rules of every plan there is."""
    rules = {plan.plan.year: plan.policy.reporting for plan in plans}
    return agenda(today, rules, present(settings, plans))
