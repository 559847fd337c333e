"""One process, one file, many openings: what one of them booked, the next builds on."""

from datetime import datetime
from pathlib import Path

import pytest

from flows.plan.issued import Approval, Decision, Step
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, decided
from flows.warehouse.journal import Booking


def passed(by: str) -> Booking:
    return decided(Approval("2025-06/a", "ab", Step.REVIEW, Decision.APPROVED, by, datetime(2025, 7, 8), ""))


def test_openings_side_by_side_book_one_behind_the_other(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with Warehouse(path) as outer:
        with Warehouse(path) as inner:
            inner.book([passed("甲")])
        outer.book([passed("乙")])
    lines = path.with_suffix(".jsonl").read_text("utf-8").splitlines()
    assert [("甲" in line, "乙" in line) for line in lines] == [(True, False), (False, True)]
    with Warehouse(path) as again:
        assert [a.decided_by for a in approvals(again)] == ["甲", "乙"]


def test_tables_and_macros_are_made_by_the_first_opening_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    making = Warehouse._make_tables
    monkeypatch.setattr(Warehouse, "_make_tables", lambda self: made.append(self.path) or making(self))
    for _ in range(2):
        with Warehouse(tmp_path / "w.duckdb"), Warehouse(tmp_path / "w.duckdb"):
            pass
    with Warehouse(tmp_path / "other.duckdb"):
        pass
    assert [path.name for path in made] == ["w.duckdb", "w.duckdb", "other.duckdb"]


def test_an_opening_that_was_never_closed_is_forgotten_with_its_file(tmp_path: Path) -> None:
    Warehouse(tmp_path / "w.duckdb")
    (tmp_path / "w.duckdb").unlink()
    with Warehouse(tmp_path / "w.duckdb") as new:
        assert approvals(new) == ()


def test_what_a_crash_left_in_the_journal_is_taken_in_by_the_next_opening_beside_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.duckdb"
    with Warehouse(path) as outer:
        with Warehouse(path) as cut_off, monkeypatch.context() as crash:
            crash.setattr(Warehouse, "_note", lambda *_: (_ for _ in ()).throw(OSError("crash")))
            with pytest.raises(OSError, match="crash"):
                cut_off.book([passed("甲")])
        with Warehouse(path):
            assert [a.decided_by for a in approvals(outer)] == ["甲"]
