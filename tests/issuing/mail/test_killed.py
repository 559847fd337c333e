"""Senders killed at random instants: a short version of tests/evidence/kill_delivery.py, whose table is in docs/evidence/kills.md."""

import random
from pathlib import Path

import pytest

from tests.evidence.kill_delivery import Bench
from tests.issuing.mail.post_office import PostOffice

pytestmark = pytest.mark.proof


def test_no_kill_loses_a_letter_or_sends_it_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "SECURITY", "SENDER"):  # the bench sets them; they go with the test
        monkeypatch.setenv(f"DIAODU_SMTP_{name}", "")
    monkeypatch.setenv("DIAODU_CONTACTS", "")
    with PostOffice(slow=0.02) as office:
        bench = Bench(office, tmp_path, "2025-06/quarterly_analysis")  # four letters
        trial = bench.trial(random.Random(2025), events=400, seconds=1.0, most=12)
    ends = {letter: trial.became(letter) for letter in trial.states}
    assert len(trial.kills) >= 4
    assert len(ends) == 4
    assert set(ends.values()) <= {"sent", "received", "not received"}
    uncertain = {kill.letter for kill in trial.kills if kill.letter}
    assert {letter for letter, end in ends.items() if end != "sent"} <= uncertain
