"""The runs' own log, and what is read from the folders."""

from datetime import date, datetime
from pathlib import Path

import pytest

from flows.operations.inventory import present
from flows.operations.run_log import Run, append, runs
from flows.settings import Settings

MORNING = datetime(2025, 7, 8, 7, 31)


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def test_runs_are_read_back_in_order_and_a_torn_line_is_passed_over(empty: Settings) -> None:
    kept = [Run("月调度", {"month": f"2025-0{n}"}, MORNING, "Completed", "") for n in (5, 6)]
    assert runs(empty) == []
    append(empty, kept[0])
    with empty.runs.open("a", encoding="utf-8") as log:
        log.write('{"name": "月调度", "para\n')
    append(empty, kept[1])
    assert runs(empty) == kept
    assert kept[1].matter == "2025-06 月调度"
    assert empty.runs.stat().st_mode & 0o077 == 0


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
    there = present(empty)
    assert (there.waiting, there.received) == (1, {"2025-06"})
    assert there.made == {("2025-06", "monthly_dispatch")}


def test_reminders_count_for_the_day_they_were_worked_out_for_and_only_if_they_were(empty: Settings) -> None:
    append(empty, Run("提醒催办", {"month": "2025-06", "on": None}, MORNING, "Completed", ""))
    append(empty, Run("提醒催办", {"month": "2025-05", "on": "2025-06-09"}, MORNING, "Completed", ""))
    append(empty, Run("提醒催办", {"month": "2025-04", "on": None}, MORNING, "Failed", "数据库打不开"))
    assert present(empty).reminded == {("2025-06", date(2025, 7, 8)), ("2025-05", date(2025, 6, 9))}
