"""Killing senders at every step (中断试验): what becomes of the letters, counted at the server by Message-ID.

An office has 25 letters to send. Sender after sender is killed (SIGKILL), until none waits; then one that is not
killed makes the round after. Two of three are killed at a call or return in the code that sends and books, chosen from
those of two letters; the third at a moment in time. Run from the checkout:
python -m tests.evidence.kill_delivery [kills]
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

from flows.office import Office
from flows.settings import ROOT, Settings
from tests.issuing.mail.outgoing import AT, account, issue, own_contacts
from tests.issuing.mail.post_office import PostOffice

WATCHED = (
    "flows/issuing/sending.py",
    "issuing/mail/smtp.py",
    "issuing/mail/line.py",
    "warehouse/journal.py",
    "/smtplib.py",
    "/socket.py",
)
TABLE = ROOT / "docs" / "evidence" / "kills.md"
BEGIN, END = "<!-- begin: measured -->", "<!-- end: measured -->"
STEPS = {  # by the last word the server heard
    "QUIT": "1 已登记“正在发”，尚未开口", "EHLO": "2 已问候", "MAIL": "3 已报收发地址", "RCPT": "3 已报收发地址",
    "DATA": "4 正文在途",
}  # fmt: skip
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["tests.evidence.loaded_plan", "flows.issuing.sending", "tests.issuing.mail.outgoing"]
)  # half a second saved a sender


@dataclass(frozen=True)
class Kill:
    """One kill: where the sender was, and the letter it had in hand (empty for none)."""

    step: str
    letter: str


@dataclass(frozen=True)
class Trial:
    """One trial: its kills, and by letter its state in the end and how often the server took it."""

    kills: tuple[Kill, ...]
    states: Mapping[str, str]
    times: Mapping[str, int]

    def became(self, letter: str) -> str:
        """sent, received or not received (both uncertain), lost, double."""
        state, times = self.states[letter], self.times.get(letter, 0)
        if times > 1:
            return "double"
        if state == "uncertain":
            return "received" if times else "not received"
        return "sent" if state == "sent" and times else "lost"


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
    Office(settings, lambda: AT).deliver()
    sys.setprofile(None)
    if counted:
        Path(counted).write_text(str(events), encoding="utf-8")


class Bench:
    """An office with letters waiting, copied for every trial, and the server they all go to."""

    def __init__(self, office: PostOffice, folder: Path, document: str = "2025-06/monthly_dispatch") -> None:
        self.office, self.folder = office, folder
        self.environment = account(office, own_contacts(folder))
        os.environ.update(self.environment)
        self.template = Settings(data=folder / "template")
        issue(self.template, 6, document)
        template = Office(self.template, lambda: AT)
        template.delivery.queue_missing()
        self.letters = [one.letter.letter_id for one in template.letters()]

    def started(self, data: Path, kill_at: int = -1, counted: str = "") -> ForkServerProcess:
        """A sender, just started."""
        process = _context.Process(target=send, args=(str(data), self.environment, kill_at, counted))
        process.start()
        return process

    def measured(self) -> tuple[int, float]:
        """How many events, and how many seconds, two letters and a start take."""
        counted, data = (
            self.folder / "events",
            Path(shutil.copytree(self.template.data, self.folder / "first")),
        )
        self.started(data, 0, str(counted)).join()
        again = time.monotonic()
        self.started(data).join()
        began = time.monotonic()
        shutil.rmtree(data)
        shutil.copytree(self.template.data, data)
        self.started(data).join()
        letter = (time.monotonic() - began) / len(self.letters)
        shutil.rmtree(data)
        return int(counted.read_text(encoding="utf-8")) * 2 // len(self.letters), began - again + 2 * letter

    def trial(self, dice: random.Random, events: int, seconds: float, most: int) -> Trial:
        """Kill senders one after the other, at most so many, until no letter waits; then a round to the end."""
        self.office.taken.clear()
        data = Path(shutil.copytree(self.template.data, self.folder / "trial"))
        kills: list[Kill] = []
        while len(kills) < most and "queued" in (before := self._states(data)).values():
            self.office.heard.clear()
            if len(kills) % 3 == 2:
                process = self.started(data)
                process.join(dice.uniform(0, seconds))
                process.kill()
            else:
                process = self.started(data, dice.randint(1, events))
            process.join()
            kills += [self._kill(data, before)] if process.exitcode == -signal.SIGKILL else []
        last = self.started(data)
        last.join()
        assert last.exitcode == 0, "the round after the kills failed"
        trial = Trial(tuple(kills), self._states(data), Counter(self.office.message_ids))
        shutil.rmtree(data)
        return trial

    def _kill(self, data: Path, before: Mapping[str, str]) -> Kill:
        """Where the sender was, by the journal and by what the server heard."""
        time.sleep(0.05)  # what was on the line arrives
        states = self._states(data)
        own = [one for one in states if states[one] == "sending" != before.get(one)]
        if not own:
            return Kill("0 没有一封正在发", "")
        if own[0] in self.office.message_ids:
            return Kill("5 服务器已接收，结果未登记", own[0])
        heard = [word.split(" ")[0].split(":")[0].upper() for word in self.office.heard]
        last = heard[-1] if heard else "QUIT"  # of the letter before
        return Kill(STEPS[last], own[0])

    def _states(self, data: Path) -> dict[str, str]:
        """The last state of each letter in the journal."""
        states: dict[str, str] = {}
        for line in (data / "ledgers" / "journal.jsonl").read_text(encoding="utf-8").splitlines():
            try:
                events = json.loads(line)["bookings"]
            except ValueError:  # the torn last line of a kill in mid-writing
                continue
            states |= {row["letter_id"]: row["state"] for name, row in events if name == "letter_state"}
        return states


def table(trials: list[Trial]) -> str:
    """What became of the letter in hand, by where its sender was killed; then of all letters."""
    lines = [
        "| 被杀时 | 次数 | 后来发出 | 去向不明，其实已收 | 去向不明，其实未收 | 丢失 | 重复 |",
        "|---|---|---|---|---|---|---|",
    ]
    kills = [(kill, trial) for trial in trials for kill in trial.kills]
    for step in sorted({kill.step for kill, _ in kills}):
        same = [(kill, trial) for kill, trial in kills if kill.step == step]
        ends = Counter(trial.became(kill.letter) for kill, trial in same if kill.letter)
        lines.append(_line(step.split(" ", 1)[1], len(same), ends))
    every = Counter(trial.became(letter) for trial in trials for letter in trial.states)
    return "\n".join([*lines, _line(f"全部 {every.total()} 封信", len(kills), every)])


def _line(what: str, kills: int, ends: Counter[str]) -> str:
    counts = (ends[end] for end in ("sent", "received", "not received", "lost", "double"))
    return f"| {what} | {kills} | {' | '.join(str(count) for count in counts)} |"


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    began, dice, trials, kills = time.monotonic(), random.Random(2025), [], 0
    with tempfile.TemporaryDirectory() as folder, PostOffice(slow=0.02) as office:
        bench = Bench(office, Path(folder))
        events, seconds = bench.measured()
        while kills < wanted:
            trials.append(bench.trial(dice, events, seconds, wanted - kills))
            kills += len(trials[-1].kills)
            print(f"{kills} 次，{time.monotonic() - began:.0f} 秒", file=sys.stderr, flush=True)
            made = (
                f"{len(trials)} 轮，每轮 25 封信，共杀死发送程序 {kills} 次；"
                f"发两封信的代码里有 {events} 个调用和返回可供下手。\n\n{table(trials)}\n"
            )
            _note(made)  # after every round: the bench may be ended at any time
    print(made)


def _note(made: str) -> None:
    text = TABLE.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    TABLE.write_text(f"{head}{BEGIN}\n{made}{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
