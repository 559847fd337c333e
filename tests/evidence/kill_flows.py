"""Killing the flows at every step (中断试验): after each kill, is it whole again when it is run again?

A trial copies an office, has its work killed (SIGKILL) one to three times, and runs it once more to the end. Two of
three kills are at a call or return in the code that keeps, records, sets down and books, chosen from all of an
undisturbed run; the third at a moment in time. Then every file and every table must be those of the undisturbed run.
Pages are really laid out in both undisturbed runs, which must be equal, and wherever the clock kills; elsewhere the
same words get the layout they got then.
Run from the checkout: python -m tests.evidence.kill_flows [stage] [trials]
"""

import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import FrameType

from flows.documents import composing
from flows.documents import notices as noticing
from flows.documents.composing import load_typesetter
from flows.files import sha256_of
from flows.issuing import issuing
from flows.office import Office
from flows.plan.load import plan_of
from flows.settings import ROOT, Settings
from flows.submissions.forms import write_sample
from flows.warehouse.connection import Warehouse
from flows.warehouse.fingerprint import fingerprint
from tests.layout_cache import LayoutCache

AT = datetime(2025, 2, 10, 9, 0)
MONTH, COUNTY = "2025-01", "kailu"
WATCHED = ("/warehouse/", "flows/submissions/", "flows/documents/publishing.py", "flows/issuing/", "flows/documents/notices.py",
           "flows/issuing/queueing.py")  # fmt: skip
PAGE = ROOT / "docs" / "evidence" / "kills.md"
BEGIN, END = "<!-- begin: kills -->", "<!-- end: kills -->"
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "tests.evidence.loaded_plan",
        "flows.documents.composing",
        "flows.issuing.issuing",
        "flows.issuing.delivery_round",
    ]
)  # two seconds saved a process
Work = Callable[[Settings], object]


def without_profile(work: Callable[..., object]) -> Callable[..., object]:
    """Setting type is a million calls and writes nothing: it is killed by time alone."""

    def done(*given: object, **named: object) -> object:
        kept = sys.getprofile()
        sys.setprofile(None)
        try:
            return work(*given, **named)
        finally:
            sys.setprofile(kept)

    return done


def take_in(settings: Settings) -> None:
    """收表."""
    Office(settings, lambda: AT).ingest()


def bulletin(settings: Settings, county: str | None = None) -> None:
    """月调度: the bulletin, or one county's sheet, which is five times as quick and goes the same way."""
    Office(settings).make("monthly_dispatch", MONTH, county=county)


def sheet(settings: Settings) -> None:
    """月调度 of one county."""
    bulletin(settings, COUNTY)


def issue(settings: Settings) -> None:
    """发文, as the agenda does it: what was left undone, then what nobody has to pass, then the outbox."""
    office = Office(settings, lambda: AT)
    office.write_missing_files()
    for status in office.waiting():
        if status.waits_for is None:
            office.issue(str(status.draft.name))
    office.delivery.queue_missing()


def remind(settings: Settings) -> None:
    """提醒催办."""
    Office(settings).notices(MONTH, date(2025, 2, 7))


@dataclass(frozen=True)
class Stage:
    """What is killed: its name, the work that stands before it, itself, and who has reported (nobody named: all 21)."""

    label: str
    before: tuple[Work, ...]
    work: Work
    reporters: tuple[str, ...] = ()


STAGES = {
    "intake": Stage("收表（4 份报表）", (), take_in, ("开鲁", "科左中", "市人社", "奈曼")),
    "intake-all": Stage("收表（21 份报表）", (), take_in),
    "sheet": Stage("月调度（反馈单）", (take_in,), sheet),
    "monthly": Stage("月调度（通报）", (take_in,), bulletin),
    "issue": Stage("发文（反馈单，编号、印发、排队）", (take_in, sheet), issue),
    "reminders": Stage("提醒催办（11 份）", (take_in,), remind),
}


def run(stage: str, environment: Mapping[str, str], kill_at: int, counted: str, laid: str) -> None:
    """The work in a process of its own: killed by itself at an event of the watched code, or counting them (0)."""
    os.environ.update(environment)
    if laid:
        load_typesetter(Settings().fonts).cache = LayoutCache(Path(laid))
    events = 0

    def at_event(frame: FrameType, event: str, argument: object) -> None:
        nonlocal events
        if any(part in frame.f_code.co_filename for part in WATCHED):
            events += 1
            if events == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    composing.compose, noticing.render = without_profile(composing.compose), without_profile(noticing.render)  # type: ignore[assignment]
    issuing.compose = composing.compose
    sys.setprofile(at_event if kill_at >= 0 else None)
    STAGES[stage].work(Settings())
    sys.setprofile(None)
    if counted:
        Path(counted).write_text(str(events), encoding="utf-8")


@dataclass
class Outcome:
    """What came of the trials of one stage: how often it was killed at a step of the code and by the clock, the
    trials, left-over part files, and every trial that did not end as the undisturbed run."""

    at_steps: int = 0
    by_clock: int = 0
    trials: int = 0
    left_over: int = 0
    broken: list[str] = field(default_factory=list)


class Bench:
    """An office before a stage of the work, and what it is after it undisturbed."""

    def __init__(self, stage: str, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self.environment = {"DIAODU_DATA": str(folder / "data"), **passing_by_itself(folder)}
        os.environ.update(self.environment)
        settings = Settings(data=folder / "template")
        write_sample(plan_of(settings), (1,), 2025, settings.inbox)
        for file in settings.inbox.iterdir():
            if (wanted := STAGES[stage].reporters) and not file.name.startswith(wanted):
                file.unlink()
        for work in STAGES[stage].before:
            work(settings)
        self.template, self.data = settings.data, folder / "data"
        self.laid = folder / "laid"
        self.events, self.seconds, self.wanted = self.measured()

    def started(self, kill_at: int = -1, counted: str = "", anew: bool = False) -> ForkServerProcess:
        """The work, just started; `anew`: every page is laid out, however often it was."""
        laid = "" if anew else str(self.laid)
        process = _context.Process(target=run, args=(self.stage, self.environment, kill_at, counted, laid))
        process.start()
        return process

    def measured(self) -> tuple[int, float, dict[str, str]]:
        """Events and seconds of an undisturbed run, and what it leaves; run twice, to be sure it is always the same."""
        counted = self.folder / "events"
        shutil.copytree(self.template, self.data)
        self.started(0, str(counted)).join()
        wanted = held(Settings(data=self.data))
        shutil.rmtree(self.data)
        shutil.copytree(self.template, self.data)
        began = time.monotonic()
        self.started(anew=True).join()
        seconds = time.monotonic() - began
        assert held(Settings(data=self.data)) == wanted, "two undisturbed runs differ"
        shutil.rmtree(self.data)
        return int(counted.read_text(encoding="utf-8")), seconds, wanted

    def trial(self, dice: random.Random, outcome: Outcome) -> None:
        """Kill, one to three times, then run to the end and compare."""
        shutil.copytree(self.template, self.data)
        said = []
        for _ in range(dice.randint(1, 3)):
            by_clock = dice.random() < 1 / 3
            step = -1 if by_clock else dice.randint(1, self.events)
            moment = dice.uniform(0, self.seconds)
            process = self.started(step, anew=by_clock)
            process.join(moment if by_clock else None)
            process.kill()
            process.join()
            if process.exitcode == -signal.SIGKILL:
                outcome.by_clock += by_clock
                outcome.at_steps += not by_clock
                said.append(f"{moment:.2f} s" if by_clock else f"step {step}")
        last = self.started()
        last.join()
        after = held(Settings(data=self.data))
        outcome.trials += 1
        outcome.left_over += len([*self.data.rglob(".*.part")])
        if last.exitcode or after != self.wanted:
            names = sorted(n for n in {*after, *self.wanted} if after.get(n) != self.wanted.get(n))
            outcome.broken.append(f"{said}: exit {last.exitcode}, {names[:5]}")
        shutil.rmtree(self.data)


def passing_by_itself(folder: Path) -> dict[str, str]:
    """A plan whose bulletin and sheets need nobody's signature, and addresses: the environment that says so."""
    plan = shutil.copytree(ROOT / "plan" / "2025", folder / "plan" / "2025")
    policy = (plan / "policy.toml").read_text(encoding="utf-8")
    for written in ('monthly_dispatch = ["review", "sign"]', 'feedback = ["review"]'):
        assert written in policy
        policy = policy.replace(written, f"{written.split(' = ')[0]} = []")
    (plan / "policy.toml").write_text(policy, encoding="utf-8")
    contacts = shutil.copy(plan / "contacts.example.toml", folder / "contacts.toml")
    return {"DIAODU_PLAN": str(plan), "DIAODU_CONTACTS": str(contacts)}


def held(settings: Settings) -> dict[str, str]:
    """Everything an office holds, by name: sha256 of each file, digest of each table, and the warehouse's own faults."""
    files = {
        str(p.relative_to(settings.data)): sha256_of(p.read_bytes())
        for part in ("raw", "receipts", "reports", "issued", "ledgers")
        for p in sorted((settings.data / part).rglob("*"))
        if p.is_file() and not p.name.endswith(".part")
    }
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        tables = {f"table {n}": f"{t.rows} {t.digest}" for n, t in fingerprint(warehouse).items()}
        return files | tables | {"faults": "".join(warehouse.faults())}


def line(label: str, one: Outcome) -> str:
    """A row of the table."""
    return f"| {label} | {one.trials} | {one.at_steps} | {one.by_clock} | {len(one.broken)} |"


def note(label: str, row: str) -> None:
    """Put the row in the page's table, in place of the one of that stage before."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    rows, tail = rest.split(END)
    kept = [old for old in rows.strip().splitlines() if not old.startswith(f"| {label} |")]
    PAGE.write_text(f"{head}{BEGIN}\n" + "\n".join([*kept, row]) + f"\n{END}{tail}", encoding="utf-8")


def main() -> None:
    stage, trials = sys.argv[1], int(sys.argv[2])
    dice = random.Random(sys.argv[3] if len(sys.argv) > 3 else 2025)
    with tempfile.TemporaryDirectory() as folder:
        label, outcome, bench = STAGES[stage].label, Outcome(), Bench(stage, Path(folder))
        print(f"{bench.events} events, {bench.seconds:.1f} s", file=sys.stderr, flush=True)
        for _ in range(trials):
            bench.trial(dice, outcome)
            print(outcome, file=sys.stderr, flush=True)
            note(label, line(label, outcome))  # cut short, it tells of the trials there were
    print("\n".join([line(label, outcome), *outcome.broken]))
    sys.exit(bool(outcome.broken))


if __name__ == "__main__":
    main()
