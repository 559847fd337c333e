"""The country's December by plain SQL in DuckDB: python -m bench.speed.rollup_sql FOLDER. See rollup.sql."""

import json
import sys
from pathlib import Path

import duckdb

from bench.speed.measure import clocked, say

STATEMENT = Path(__file__).with_name("rollup.sql")


def main(folder: Path) -> None:
    """Load the tables, then time the statement alone, its rows fetched as columns."""
    policy, con = json.loads((folder / "policy.json").read_text()), duckdb.connect()
    for name in ("cells", "rows"):
        con.execute(f"create table {name} as from '{folder / name}.parquet'").complete()
    con.execute("create table seasonal(indicator varchar, nov double, dec double)").complete()
    for indicator, curve in policy.pop("seasonal").items():
        con.execute("insert into seasonal values (?, ?, ?)", [indicator, *curve[-2:]]).complete()
    policy.pop("months")
    made, took = clocked(lambda: con.query(STATEMENT.read_text(), params=policy).to_arrow_table())
    con.from_arrow(made).write_parquet(str(folder / "sql.parquet"))
    say(**took)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
