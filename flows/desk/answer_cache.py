"""Answers of the Office that the desk keeps until data, drafts, plans or the day change: many read, few write."""

import threading
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar

from flows.settings import Settings

Answer = TypeVar("Answer")
MOST = 200


class AnswerCache:
    """Answers by their question, all of one state of the data folder. Who asks what is being worked out waits for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._state: Hashable = None
        self._answers: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, question: Hashable, work_out: Callable[[], Answer], now: datetime) -> Answer:
        """The answer of before, or worked out now. What changes while it is worked out makes it stale at once."""
        state = (self._files(), now.date())
        with self._lock:
            if state != self._state or len(self._answers) > MOST:
                self._state, self._answers, self._locks = state, {}, {}
            answers, lock = self._answers, self._locks.setdefault(question, threading.Lock())
        with lock:
            if question not in answers:
                answers[question] = work_out()
            found: Answer = answers[question]
            return found

    def _files(self) -> Hashable:
        """The files that answers come from, by place, size and moment of the last change."""
        settings = self._settings
        paths = [
            settings.warehouse,
            settings.journal,
            *settings.reports.glob("*/*/manifest.json"),
            *settings.reports.glob("*/notices/*/manifest.json"),
        ]
        return tuple(
            (path, at.st_mtime_ns, at.st_size) for path in paths if path.exists() for at in [path.stat()]
        )
