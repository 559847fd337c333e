"""A worker process that dies costs nobody a document: what it had under way is done over, and the culprit is named."""

import os
import signal
from pathlib import Path

import pytest

from flows.documents import worker_pool as crew
from flows.documents.county_batches import Batch, Made, batches
from flows.documents.evidence import gather
from flows.documents.worker_pool import GONE, Crew
from flows.settings import Settings

MONTH = "2025-06"


def dies(batch: Batch) -> list[Made]:
    """In a worker: over 奈曼旗 the process dies every time, over 开鲁县 the first time."""
    found = []
    for county in batch.counties:
        once = Path(os.environ["DIAODU_DATA"]) / f"died-{county}"
        if county == "naiman" or (county == "kailu" and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        found.append(Made(county))
    return found


@pytest.fixture
def batch(office: Settings) -> Batch:
    (one,) = batches(gather(office, MONTH), office, ["horqin", "kailu", "naiman", "jarud"], None)
    return one


def test_the_county_over_which_a_process_dies_again_is_named_and_all_others_are_made(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "write", dies)
    with Crew(1, at_start=int) as one:
        assert one.write(batch) == [
            Made("horqin"), Made("kailu"), Made("naiman", fault=GONE), Made("jarud"),
        ]  # fmt: skip
        assert one.write(batch)[0] == Made("horqin")  # there is a crew again
