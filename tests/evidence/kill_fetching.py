"""Killing the fetching of mail at every step (收信中断试验): what becomes of messages, reports and receipts.

Eight messages wait in a real mailbox (Dovecot): six reports, a file of no use, and a report from an unknown address.
Fetching is killed (SIGKILL) again and again, two of three times at a call or return of the code that fetches, takes in and
answers, the third at a moment in time; then one run goes through. With `moments`, all of them at moments in time, which is
much quicker. Run from the checkout:
python -m tests.evidence.kill_fetching [kills] [moments]
"""

import imaplib
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
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from types import FrameType

from flows.office import Office
from flows.settings import ROOT, Settings
from tests.issuing.mail.certificates import authority
from tests.issuing.mail.clerks_mail import mail
from tests.issuing.mail.dovecot import RECEIVED, Dovecot
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice

AT = datetime(2025, 7, 3, 10, 0)
PAGE = ROOT / "docs" / "evidence" / "mail.md"
WATCHED = {  # by the end of a file's name, what it does
    "issuing/fetching.py": "登记来信", "mail/mailbox.py": "取信、移信", "/imaplib.py": "取信、移信",
    "mail/incoming.py": "读信", "submissions/ingest.py": "收表", "receipts/files.py": "写回执",
    "issuing/receipt_letters.py": "回执排队", "issuing/sending.py": "发回执", "mail/smtp.py": "发回执",
    "/smtplib.py": "发回执", "warehouse/journal.py": "记流水", "warehouse/raw.py": "存原件", "flows/files.py": "写文件",
}  # fmt: skip
REPORTERS = ("holingol", "horqin", "jarud", "kailu", "naiman", "horqin_left_rear")
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "tests.evidence.loaded_plan", "flows.issuing.delivery_round", "flows.issuing.mail.mailbox",
        "flows.issuing.mailbox_account", "flows.submissions.ingest",
    ]
)  # fmt: skip  # some seconds saved a run


@dataclass(frozen=True)
class Trial:
    """One trial: where its kills were; and in the end how many messages are in no folder, reports not on record, reports
    twice on record, mails not answered, and receipts that the mail server took more than once."""

    kills: tuple[str, ...]
    lost_messages: int
    lost_reports: int
    double_reports: int
    unanswered: int
    double_receipts: int
    uncertain: int


def fetch(data: str, environment: Mapping[str, str], kill_at: int, place: str) -> None:
    """One fetching in a process of its own, which kills itself at an event of the watched code and says where, or
    counts them (0); never for a number below."""
    os.environ.update(environment)
    events = 0

    def at_event(frame: FrameType, event: str, argument: object) -> None:
        nonlocal events
        name = frame.f_code.co_filename
        if step := next((what for end, what in WATCHED.items() if name.endswith(end)), None):
            events += 1
            if events == kill_at:
                Path(place).write_text(step, encoding="utf-8")
                os.kill(os.getpid(), signal.SIGKILL)

    if kill_at >= 0:
        sys.setprofile(at_event)
    Office(Settings(data=Path(data)), lambda: AT).fetch()
    sys.setprofile(None)
    if kill_at == 0:
        Path(place).write_text(str(events), encoding="utf-8")


class Bench:
    """The two mail servers, and the messages of every trial."""

    def __init__(self, imap: Dovecot, smtp: PostOffice, folder: Path) -> None:
        self.imap, self.smtp, self.folder = imap, smtp, folder
        self.contacts = own_contacts(folder)
        self.place = folder / "place"
        office = Office(Settings(data=folder / "sample"))
        office.sample(2025, (6,), 2025, folder / "files")
        plan, self.messages = office.plan(), []
        for reporter in REPORTERS:
            name = plan.name_of(reporter)
            (file,) = (folder / "files").glob(f"{name}*.xlsx")
            sender = self._sender(reporter)
            self.messages.append(
                mail([(file.name, file.read_bytes())], sender=sender, message_id=f"<{reporter}@x.example>")
            )
        self.messages += [
            mail(
                [("报表.xlsx", b"PK\x03\x04 torn")],
                sender=self._sender("hure"),
                message_id="<torn@x.example>",
            ),
            mail(
                [("报表.xlsx", b"PK\x03\x04 other")],
                sender="who@qq.example",
                message_id="<unknown@x.example>",
            ),
        ]

    def _sender(self, reporter: str) -> str:
        line = next(
            one for one in self.contacts.read_text("utf-8").splitlines() if one.startswith(f"{reporter} ")
        )
        return line.split('"')[1]

    def environment(self) -> dict[str, str]:
        return {**self.imap.environment, **account(self.smtp, self.contacts)}

    def run(self, data: Path, kill_at: int, seconds: float | None = None) -> str | None:
        """One fetching; where it was killed, null where it came to its end."""
        self.place.unlink(missing_ok=True)
        process = _context.Process(
            target=fetch, args=(str(data), self.environment(), kill_at, str(self.place))
        )
        process.start()
        process.join(seconds)
        if seconds is not None:
            process.kill()
        process.join()
        if process.exitcode == 0:
            return None
        assert process.exitcode == -signal.SIGKILL, process.exitcode
        return self.place.read_text("utf-8") if self.place.exists() else "任一时刻"

    def measured(self) -> tuple[int, float]:
        """How many events and seconds a whole fetching takes."""
        data = self._begin("measured")
        self.run(data, 0)
        events = int(self.place.read_text("utf-8"))
        shutil.rmtree(data)
        data = self._begin("timed")
        began = time.monotonic()
        self.run(data, -1)
        return events, time.monotonic() - began

    def _begin(self, name: str) -> Path:
        self.imap.user = f"{name}-{time.monotonic_ns()}"
        self.imap.put(*self.messages)
        self.smtp.taken.clear()
        return self.folder / name

    def trial(self, number: int, dice: random.Random, events: int, seconds: float, most: int) -> Trial:
        """Kill fetching after fetching, at most so many; then one to its end, and count."""
        data, kills = self._begin(f"trial-{number}"), []
        for turn in range(most):
            by_time = not events or turn % 3 == 2
            where = (
                self.run(data, -1, dice.uniform(0, seconds))
                if by_time
                else self.run(data, dice.randint(1, events))
            )
            kills += [where] if where else []
        assert self.run(data, -1) is None
        found = self._counted(data, tuple(kills))
        shutil.rmtree(data)
        return found

    def _counted(self, data: Path, kills: tuple[str, ...]) -> Trial:
        wanted = {str(message_from_bytes(one)["Message-ID"]) for one in self.messages}
        office = Office(Settings(data=data))
        with office.snapshot() as warehouse:
            reach = {"as_of": datetime(2026, 1, 1), "first_month": "2025-01", "last_month": "2025-12"}
            received = warehouse.select("received", **reach)["reporter"].to_list()
            assert warehouse.faults() == []
        letters = office.letters()
        states = Counter(str(one.state) for one in letters)
        uncertain = {one.letter.letter_id for one in letters if str(one.state) == "uncertain"}
        times = Counter(self.smtp.message_ids)
        answered = {one.letter.in_reply_to for one in letters if str(one.state) in ("sent", "uncertain")}
        expected = wanted - {"<unknown@x.example>"}
        assert states.keys() <= {"sent", "uncertain"}, states
        return Trial(
            kills, len(wanted - self._kept()), len(set(REPORTERS) - set(received)), len(received) - len(set(received)),
            len(expected - answered), sum(times[one.letter.letter_id] > 1 for one in letters), len(uncertain),
        )  # fmt: skip

    def _kept(self) -> set[str]:
        """The Message-IDs of all that lies in either folder."""
        found: set[str] = set()
        with self.imap.client() as client:
            for folder in ("INBOX", RECEIVED):
                if client.select(folder, readonly=True)[0] == "OK":
                    numbers = client.search(None, "ALL")[1][0].split()
                    found |= {_message_id(client, number.decode()) for number in numbers}
        return found


def _message_id(client: imaplib.IMAP4, number: str) -> str:
    answer = client.fetch(number, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1][0]
    assert isinstance(answer, tuple)
    return answer[1].decode().split(":", 1)[1].strip()


def table(trials: list[Trial], events: int) -> str:
    """What the trials came to, and where the kills were."""
    kills = Counter(kill for trial in trials for kill in trial.kills)
    mails, reports = 8 * len(trials), len(REPORTERS) * len(trials)
    sums = {
        "丢失的来信": (sum(one.lost_messages for one in trials), mails),
        "没有入库的报表": (sum(one.lost_reports for one in trials), reports),
        "重复入库的报表": (sum(one.double_reports for one in trials), reports),
        "没有回执的报表来信": (sum(one.unanswered for one in trials), 7 * len(trials)),
        "发了两次的回执": (sum(one.double_receipts for one in trials), 7 * len(trials)),
        "去向不明、待人核实的回执": (sum(one.uncertain for one in trials), 7 * len(trials)),
    }
    lines = [
        f"{len(trials)} 轮，每轮 8 封来信，共杀死收信程序 {kills.total()} 次"
        + (f"；一次收信的代码里有 {events} 个调用和返回可供下手。" if events else "，都在任一时刻。"),
        "", "| 被杀时正在 | 次数 |", "|---|---|", *(f"| {step} | {count} |" for step, count in kills.most_common()),
        "", "| 结果 | 件数 | 共 |", "|---|---|---|", *(f"| {what} | {count} | {total} |" for what, (count, total) in sums.items()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def write(mode: str, measured: str) -> None:
    """Put what was measured into its place on the page."""
    begin, end = f"<!-- begin: {mode} -->", f"<!-- end: {mode} -->"
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(f"{text.split(begin)[0]}{begin}\n{measured}{end}{text.split(end)[1]}", encoding="utf-8")


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    mode = "moments" if "moments" in sys.argv[2:] else "measured"
    began, dice, trials = time.monotonic(), random.Random(2025), []
    with tempfile.TemporaryDirectory() as name, PostOffice() as smtp:
        folder = Path(name)
        with Dovecot(authority(folder, "trials")) as imap:
            bench = Bench(imap, smtp, folder)
            events, seconds = bench.measured()
            events = 0 if mode == "moments" else events
            while (kills := sum(len(trial.kills) for trial in trials)) < wanted:
                trials.append(bench.trial(len(trials), dice, events, seconds, 9))
                print(
                    f"{kills + len(trials[-1].kills)} 次，{time.monotonic() - began:.0f} 秒",
                    file=sys.stderr,
                    flush=True,
                )
                write(mode, table(trials, events))  # after every trial: the run may be ended at any time
    print(table(trials, events))


if __name__ == "__main__":
    main()
