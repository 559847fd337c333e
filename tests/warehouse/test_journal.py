"""The journal and the warehouse that follows it: nothing booked is lost, whatever instant ends the program."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse import journal
from flows.warehouse.connection import Warehouse
from flows.warehouse.journal import Journal, JournalError

AT = datetime(2025, 7, 8, 17, 30)


def notice(number: str) -> tuple[str, dict[str, object]]:
    return "notice", {
        "number": number, "kind": "reminder", "ladder": "late", "addressee": "kailu", "month": "2025-06",
        "as_of": AT, "drafted_on": AT.date(), "reply_by": AT.date(),
    }  # fmt: skip


def notices(warehouse: Warehouse) -> list[tuple[object, ...]]:
    query = "select number, as_of, drafted_on, addressee from notice order by number"
    return warehouse._connection.query(query).fetchall()


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "warehouse" / "w.duckdb", tmp_path / "ledgers" / "journal.jsonl"


def test_what_is_booked_is_in_the_tables_and_on_the_disk(places: tuple[Path, Path]) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a"), notice("b")])
        assert notices(warehouse) == [("a", AT, AT.date(), "kailu"), ("b", AT, AT.date(), "kailu")]
    assert len(places[1].read_text(encoding="utf-8").splitlines()) == 1  # one transaction, one line


def test_a_dropped_warehouse_is_made_again_from_the_journal(places: tuple[Path, Path]) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
        warehouse.append([notice("b")])
        before = notices(warehouse)
    places[0].unlink()
    with Warehouse(*places) as warehouse:
        assert notices(warehouse) == before


def test_a_crash_between_the_journal_and_the_tables_is_repaired_at_the_next_opening(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
        monkeypatch.setattr(warehouse, "_note", lambda _entry: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            warehouse.append([notice("b")])
    with Warehouse(*places) as warehouse:
        assert [row[0] for row in notices(warehouse)] == ["a", "b"]
        warehouse.append([notice("c")])
    with Warehouse(*places) as warehouse:
        assert [row[0] for row in notices(warehouse)] == ["a", "b", "c"]


@pytest.mark.parametrize("torn_after", [1, 20, 60])
def test_a_line_torn_by_a_crash_counts_as_never_written(places: tuple[Path, Path], torn_after: int) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
    whole = places[1].read_bytes()
    places[1].write_bytes(whole + whole[:torn_after])
    with Warehouse(*places) as warehouse:
        assert [row[0] for row in notices(warehouse)] == ["a"]
        warehouse.append([notice("b")])
    assert [entry.number for entry in Journal(places[1]).entries()] == [1, 2]


def test_a_booking_the_tables_refuse_is_not_in_the_journal(places: tuple[Path, Path]) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
        with pytest.raises(duckdb.ConstraintException):
            warehouse.append([notice("b"), notice("a")])
        assert [row[0] for row in notices(warehouse)] == ["a"]
    assert len(list(Journal(places[1]).entries())) == 1


def test_a_changed_line_is_found_because_the_next_does_not_follow_from_it(places: tuple[Path, Path]) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
        warehouse.append([notice("b")])
    places[1].write_text(places[1].read_text(encoding="utf-8").replace("kailu", "hure", 1), encoding="utf-8")
    with pytest.raises(JournalError, match="第 2 条与上一条不衔接"):
        list(Journal(places[1]).entries())


@pytest.mark.parametrize("stretch", [1, 7, 1 << 16])
def test_a_changed_last_line_is_found_by_the_hash_the_tables_have_of_it(
    places: tuple[Path, Path], stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "STRETCH", stretch)
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
        warehouse.append([notice("b")])
    Warehouse(*places).__exit__(None, None, None)  # unchanged, it opens
    text = places[1].read_text(encoding="utf-8")
    places[1].write_text(
        "".join(text.rsplit("kailu", 1)[:1]) + "hures" + text.rsplit("kailu", 1)[1], encoding="utf-8"
    )
    with pytest.raises(JournalError, match="第 2 条与已入库的不同"):
        Warehouse(*places)


def test_a_journal_shorter_than_the_tables_stops_the_work(places: tuple[Path, Path]) -> None:
    with Warehouse(*places) as warehouse:
        warehouse.append([notice("a")])
    places[1].unlink()
    with pytest.raises(JournalError, match="短于已入库的部分（第 1 条止）"):
        Warehouse(*places)


def test_what_is_no_date_and_no_text_cannot_be_booked(places: tuple[Path, Path]) -> None:
    with Warehouse(*places) as warehouse, pytest.raises(TypeError, match="Path cannot be recorded"):
        warehouse.append([("notice", {"number": places[0]})])
    assert not places[1].exists()
