"""What the journal alone decides is read once for each state of it, whichever connection asks."""

from datetime import datetime
from pathlib import Path

import pytest

from flows.plan.issued import Approval, Decision, Step
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, decided

DRAFT = "2025-06/monthly_dispatch"


def passed(by: str) -> Approval:
    return Approval(DRAFT, "ab", Step.REVIEW, Decision.APPROVED, by, datetime(2025, 7, 8, 9, 0), "")


@pytest.fixture
def selected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is asked of the tables, as it is asked."""
    names: list[str] = []
    select = Warehouse.select
    monkeypatch.setattr(
        Warehouse, "select", lambda self, name, **given: names.append(name) or select(self, name, **given)
    )
    return names


def test_it_is_read_again_only_after_something_was_booked(tmp_path: Path, selected: list[str]) -> None:
    for _ in range(2):
        with Warehouse(tmp_path / "w.duckdb") as warehouse:
            if not warehouse.booked_up_to("approval"):
                assert approvals(warehouse) == ()
                warehouse.book([decided(passed("甲"))])
            assert approvals(warehouse) == approvals(warehouse, None) == (passed("甲"),)
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.book([decided(passed("乙"))])
        assert approvals(warehouse) == (passed("甲"), passed("乙"))
        assert approvals(warehouse, "2025-06/quarterly_analysis") == ()
    # Empty: before anything was booked, and it is not kept; then once a state and question; None written out is one.
    assert selected.count("approvals") == 1 + 2 + 1 + 1


def test_another_warehouse_with_another_journal_is_not_mistaken_for_it(tmp_path: Path) -> None:
    for name, by in (("a", "甲"), ("b", "乙")):
        with Warehouse(tmp_path / f"{name}.duckdb") as warehouse:
            warehouse.book([decided(passed(by))])
            assert approvals(warehouse) == (passed(by),)
    with Warehouse(tmp_path / "a.duckdb") as warehouse:
        assert approvals(warehouse) == (passed("甲"),)


def test_what_other_statements_book_does_not_ask_for_it_again(tmp_path: Path, selected: list[str]) -> None:
    answered = {"answered_at": datetime(2025, 7, 8), "answer": "已核实", "answered_by": None}
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse.book([decided(passed("丙"))])
        for number in ("ab-01", "ab-02"):
            warehouse.book([("answer", {"question_number": number, **answered})])
            assert approvals(warehouse) == (passed("丙"),)
        assert selected.count("approvals") == 1
        warehouse.book([decided(passed("丁"))])
        assert approvals(warehouse) == (passed("丙"), passed("丁"))
