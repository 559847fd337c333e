"""A worker process that dies costs nobody a document: what it had under way is done over, and the culprit is named."""

import os
import signal
from pathlib import Path

import pytest

from flows.documents.county_batches import Batch, CountyResult, batches
from flows.documents.worker_pool import PROCESS_DIED, WorkerPool
from flows.office import Office
from flows.settings import Settings

MONTH = "2025-06"


def dies(batch: Batch) -> list[CountyResult]:
    """In a worker: over 奈曼旗 the process dies every time, over 开鲁县 the first time."""
    found = []
    for county in batch.counties:
        once = Path(os.environ["DIAODU_DATA"]) / f"died-{county}"
        if county == "naiman" or (county == "kailu" and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        found.append(CountyResult(county))
    return found


@pytest.fixture
def batch(office: Settings) -> Batch:
    (one,) = batches(Office(office).gather(MONTH), ["horqin", "kailu", "naiman", "jarud"], None)
    return one


def test_the_county_over_which_a_process_dies_again_is_named_and_all_others_are_made(
    batch: Batch,
) -> None:
    with WorkerPool(1, dies) as one:
        assert one.write(batch) == [
            CountyResult("horqin"), CountyResult("kailu"), CountyResult("naiman", fault=PROCESS_DIED), CountyResult("jarud"),
        ]  # fmt: skip
        assert one.write(batch)[0] == CountyResult("horqin")  # there is a pool again
