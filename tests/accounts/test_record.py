"""The access record against whoever would alter it: every attack is carried out on the files themselves."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from flows.accounts.accounts import Accounts
from flows.accounts.record import AccessKind, RecordAccessError
from flows.plan.policy import AccountPolicy
from flows.plan.terms import AccountRole
from flows.settings import ROOT
from flows.warehouse.journal import JournalError

NOW = datetime(2025, 7, 8, 9, 0)
RIGHT = "Kouling-2025"
NOBODY = 65534


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a manager, a reviewer and a few log-ins."""
    accounts = Accounts(tmp_path, AccountPolicy())
    admin = accounts.add("王主任", (AccountRole.ADMIN,), RIGHT, NOW, None)
    accounts.add("张科长", (AccountRole.REVIEWER,), RIGHT, NOW, admin)
    accounts.verify("张科长", RIGHT, NOW)
    accounts.verify("张科长", RIGHT, NOW)
    return tmp_path


def lines(data: Path) -> list[str]:
    return (data / "ledgers" / "accounts.jsonl").read_text("utf-8").splitlines(keepends=True)


def write(data: Path, content: list[str]) -> None:
    (data / "ledgers" / "accounts.jsonl").write_text("".join(content), "utf-8")


def events(data: Path) -> list[AccessKind]:
    return [event.kind for event in Accounts(data, AccountPolicy()).record.events()]


def test_an_untouched_record_is_read(data: Path) -> None:
    assert events(data) == [AccessKind.ADDED, AccessKind.ADDED, AccessKind.LOGIN, AccessKind.LOGIN]


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        (lambda old: [old[0], old[1].replace("reviewer", "signer"), *old[2:]], "第 3 条与上一条不衔接"),
        (lambda old: [*old[:3], old[3].replace("张科长", "王主任")], "第 4 条被改过"),
        (lambda old: [old[0], *old[2:]], "不衔接"),
        (lambda old: old[:3], "被截短了（应有 4 条，只有 3 条）"),
        (lambda old: [], "被截短了（应有 4 条，只有 0 条）"),
        (lambda old: [*old[:3], old[3][:-9]], "被截短了"),
        (lambda old: [old[0], old[2], old[1], old[3]], "不衔接"),
        (lambda old: [*old[:2], "{}\n", *old[2:]], "读不出来"),
        (lambda old: [*old, '{"entry":5,"before":"x","bookings":[]}\n'], "第 5 条与上一条不衔接"),
    ],
    ids=["a role raised", "the last line altered", "a line taken out", "the last line cut off", "emptied", "torn",
         "two lines exchanged", "a foreign line", "a line added without its hash"],
)  # fmt: skip
def test_a_record_altered_anywhere_is_refused(
    data: Path, attack: Callable[[list[str]], list[str]], says: str
) -> None:
    write(data, attack(lines(data)))
    with pytest.raises(JournalError, match=says.replace("（", r"（")):
        events(data)
    with pytest.raises(JournalError):
        Accounts(data, AccountPolicy()).verify("张科长", RIGHT, NOW)


def test_a_whole_record_forged_with_a_right_chain_does_not_fit_its_head(data: Path) -> None:
    """Somebody writes a record of his own, with himself as the first account, and leaves the head as it is."""
    row = {"at": NOW.isoformat(), "account": "某人", "os_user": "x", "host": "x", "by": None,
           "roles": ["signer"], "hash": "$argon2id$", "is_sample": False}  # fmt: skip
    forged, before = [], ""
    for number in range(1, 6):
        line = json.dumps({"entry": number, "before": before, "bookings": [["account_added", row]]}) + "\n"
        forged.append(line)
        before = sha256(line.encode()).hexdigest()
    write(data, forged)
    with pytest.raises(JournalError, match="第 4 条被改过"):
        events(data)


def test_a_deleted_record_is_missed_and_no_new_office_begins(data: Path) -> None:
    (data / "ledgers" / "accounts.jsonl").unlink()
    with pytest.raises(JournalError, match="被截短了"):
        Accounts(data, AccountPolicy()).add("某人", (AccountRole.SIGNER,), RIGHT, NOW, None)


def test_a_deleted_head_is_missed(data: Path) -> None:
    (data / "ledgers" / "accounts.head").unlink()
    with pytest.raises(JournalError, match=r"缺少 accounts\.head"):
        events(data)


def test_a_crash_between_line_and_head_loses_nothing(data: Path) -> None:
    head = (data / "ledgers" / "accounts.head").read_text("ascii")
    Accounts(data, AccountPolicy()).verify("张科长", RIGHT, NOW)
    (data / "ledgers" / "accounts.head").write_text(head, "ascii")
    assert len(events(data)) == 5
    Accounts(data, AccountPolicy()).verify("张科长", RIGHT, NOW)
    assert len(events(data)) == 6


def test_a_line_torn_by_a_crash_counts_as_not_written(data: Path) -> None:
    write(data, [*lines(data), '{"entry":5,"bef'])
    assert len(events(data)) == 4
    Accounts(data, AccountPolicy()).verify("张科长", RIGHT, NOW)
    assert len(events(data)) == 5


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_record_that_others_may_write_proves_nothing(data: Path, mode: int) -> None:
    (data / "ledgers" / "accounts.jsonl").chmod(mode)
    with pytest.raises(RecordAccessError, match="别的用户可以改写"):
        events(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file to another user")
@pytest.mark.parametrize("name", ["accounts.jsonl", "accounts.head"])
def test_a_record_of_another_user_proves_nothing(data: Path, name: str) -> None:
    os.chown(data / "ledgers" / name, NOBODY, NOBODY)
    with pytest.raises(RecordAccessError):
        events(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_another_user_of_the_machine_neither_reads_nor_writes_it(data: Path) -> None:
    attack = f"""
import pathlib
for path in ({str(data / "ledgers" / "accounts.jsonl")!r}, {str(data / "ledgers" / "accounts.head")!r}):
    for act in (lambda p: p.read_text(), lambda p: p.write_text(""), lambda p: p.unlink()):
        try:
            act(pathlib.Path(path))
            print("done")
        except PermissionError:
            print("refused")
"""
    for folder in (data, *data.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)  # pytest's folders are closed anyway; the ledgers' own mode is what is tested
    command = ["/usr/bin/python3", "-c", attack]
    done = subprocess.run(
        command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["refused"] * 6


WRITER = """
import sys
from datetime import datetime
from pathlib import Path
from flows.accounts.accounts import Accounts
from flows.accounts.record import AccessKind
from flows.plan.policy import AccountPolicy
accounts = Accounts(Path(sys.argv[1]), AccountPolicy())
for _ in range(20):
    accounts.note(AccessKind.EXPORT, datetime(2025, 7, 8), None, what="figures")
"""


def test_processes_that_write_at_once_take_turns(data: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(data)]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert events(data).count(AccessKind.EXPORT) == 40
