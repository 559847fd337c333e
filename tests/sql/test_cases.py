"""Each folder below cases/ is one query: the ledgers it is given, its parameters, the rows it must return.

cases/<statement>/<what_it_shows>/: one CSV a ledger (missing columns are the column's plainest value),
parameters.toml, expected.csv. An empty CSV cell is null; `""` is the empty text.
"""

import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.warehouse.connection import Warehouse
from flows.warehouse.queries import SQL

CASES = Path(__file__).parent / "cases"
PLAINEST = {
    "submission": {"status": "'accepted'", "is_sample": "false", "file_name": "'表.xlsx'"},
    "observation": {"measure": "'running_total'", "state": "'reported'", "reason": "''", "sheet": "'月报'",
                    "cell": "'G5'", "written": "''"},
    "statement": {"sheet": "'月报'", "cell": "'B16'"},
    "problem": {"rule": "'sum'", "tier": "'query'", "county": "''", "indicator": "''", "measure": "''", "aspect": "''",
                "compared_values": "''", "sheet": "'月报'", "cell": "'G5'", "message": "'…'", "remedy": "'…'"},
    "answer": {},
    "former_number": {},
    "source_confirmation": {"note": "''"},
    "notice": {},
    "notice_matter": {},
    "notice_state": {"note": "''"},
    "journal_entry": {"digest": "''"},
    "approval": {"note": "''"},
    "issued": {"series": "'通人社发'", "issue_year": "2025", "gap_note": "''", "file_name": "'文.pdf'",
               "as_of": "timestamp '2025-07-07 16:30:00'", "is_sample": "false"},
    "issued_figure": {},
    "sealed_copy": {"issued_sha256": "'cc'", "place": "'issued/x.pdf'", "signatures": "''",
                    "sealed_at": "timestamp '2025-07-09 10:00:00'"},
    "letter": {"kind": "'document'", "html": "''", "in_reply_to": "''", "reference_ids": "''",
               "sha256": "'ab'", "unit_name": "'某县'", "role": "'to'", "subject": "'通报'", "body": "'…'",
               "folder": "'issued'", "queued_at": "'2025-07-08 17:30:00'", "is_sample": "false"},
    "letter_attachment": {},
    "letter_state": {},
    "mail": {"message_id": "'<m@x>'", "reference_ids": "''", "sha256": "'ab'", "sender": "'a@kailu.example'", "subject": "'月报'",
             "received_at": "timestamp '2025-07-03 09:00:00'", "noticed_at": "timestamp '2025-07-03 09:10:00'",
             "folder": "'INBOX'", "uid_validity": "1", "uid": "1", "kind": "'report'", "is_automatic": "false", "doubt": "''"},
    "mail_file": {},
    "mail_sender": {"mail_id": "''", "confirmed_at": "timestamp '2025-07-03 10:00:00'"},
    "mail_result": {"status": "'accepted'", "month": "'2025-06'", "title": "'已接收'", "next_step": "''", "items_left": "0",
                    "receipt": "''", "returned": "''"},
    "paragraph_edit": {"edited_at": "timestamp '2025-07-09 10:00:00'", "own_text": "''", "old_text": "''"},
    "mail_answer": {"decided_at": "timestamp '2025-07-03 09:20:00'", "reason": "''"},
}  # fmt: skip


def given(warehouse: Warehouse, case: Path) -> None:
    """Fill the ledgers from the case's CSV files."""
    for ledger, plainest in PLAINEST.items():
        file = case / f"{ledger}.csv"
        if file.exists():
            rows = f"read_csv('{file}', header = true, all_varchar = true, quote = '\"', nullstr = '', allow_quoted_nulls = false)"
            head = file.read_text(encoding="utf-8").splitlines()[0].split(",")
            extra = {name: value for name, value in plainest.items() if name not in head}
            columns = ", ".join([*head, *extra])
            values = ", ".join([*head, *extra.values()])
            query = f"insert into {ledger} ({columns}) select {values} from {rows}"  # noqa: S608  # a test's own names
            warehouse._connection.execute(query).complete()


def as_csv(rows: list[tuple[Any, ...]], columns: list[str]) -> str:
    """Rows as the expected file writes them."""
    cells = [[_cell(value) for value in row] for row in rows]
    return "\n".join(",".join(line) for line in [columns, *cells]) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "；".join(map(str, value))
    return "" if value is None else '""' if value == "" else str(value)


@pytest.mark.parametrize(
    "case",
    sorted(p.parent for p in CASES.glob("*/*/expected.csv")),
    ids=lambda p: f"{p.parent.name}: {p.name}",
)
def test_the_query_returns_the_rows_of_its_case_in_integers_and_floats(case: Path, tmp_path: Path) -> None:
    parameters = tomllib.loads((case / "parameters.toml").read_text(encoding="utf-8"))
    with Warehouse(tmp_path / "case.duckdb") as warehouse:
        given(warehouse, case)
        frame = warehouse.select(case.parent.name, **parameters)
    expected = (case / "expected.csv").read_text(encoding="utf-8")
    wanted = expected.splitlines()[0].split(",")
    assert as_csv(frame.select(wanted).rows(), wanted) == expected
    # DuckDB's count_if and sum give decimals, which a document prints without a source.
    assert not [name for name, kind in frame.schema.items() if kind.is_decimal()]


def test_every_select_has_a_case() -> None:
    assert {p.stem for p in (SQL / "select").glob("*.sql")} == {p.name for p in CASES.iterdir()}


def test_every_statement_opens_with_what_a_row_is() -> None:
    openings = {p.name: p.read_text(encoding="utf-8").splitlines()[0] for p in SQL.rglob("*.sql")}
    assert all(line.startswith("-- ") and len(line) > 20 for line in openings.values()), openings


def test_the_ledger_refuses_a_value_without_a_state_that_carries_one(tmp_path: Path) -> None:
    with Warehouse(tmp_path / "w.duckdb") as warehouse, pytest.raises(duckdb.ConstraintException):
        warehouse._connection.execute(
            "insert into observation values (1, 'city', 'x', 'running_total', 0, 'missing', '', null, '', '', '')"
        ).complete()
