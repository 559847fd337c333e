"""What exists already, read from the folders."""

from datetime import date
from pathlib import Path

import pytest

from flows.operations.inventory import mark_done, present
from flows.plan.agenda import Job
from flows.plan.load import plans
from flows.settings import Settings


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def test_what_is_there_is_read_from_the_folders_alone(empty: Settings) -> None:
    (empty.raw / "2025-06").mkdir(parents=True)
    (empty.raw / "2025-06" / "a.xlsx").touch()
    (empty.raw / "2025-07").mkdir()  # nothing in it
    (empty.raw / "refused").mkdir()
    (empty.raw / "refused" / "b.xlsx").touch()
    empty.inbox.mkdir(parents=True)
    (empty.inbox / "科区6月.xlsx").touch()
    whole, begun = (
        empty.reports / "2025-06" / kind for kind in ("monthly_dispatch", "monthly_dispatch-horqin")
    )
    whole.mkdir(parents=True)
    begun.mkdir()
    (whole / "manifest.json").touch()
    there = present(empty, plans(empty))
    assert (there.waiting, there.received) == (1, {"2025-06"})
    assert there.made == {("2025-06", "monthly_dispatch")}


def test_reminders_and_drills_that_were_done_are_remembered_by_their_day(empty: Settings) -> None:
    assert (
        present(empty, plans(empty)).reminded == frozenset()
        and present(empty, plans(empty)).drilled_on is None
    )
    mark_done(empty, Job.REMINDERS, "2025-06", date(2025, 7, 7))
    mark_done(empty, Job.REMINDERS, "2025-06", date(2025, 7, 8))
    mark_done(empty, Job.REMINDERS, "2025-05", date(2025, 6, 9))
    mark_done(empty, Job.DRILL, "", date(2025, 7, 1))
    assert present(empty, plans(empty)).reminded == {
        ("2025-06", date(2025, 7, 8)),
        ("2025-05", date(2025, 6, 9)),
    }
    assert present(empty, plans(empty)).drilled_on == date(2025, 7, 1)
    (empty.data / "agenda.json").write_text('{"reminders', encoding="utf-8")
    assert present(empty, plans(empty)).reminded == frozenset()
