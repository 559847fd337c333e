"""Answers of the Office that the desk keeps until what they rest on changes: many read, few write."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")
MAX_ANSWERS = 200


class AnswerCache:
    """Answers by their question, all of one state, as `state` tells it. Who asks what is being worked out waits for it."""

    def __init__(self, state: Callable[[], Hashable]) -> None:
        self._state_now = state
        self._state: Hashable = None
        self._answers: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer of before, or worked out now. What changes while it is worked out makes it stale at once."""
        state = self._state_now()
        with self._lock:
            if state != self._state or len(self._answers) > MAX_ANSWERS:
                self._state, self._answers, self._locks = state, {}, {}
            answers, lock = self._answers, self._locks.setdefault(question, threading.Lock())
        with lock:
            if question not in answers:
                answers[question] = work_out()
            found: Answer = answers[question]
            return found
