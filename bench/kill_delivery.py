"""Killing a sender at every step (断电试验): what becomes of the letters, counted at the server by Message-ID.

A sender with two letters to send is killed (SIGKILL) at a chosen instant, then one that is not killed makes the next
round. Half of the instants are spread evenly over every call and return in the code that sends and books; half are
moments in time, up to three kills a trial. Run from the checkout: python -m bench.kill_delivery [trials]
"""

import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import FrameType

from flows.delivering import own_up, send_waiting, sole_sender
from flows.queueing import queue
from flows.settings import ROOT, Settings
from tests.delivery.outgoing import AT, account, issue, own_contacts
from tests.delivery.post_office import PostOffice

WATCHED = ("flows/sending.py", "delivery/smtp.py", "delivery/line.py", "warehouse/journal.py",
           "warehouse/letter_ledger.py", "/smtplib.py", "/socket.py")  # fmt: skip
TABLE = ROOT / "docs" / "delivery.md"
BEGIN, END = "<!-- begin: measured -->", "<!-- end: measured -->"
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["bench.loaded_plan", "flows.delivering", "tests.delivery.outgoing"]
)  # half a second saved a sender


@dataclass(frozen=True)
class Trial:
    """One trial: at which steps it was killed; by letter, its state afterwards and how often it was accepted."""

    killed_at: tuple[str, ...]
    letters: tuple[tuple[str, int], ...]

    @property
    def lost(self) -> int:
        """Letters said to be sent that the server never took, or that nobody will send or ask about."""
        return sum(
            (state == "sent" and not times) or state not in {"sent", "uncertain"}
            for state, times in self.letters
        )

    @property
    def double(self) -> int:
        """Letters the server took more than once."""
        return sum(times > 1 for _, times in self.letters)


def send(data: str, environment: Mapping[str, str], kill_at: int, counted: str) -> None:
    """A sender in a process of its own: killed by itself at an event of the watched code, or counting them (0)."""
    os.environ.update(environment)
    settings = Settings(data=Path(data))
    events = 0

    def at_event(frame: FrameType, event: str, argument: object) -> None:
        nonlocal events
        if frame.f_code.co_filename.endswith(WATCHED):
            events += 1
            if events == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    if kill_at >= 0:
        sys.setprofile(at_event)
    with sole_sender(settings):
        own_up(settings, AT)
        send_waiting(settings, lambda: AT)
    sys.setprofile(None)
    if counted:
        Path(counted).write_text(str(events), encoding="utf-8")


class Bench:
    """An office with two letters waiting, copied for every trial, and the server they all go to."""

    def __init__(self, office: PostOffice, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.environment = account(office, own_contacts(folder))
        os.environ.update(self.environment)
        self.template = Settings(data=folder / "template")
        document = issue(self.template, 6, "2025-06/notices/催办〔2025〕2-hure")
        self.letters = [one.letter_id for one in queue(self.template, document, AT).new]

    def started(self, data: Path, kill_at: int, counted: str = "") -> ForkServerProcess:
        process = _context.Process(target=send, args=(str(data), self.environment, kill_at, counted))
        process.start()
        return process

    def events(self) -> int:
        """How many instants there are to be killed at."""
        counted = self.folder / "events"
        data = Path(shutil.copytree(self.template.data, self.folder / "counting"))
        self.started(data, 0, str(counted)).join()
        return int(counted.read_text(encoding="utf-8"))

    def trial(self, kill_at: int = -1, moments: tuple[float, ...] = ()) -> Trial:
        """Kill a sender at an event, or senders one after the other so many seconds in; then a round to the end."""
        self.office.taken.clear()
        data = Path(shutil.copytree(self.template.data, self.folder / f"trial-{time.monotonic_ns()}"))
        steps = []
        for moment in moments or (0.0,):
            self.office.heard.clear()
            process = self.started(data, kill_at)
            if moments:
                process.join(moment)
                process.kill()
            process.join()
            if process.exitcode == -signal.SIGKILL:
                steps.append(self._step(data))
        last = self.started(data, -1)
        last.join()
        assert last.exitcode == 0, "the round after the kill failed"
        states, times = self._states(data), Counter(self.office.message_ids)
        shutil.rmtree(data)
        return Trial(tuple(steps), tuple((states[one], times[one]) for one in self.letters))

    def _step(self, data: Path) -> str:
        """Where the sender was, by the journal and by what the server heard."""
        time.sleep(0.01)  # what was on the line arrives
        states, taken = self._states(data), Counter(self.office.message_ids)
        sending = [one for one in self.letters if states[one] == "sending"]
        if not sending:
            done = sum(state == "sent" for state in states.values())
            return f"0 未登记“正在发”（已发完 {done} 封）"
        if taken[sending[0]]:
            return "5 服务器已接收，结果未登记"
        heard = self.office.heard[-1].split(" ")[0].split(":")[0].upper() if self.office.heard else ""
        return {
            "": "1 已登记“正在发”，尚未开口", "QUIT": "1 已登记“正在发”，尚未开口", "EHLO": "2 已问候",
            "MAIL": "3 已报收发地址", "RCPT": "3 已报收发地址", "DATA": "4 正文在途",
        }[heard]  # fmt: skip

    def _states(self, data: Path) -> dict[str, str]:
        """The last state of each letter in the journal."""
        states: dict[str, str] = {}
        for line in (data / "ledgers" / "journal.jsonl").read_text(encoding="utf-8").splitlines():
            try:
                bookings = json.loads(line)["bookings"]
            except ValueError:  # the torn last line of a kill in mid-writing
                continue
            states |= {row["letter_id"]: row["state"] for name, row in bookings if name == "letter_state"}
        return states


def run(bench: Bench, trials: int, seed: int = 2025) -> list[Trial]:
    """Half of the trials at events, half at moments of time."""
    dice = random.Random(seed)
    events = bench.events()
    began = time.monotonic()
    bench.trial()
    whole = time.monotonic() - began
    done = []
    for number in range(trials):
        if number % 2:
            moments = tuple(dice.uniform(0, whole * 0.7) for _ in range(dice.randint(1, 3)))
            done.append(bench.trial(moments=moments))
        else:
            done.append(bench.trial(kill_at=1 + number * events // trials))
    return done


def table(trials: list[Trial]) -> str:
    """What became of the letters, by where the sender was when it was first killed."""
    lines = [
        "| 被杀时 | 次数 | 已发出 | 去向不明，其实已收 | 去向不明，其实未收 | 丢失 | 重复 |",
        "|---|---|---|---|---|---|---|",
    ]
    steps = sorted({(t.killed_at or ("6 未及杀死，已做完",))[0] for t in trials})
    rows = [
        (step, [t for t in trials if (t.killed_at or ("6 未及杀死，已做完",))[0] == step]) for step in steps
    ]
    for step, same in [*rows, ("合计", trials)]:
        letters = Counter((state, min(times, 1)) for t in same for state, times in t.letters)
        lost, double = sum(t.lost for t in same), sum(t.double for t in same)
        lines.append(
            f"| {step.split(' ', 1)[-1]} | {len(same)} | {letters['sent', 1]} | {letters['uncertain', 1]} |"
            f" {letters['uncertain', 0]} | {lost} | {double} |"
        )
    return "\n".join(lines)


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, PostOffice(slow=0.02) as office:
        bench = Bench(office, Path(folder))
        events = bench.events()
        shutil.rmtree(Path(folder) / "counting")
        done = run(bench, trials)
    kills = sum(len(t.killed_at) for t in done)
    made = (
        f"{trials} 次试验，共杀死 {kills} 次；每次 2 封信，被监视的代码一轮有 {events} 个调用和返回；"
        f"用时 {time.monotonic() - began:.0f} 秒。\n\n{table(done)}\n"
    )
    print(made)
    if TABLE.exists():
        text = TABLE.read_text(encoding="utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        TABLE.write_text(f"{head}{BEGIN}\n{made}{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
