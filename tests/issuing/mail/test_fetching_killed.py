"""Fetching killed at random moments: a short version of tests/evidence/kill_fetching.py, whose table is in docs/evidence/mail.md."""

import random
from pathlib import Path

import pytest

from tests.evidence.kill_fetching import Bench
from tests.issuing.mail.certificates import Authority
from tests.issuing.mail.dovecot import Dovecot
from tests.issuing.mail.post_office import PostOffice

pytestmark = pytest.mark.proof


def test_no_kill_loses_a_message_or_answers_one_twice(tmp_path: Path, office_authority: Authority) -> None:
    with PostOffice() as smtp, Dovecot(office_authority) as imap:
        trial = Bench(imap, smtp, tmp_path).trial(0, random.Random(2025), events=0, seconds=8.0, most=6)
    assert trial.kills
    assert (trial.lost_messages, trial.lost_reports, trial.unanswered) == (0, 0, 0)
    assert (trial.double_reports, trial.double_receipts) == (0, 0)
