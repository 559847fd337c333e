"""Flows killed at random instants: a short version of tests/evidence/kill_flows.py, whose table is in docs/evidence/kills.md."""

import os
import random
from pathlib import Path

import pytest

from tests.evidence.kill_flows import Bench, Outcome

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("stage", ["intake", "issue"])
def test_what_is_killed_and_run_again_is_as_if_it_had_never_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    for name in ("DATA", "PLAN", "CONTACTS"):  # the bench sets them; they go with the test
        monkeypatch.setenv(f"DIAODU_{name}", os.environ.get(f"DIAODU_{name}", ""))
    bench, outcome, dice = Bench(stage, tmp_path), Outcome(), random.Random(2025)
    for _ in range(3):
        bench.trial(dice, outcome)
    assert outcome.broken == []
    assert outcome.at_steps + outcome.by_clock >= 1
