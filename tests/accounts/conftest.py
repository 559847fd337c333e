"""Passwords as costly to guess as in an office, where that is what is tested."""

import pytest

from flows.accounts import accounts
from tests.conftest import REAL_HASHER


@pytest.fixture
def real_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_hasher", REAL_HASHER)
