"""A warehouse knows which tables it was made with, and no program with other tables writes into it."""

from datetime import datetime
from pathlib import Path

import pytest

from flows.warehouse import connection as opening
from flows.warehouse.connection import NewerWarehouseError, OldWarehouseError, Warehouse
from flows.warehouse.schema import UNNOTED, Schema, present

# Every set of tables there was. After a change of a table: raise flows.warehouse.schema.NUMBER, add a line here.
SETS = {
    7: "c132f96a8e5d9ebce65e0dac991921cc27c4d498e894588f9754f2debb52a040",
    6: "39fd514964731d75af4dd255ebe6bb10c3e5b5973f6739459c58c1c25ad0ef3f",
    5: "2d513a55c87774e976343503d024bb1fe8c51b825126166241e7252086705bf3",
    1: "4b1a03069955cb40c090d39912366ff9ebb37c452847004ab68c438f8e7b1fca",
    2: "bcdd2c4e3a5174235e16b51c12e5f9f1a7539d7c4eb4de813ccc983622e72148",
    3: "cfc7a2ada5c4b58e1d64ae9f7cbc79a7a65ff3aa0b450d0a8c9c87859f8400ad",
    4: "65041d4222b509db23c68b69a3991de50eb845ae5d7ff9fb39ef19a02e6f0e89",
}


def test_the_set_of_tables_has_its_number() -> None:
    assert {present().number: present().digest}.items() <= SETS.items(), (
        "a table was changed: raise NUMBER in flows/warehouse/schema.py and add its hash to SETS"
    )


def test_a_new_warehouse_notes_its_set_and_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        with Warehouse(tmp_path / "w.duckdb") as warehouse:
            assert warehouse.schema == present()


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (Schema(present().number + 1, "other"), OldWarehouseError),
        (
            Schema(present().number, "other"),
            OldWarehouseError,
        ),  # somebody forgot to raise the number: made anew all the same
        (Schema(present().number - 1, "other"), NewerWarehouseError),
    ],
)
def test_other_tables_are_not_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: Schema, fault: type[Exception]
) -> None:
    Warehouse(tmp_path / "w.duckdb").__exit__(None, None, None)
    monkeypatch.setattr(opening, "present", lambda: now)
    with pytest.raises(fault, match=r"数据库 w\.duckdb 是(旧版程序|更新版本的程序)建的"):
        Warehouse(tmp_path / "w.duckdb")
    with Warehouse(tmp_path / "w.duckdb", as_found=True) as warehouse:
        assert warehouse.schema == present()  # looked at, nothing made


def test_one_from_before_sets_were_noted_is_an_earlier_one(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        warehouse._connection.execute("drop table schema_note").complete()
        assert warehouse.schema == UNNOTED
    with pytest.raises(OldWarehouseError):
        Warehouse(tmp_path / "w.duckdb")


def test_a_macro_of_an_earlier_program_is_made_anew_at_the_next_opening(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        spoilt = "create or replace macro in_force(as_of, before_id := 0) as table select 1 as nothing"
        warehouse._connection.execute(spoilt).complete()
        warehouse._connection.execute("update schema_note set macros_digest = 'earlier'").complete()
    with Warehouse(tmp_path / "w.duckdb") as warehouse:
        reach = {"as_of": datetime(2025, 7, 8), "first_month": "2025-01", "last_month": "2025-12"}
        assert warehouse.select("received", **reach).is_empty()  # in_force() has its columns again
