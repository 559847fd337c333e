"""反馈单 of N counties: plan, rollup, work handed out, and documents a second on so many processes.

The rows come from curves and not from workbooks, and Prefect is left out: this is our own part. With more counties
than `documents`, that many are made, spread over the country, and the rest is reckoned from their rate.
Run from the checkout: python -m bench.speed.sheets_made COUNTIES DOCUMENTS PROCESSES [tcp://SCHEDULER]
"""

import dataclasses
import os
import resource
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import dataframely as dy
import polars as pl

from bench.large_plan import make
from bench.speed.measure import clocked, say
from flows.documents.county_batches import BATCH_SIZE, Batch, CountyResult, batches
from flows.documents.evidence import Evidence, open_queries, reporting
from flows.indicators.figures import city_own, figures
from flows.office import write_county_batch
from flows.plan.catalogue import Catalogue
from flows.plan.frames import CellSchema, ProblemSchema, StatementSchema, polars_schema
from flows.plan.load import load
from flows.plan.period import Period
from flows.plan.terms import Measure, State
from flows.plan.workdays import deadlines

JUNE = Period.month(2025, 6)
CUT = datetime(2025, 7, 7, 17, 30)


def main(counties: int, documents: int, processes: int, dask: str | None) -> None:
    """Measure and say; everything lies in a temporary folder, or where BENCH_FOLDER says, which Dask's workers share."""
    with TemporaryDirectory() as elsewhere:
        place = os.environ.get("BENCH_FOLDER", elsewhere)
        os.environ["DIAODU_DATA"], os.environ["DIAODU_PLAN"] = f"{place}/data", f"{place}/plan"
        make(counties, Path(place) / "plan")
        catalogue, reading = clocked(lambda: load(Path(place) / "plan"))
        evidence, gathering = clocked(lambda: evidence_of(catalogue))
        chosen = [c.id for c in catalogue.counties][:: max(1, counties // documents)][:documents]
        work, cutting = clocked(
            lambda: list(batches(evidence, chosen, None, _batch_size(documents, processes)))
        )
        say(
            plan=reading["seconds"], evidence=gathering["seconds"], batches=cutting["seconds"],
            own_mb=float(peak(resource.RUSAGE_SELF)), **make_all(work, processes, dask),
        )  # fmt: skip


def _batch_size(documents: int, processes: int) -> int:
    """Batches as large as the flow's, or smaller where each process would not get two."""
    return max(1, min(BATCH_SIZE, documents // (2 * processes)))


def evidence_of(catalogue: Catalogue) -> Evidence:
    """June of counties that all but one in fifty have reported."""
    by_cell = cells(catalogue)
    problems = empty(ProblemSchema)
    return Evidence(
        catalogue=catalogue, period=JUNE, cut=CUT, deadlines=deadlines("2025-06", catalogue.policy.reporting),
        by_cell=by_cell, figures=figures(by_cell, open_queries(problems), catalogue, JUNE),
        reporting=reporting(received(by_cell), problems, catalogue, JUNE),
        statements=empty(StatementSchema), problems=problems, city_own=city_own(by_cell, catalogue, JUNE),
        trend=pl.DataFrame(), forecast=pl.DataFrame(), revisions=pl.DataFrame(), amended=pl.DataFrame(),
    )  # fmt: skip


def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    return pl.DataFrame(schema=polars_schema(schema))


def cells(catalogue: Catalogue) -> pl.DataFrame:
    """Both measures of six months from the counties, uneven enough to fill every rank."""
    rows = [(c, i, t) for c, i, t in catalogue.targets() if t is not None and c != "city"]
    targets = pl.DataFrame(rows, schema=["county", "indicator", "target"], orient="row").with_row_index("n")
    months = pl.DataFrame({"m": range(1, 7)})
    measures = pl.DataFrame({"measure": [Measure.RUNNING_TOTAL.value, Measure.IN_MONTH.value]})
    all_cells = targets.join(months, how="cross").join(measures, how="cross")
    silent = (pl.col("county").str.tail(4).cast(pl.Int64, strict=False) + pl.col("m")) % 50 == 0
    speed = 70 + (pl.col("n") * 7) % 53
    return all_cells.filter(~silent).select(
        pl.format("2025-{}", pl.col("m").cast(pl.String).str.zfill(2)).alias("month"),
        reporter="county", county="county", indicator="indicator", measure="measure",
        value=(pl.col("target") * speed * pl.col("m") // 1200).cast(pl.Float64),
        state=pl.lit(State.REPORTED.value), done_on=pl.lit(None, dtype=pl.Date),
    ).select(pl.col(name).cast(kind) for name, kind in polars_schema(CellSchema).items())  # fmt: skip


def received(by_cell: pl.DataFrame) -> pl.DataFrame:
    """The submissions behind the cells, one a reporter and month, all on the due day."""
    due = pl.lit(datetime(2025, 7, 7, 10, 0))
    return by_cell.select("month", "reporter").unique(maintain_order=True).with_columns(
        first_received_at=due, received_at=due, versions=pl.lit(1, dtype=pl.Int64),
        file_name=pl.format("{}{}.xlsx", "reporter", "month"), sha256=pl.format("{}{}", "reporter", "month"),
        is_sample=pl.lit(value=True),
    )  # fmt: skip


def make_all(work: list[Batch], processes: int, dask: str | None) -> dict[str, float]:
    """Every document of the work; the clock starts when every worker has made one."""
    with hands(processes, dask) as pool:
        list(
            as_completed(pool.submit(write_county_batch, alone(work[0])) for _ in range(processes))
        )  # workers are loaded
        wall = time.perf_counter()
        done = [one.result() for one in as_completed(pool.submit(weighed, batch) for batch in work)]
        took = time.perf_counter() - wall
    made = [one for some, _, _ in done for one in some]
    if faults := [one.fault for one in made if one.fault]:
        raise RuntimeError(faults[0])
    return {
        "made": len(made), "rate": len(made) / took, "each": sum(cpu for _, cpu, _ in done) / len(made),
        "worker_mb": float(max(memory for _, _, memory in done)),
    }  # fmt: skip


def weighed(batch: Batch) -> tuple[list[CountyResult], float, int]:
    """What came of the batch, the processor time it took and the worker's peak memory in MB."""
    cpu = time.process_time()
    return write_county_batch(batch), time.process_time() - cpu, peak(resource.RUSAGE_SELF)


def alone(batch: Batch) -> Batch:
    return dataclasses.replace(batch, counties=batch.counties[:1], as_of=datetime(2025, 7, 1))


def hands(processes: int, dask: str | None) -> Executor:
    if dask is None:
        return ProcessPoolExecutor(processes, get_context("spawn"))
    from distributed import Client

    executor: Executor = Client(dask, set_as_default=True).get_executor(pure=False)
    return executor


def peak(whose: int) -> int:
    return resource.getrusage(whose).ru_maxrss // 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4] if len(sys.argv) > 4 else None)
