"""Work that a page waits for (办理): one piece after the other in the background, its outcome kept for the page to show."""

import secrets
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from flows.plan.period import PeriodError
from flows.plan.plan_file import PlanError

KEPT = 200
EXPECTED = (RuntimeError, OSError, PlanError, PeriodError)  # each carries a sentence for the user


@dataclass(frozen=True)
class Outcome:
    """What came of it: sentences, and where to go on."""

    lines: Sequence[str]
    link: str = ""
    link_text: str = ""


@dataclass
class Work:
    """One piece of work; `outcome` once it is done, `fault` where it failed."""

    id: str
    key: str
    title: str
    account: str
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    outcome: Outcome = Outcome(())
    fault: str = ""
    began_at: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> int:
        """How long ago it was asked for."""
        return int(time.monotonic() - self.began_at)

    @property
    def is_over(self) -> bool:
        """Whether it is done or failed."""
        return self.state in ("done", "failed")


class Works:
    """The pieces of work of this process, one at a time: the warehouse has one writer."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="desk-work")

    def start(self, key: str, title: str, account: str, do: Callable[[], Outcome]) -> Work:
        """Begin it, unless the same (by its key) is under way: a second click finds the first one's work."""
        with self._lock:
            for one in self._works.values():
                if one.key == key and not one.is_over:
                    return one
            work = Work(secrets.token_urlsafe(9), key, title, account)
            self._works[work.id] = work
            for old in [one.id for one in self._works.values() if one.is_over][:-KEPT]:
                del self._works[old]
        self._pool.submit(self._run, work, do)
        return work

    def of(self, work_id: str) -> Work | None:
        """The work of that id; None where a restart has forgotten it."""
        return self._works.get(work_id)

    def close(self) -> None:
        """Let what runs end; what waits is given up."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    @staticmethod
    def _run(work: Work, do: Callable[[], Outcome]) -> None:
        work.state = "running"
        try:
            work.outcome = do()
            work.state = "done"
        except EXPECTED as fault:
            work.fault, work.state = str(fault), "failed"
        except Exception as fault:  # nobody waits for this thread: the page must not wait for ever
            traceback.print_exc()
            work.fault, work.state = f"程序内部出错（{type(fault).__name__}），详情在案头的日志里", "failed"
