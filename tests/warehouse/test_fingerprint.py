"""Fingerprints: equal for equal rows in whatever order, different for any other row."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY
from flows.warehouse.fingerprint import Compared, Table, compared, different_rows, fingerprint

AT = datetime(2025, 7, 8, 17, 30)


def answered(path: Path, rows: list[tuple[int, str]]) -> dict[str, Table]:
    with Warehouse(path) as warehouse:
        for number, text in rows:
            row = {
                "question_number": f"p-{number}",
                "answered_at": AT,
                "answer": text,
                "answered_by": "kailu",
            }
            warehouse.add("answer", **row, **BY_NOBODY)
        return fingerprint(warehouse)


@settings(deadline=None, max_examples=15)
@given(rows=st.dictionaries(st.integers(0, 99), st.text(max_size=5), max_size=6), data=st.data())
def test_the_order_of_rows_changes_nothing_and_any_row_does(
    rows: dict[int, str], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(list(rows.items())))
    with TemporaryDirectory() as folder:
        one = answered(Path(folder) / "1.duckdb", list(rows.items()))
        other = answered(Path(folder) / "2.duckdb", shuffled)
        more = answered(Path(folder) / "3.duckdb", [*shuffled, (100, "x")])
    assert one == other
    assert [c.name for c in compared(one, more) if not c.is_equal] == ["answer"]


def test_every_table_is_there_and_an_empty_one_has_no_hash(tmp_path: Path) -> None:
    found = answered(tmp_path / "w.duckdb", [])
    assert {"submission", "observation", "journal_entry", "issued_figure"} <= set(found)
    assert found["answer"] == Table(
        ("question_number", "answered_at", "answer", "answered_by", *BY_NOBODY), 0, ""
    )


def test_rows_that_one_side_alone_has_are_shown(tmp_path: Path) -> None:
    answered(tmp_path / "1.duckdb", [(1, "甲"), (2, "乙")])
    answered(tmp_path / "2.duckdb", [(1, "甲"), (2, "丙")])
    with Warehouse(tmp_path / "1.duckdb") as one, Warehouse(tmp_path / "2.duckdb") as other:
        found = list(different_rows("answer", one, other))
    assert [(before, "乙" in row, "丙" in row) for before, row in found] == [
        (True, True, False),
        (False, False, True),
    ]


def test_a_table_with_other_columns_is_told_from_one_with_other_rows() -> None:
    old, new = Table(("a",), 2, "x"), Table(("a", "b"), 2, "y")
    assert Compared("t", old, new).is_reshaped and Compared("t", None, new).is_reshaped
    assert not Compared("t", old, Table(("a",), 2, "y")).is_reshaped
