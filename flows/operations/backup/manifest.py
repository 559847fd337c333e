"""What belongs to a backup (备份内容): what cannot be made again, and what makes going on quicker.

Not in it: blank forms, Prefect's own database and the services' logs, which are made again, and `.env` and whatever
holds a password.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from flows.issuing.mail_account import contacts_file
from flows.operations.backup.archive import Item
from flows.settings import Settings

FOLDERS = ("raw", "ledgers", "issued", "receipts", "reports")
INBOX, LEDGERS, PLAN, WAREHOUSE, CONTACTS = (
    "raw/inbox/", "ledgers/", "plan", "warehouse/diaodu.duckdb", "contacts.toml"
)  # fmt: skip
_CHANGES = (
    INBOX,
    "receipts/",
    "reports/",
)  # what may be made again or taken away while the backup is written


def listed(settings: Settings, aside: Path) -> Iterator[Item]:
    """Every file but the warehouse. Those in the inbox are copied to `aside`: they may be taken in meanwhile."""
    yield from _folders(settings, aside)
    yield from _beside(settings)


def _folders(settings: Settings, aside: Path) -> Iterator[Item]:
    for folder in FOLDERS:
        for path in sorted((settings.data / folder).rglob("*")):
            name = path.relative_to(settings.data).as_posix()
            if not path.is_file() or path.is_symlink() or path.name.endswith(".part"):
                continue
            where = _waiting(path, aside / name) if name.startswith(INBOX) else path
            at_most = where.stat().st_size if name.startswith(LEDGERS) else None
            yield Item(name, where, at_most, may_vanish=name.startswith(_CHANGES))


def _waiting(path: Path, copy: Path) -> Path:
    copy.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(path, copy))


def _beside(settings: Settings) -> Iterator[Item]:
    """The plans, the addresses and the log of runs."""
    for folder in settings.plan_folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            yield Item(f"{PLAN}/{folder.name}/{path.relative_to(folder).as_posix()}", path)
    for name, path in ((CONTACTS, contacts_file(settings)), ("logs/runs.jsonl", settings.runs)):
        if path.is_file():
            yield Item(name, path, at_most=path.stat().st_size)
