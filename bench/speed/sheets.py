"""Counties' sheets (反馈单): on one core, on two, by Dask; of 9, 103 and 2,844 counties."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress

from bench.speed.measure import ROOT, WORK, Cost, cost_of, python
from bench.speed.page import s, table

PACKAGES = ("weasyprint", "polars", "distributed")
FOLDER = WORK / "sheets"
SIZES = (9, 103, 2844)
SAMPLE = 103  # so many are made of more counties than that, spread over all of them
ONE, TWO, DASK = "one core", "two cores", "Dask, two workers here"
TIMEOUT_SECONDS = 60
Found = dict[tuple[int, str], Cost]


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The tables; the rate on two cores and the largest process at the country's size. One run each: a run is many sheets."""
    del runs
    found: Found = {}
    for by in (ONE, TWO, DASK):
        for counties in SIZES:
            made = counties if full and by == TWO else min(counties, SAMPLE)
            found[counties, by] = cost = _made(counties, made, by)
            print(f"  {counties} counties, {by}: {cost.said['rate']:.2f} a second, {cost.said['each']:.2f} s of processor each",
                  flush=True)  # fmt: skip
    country = found[SIZES[-1], TWO]
    largest = max(found[SIZES[-1], by].peak_mb for by in (ONE, TWO))
    return _told(found), {"rate": country.said["rate"], "largest_mb": largest}


def _made(counties: int, sheets: int, by: str) -> Cost:
    shutil.rmtree(FOLDER, ignore_errors=True)
    with _scheduler() if by == DASK else nullcontext("") as address:
        arguments = [counties, sheets, 1 if by == ONE else 2, *filter(None, [address])]
        return cost_of(python("bench.speed.sheets_made", *arguments), {"BENCH_FOLDER": str(FOLDER)})


@contextmanager
def _scheduler() -> Iterator[str]:
    """A Dask scheduler with two workers of one thread, each a process, on loopback; ended with the block."""
    port = _free_port()
    own = {"PYTHONPATH": str(ROOT), "DIAODU_DATA": str(FOLDER / "data"), "DIAODU_PLAN": str(FOLDER / "plan")}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT, "env": os.environ | own}
    address = f"tcp://127.0.0.1:{port}"
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_scheduler",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--no-dashboard",
            ],
            **quiet,
        )
    ]
    try:
        _await(port)
        started += [
            subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard",
                              "--no-nanny"], **quiet)
            for _ in range(2)
        ]  # fmt: skip
        yield address
    finally:
        for process in reversed(started):
            # Not asked to end: a worker that takes leave of its scheduler may wait for ever.
            process.kill()
            process.wait()


def _await(port: int) -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the Dask scheduler does not answer")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _told(found: Found) -> str:
    rows = [_row(counties, by, found) for counties in SIZES for by in (ONE, TWO, DASK)]
    made = table(
        (
            "counties",
            "by",
            "made",
            "a second",
            "to one core",
            "so all of them",
            "processor a sheet",
            "largest worker",
        ),
        rows,
    )
    cost = table(
        (
            "counties",
            "plan read",
            "evidence (rollup and record)",
            "work cut into batches",
            "the process that hands out",
        ),
        [_hands_out(counties, found[counties, TWO]) for counties in SIZES],
    )
    return (
        f"{made}\n\n{cost}\n\nJune; the cells are made up in memory, Prefect is left out, the clock starts when every worker has made a "
        f"sheet. Of more than {SAMPLE} counties that many are made, spread over all, and the rest is **reckoned** from their rate "
        "(`python -m bench sheets --full` makes them all). One run each, the rate over all its sheets."
    )


def _row(counties: int, by: str, found: Found) -> tuple[object, ...]:
    said, alone = found[counties, by].said, found[counties, ONE].said
    seconds = counties / said["rate"]
    return (f"{counties:,}", by, said["made"], f"{said['rate']:.2f}", f"{said['rate'] / alone['rate']:.2f}×",
            s(seconds) if seconds < 100 else f"{seconds / 60:.1f} min", f"{said['each']:.2f} s", f"{said['worker_mb']:.0f} MB")  # fmt: skip


def _hands_out(counties: int, cost: Cost) -> tuple[str, ...]:
    said = cost.said
    return (
        f"{counties:,}",
        s(said["plan"]),
        s(said["evidence"]),
        s(said["batches"]),
        f"{said['own_mb']:.0f} MB",
    )
