"""Ctrl-C while DuckDB works on a statement, in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
# Hours of work, on one thread: on two, DuckDB sometimes waits for the thread that did not see the signal.
QUERYING = """
import signal, sys
from pathlib import Path
from flows.warehouse import connection
signal.signal(signal.SIGINT, signal.default_int_handler)
real = connection.statement
with connection.Warehouse(Path(sys.argv[1])) as opened:
    opened._connection.execute("set threads = 1")
    connection.statement = lambda _: "select sum(a.range % 7 * b.range) from range(1000000) a, range(1000000) b"
    try:
        print("begun", flush=True)
        opened.select("last_entry")
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        connection.statement = real
        print("interrupted", opened.select("last_entry").rows(), flush=True)
"""


def test_an_interrupted_query_is_an_interruption_and_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, "-c", QUERYING, str(tmp_path / "w.duckdb")]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as querying:
        assert querying.stdout is not None
        assert querying.stdout.readline() == "begun\n"
        # Again and again: DuckDB loses a signal that arrives while it binds the statement.
        while querying.poll() is None:
            try:
                querying.wait(0.5)
            except subprocess.TimeoutExpired:
                querying.send_signal(signal.SIGINT)
        assert querying.stdout.read() == "interrupted []\n"
