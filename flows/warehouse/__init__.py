"""The warehouse (数据库): append-only ledgers in DuckDB, and the raw files they were read from."""
