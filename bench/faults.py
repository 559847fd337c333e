"""Faults really made (故障试验): what was done, what a command said and ended with, and that all is whole afterwards.

Every fault starts from a copy of one office: some of January's reports received, one waiting in the inbox, notices
booked. After the fault is taken away, the inbox is taken in and a document made; every file and every table must then
be those of an office that never had the fault. Needs root (for mounts) and faketime. Run from the checkout:
python -m bench.faults [fault...]
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from pathlib import Path

from flows.documents import notices as noticing
from flows.issuing import delivery_round
from flows.issuing.outbox import counted
from flows.issuing.queueing import queue
from flows.office import Office as OfficeAtWork
from flows.operations.processes import descendants
from flows.operations.services import prefect_api
from flows.plan.load import plan_of
from flows.settings import ROOT, Settings
from flows.submissions.forms import write_sample
from flows.warehouse.connection import Warehouse
from tests.evidence.kill_flows import held, passing_by_itself, sheet, take_in
from tests.flows.running_services import deployments, flow_runs
from tests.issuing.mail.outgoing import AT, account, issue
from tests.issuing.mail.post_office import PostOffice

PAGE = ROOT / "docs" / "evidence" / "faults.md"
BEGIN, END = "<!-- begin: faults -->", "<!-- end: faults -->"
RECEIVED, WAITING = ("开鲁", "市人社", "奈曼"), ("科左中",)
MIB = 2**20
OWN_ENGINE = {"PREFECT_API_URL": ""}  # the command's own, whose database lies in the data folder, too


@dataclass(frozen=True)
class Statements:
    """What a command said last, and its exit code."""

    command: str
    code: int
    sentence: str


def diaodu(
    *command: str,
    by: tuple[str, ...] = (),
    about: str = "没有做成",
    when: str = "",
    root: Path = ROOT,
    **environment: str,
) -> Statements:
    """A command as it is typed; what it said `about` the matter, or its last words."""
    done = subprocess.run(
        [*by, sys.executable, "-m", "flows", *command],
        cwd=root, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    words = (done.stderr if done.returncode else done.stdout).strip() or done.stdout.strip()
    return Statements(" ".join(command) + when, done.returncode, spoken(words, about))


def spoken(words: str, about: str = "没有做成") -> str:
    """The line about the matter, with what is indented below it; the last line where there is none."""
    if "Traceback" in words or "程序内部出错" in words:
        return f"!!! {words[-600:]}"
    lines = words.splitlines()
    found = [at for at, line in enumerate(lines) if about in line or line.startswith("✗")]
    if not found:
        return (lines[-1:] or [""])[0]
    below = list(takewhile(lambda line: line.startswith("  "), lines[found[0] + 1 :]))
    return "；".join(map(str.strip, [lines[found[0]], *below]))


class Office:
    """The office before the fault, and what it holds without one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        os.environ.update({"DIAODU_DATA": str(self.data), **passing_by_itself(folder)})
        self.before = folder / "before"
        settings = Settings(data=self.before)
        write_sample(plan_of(settings), (1,), 2025, settings.inbox)
        waiting = folder / "waiting"
        shutil.copytree(settings.inbox, waiting)
        for file in settings.inbox.iterdir():
            if not file.name.startswith(RECEIVED):
                file.unlink()
        take_in(settings)
        noticing.work_out(settings, "2025-01", date(2025, 2, 7))
        for file in waiting.iterdir():
            if file.name.startswith(WAITING):
                shutil.copy(file, settings.inbox)
        with self.copied():
            self.wanted = self.gone_on()

    @contextmanager
    def copied(self) -> Iterator[Settings]:
        shutil.copytree(self.before, self.data)
        yield Settings()
        shutil.rmtree(self.data)

    def gone_on(self) -> dict[str, str]:
        """Take in what waits, make a document, and say what is held then."""
        settings = Settings()
        take_in(settings)
        sheet(settings)
        return held(settings)

    def is_whole(self) -> str:
        """完好, or what differs."""
        after = self.gone_on()
        names = sorted(n for n in {*after, *self.wanted} if after.get(n) != self.wanted.get(n))
        return f"!!! {names[:4]}" if names else "完好"


@contextmanager
def small_disk(office: Office) -> Iterator[Path]:
    """The data on a disk of its own that is full but for a few kilobytes."""
    kept = office.folder / "kept"
    office.data.rename(kept)
    office.data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(office.data)], check=True)
    shutil.copytree(kept, office.data, dirs_exist_ok=True)
    try:
        yield office.data
    finally:
        shutil.rmtree(kept)
        shutil.copytree(office.data, kept)
        subprocess.run(["umount", "-l", str(office.data)], check=True)
        shutil.rmtree(office.data)
        kept.rename(office.data)


def fill(disk: Path, leave: int) -> Path:
    """Fill a disk but for so many bytes; the file that does."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"x" * (shutil.disk_usage(disk).free - leave))
    return filler


def disk_full(office: Office) -> Iterator[Statements]:
    """data 所在磁盘只剩 64 KB，又只剩 1 KB"""
    with small_disk(office) as disk:
        for kilobytes in (64, 1):
            filler = fill(disk, kilobytes << 10)
            for command in (("intake",), ("monthly", "2025-01", "--county", "开鲁县"), ("status", "2025-01")):
                yield diaodu(*command, when=f"（只剩 {kilobytes} KB）", **OWN_ENGINE)
                yield diaodu(*command, when=f"（只剩 {kilobytes} KB，流程引擎在别处）")
            filler.unlink()


def read_only(office: Office) -> Iterator[Statements]:
    """data 所在磁盘变为只读"""
    with small_disk(office) as disk:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield diaodu("intake")
        yield diaodu("status", "2025-01")
        yield diaodu("monthly", "2025-01", "--county", "开鲁县")
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


def locked(office: Office) -> Iterator[Statements]:
    """数据库被另一个程序占用"""
    settings = Settings()
    with Warehouse(settings.warehouse, settings.journal):
        yield diaodu("status", "2025-01")
        yield diaodu("intake")


def clock_back(office: Office) -> Iterator[Statements]:
    """系统时钟拨回两年（faketime）"""
    diaodu("watch")  # which remembers when it looked
    yield diaodu("watch", by=("faketime", "2024-01-05 09:00:00"), about="时钟")
    yield diaodu("status", "2025-01", by=("faketime", "2024-01-05 09:00:00"))
    yield diaodu("intake", by=("faketime", "2024-01-05 09:00:00"))


def no_faces(office: Office) -> Iterator[Statements]:
    """字体文件夹被清空"""
    (office.folder / "no-fonts").mkdir()
    yield diaodu("monthly", "2025-01", "--county", "开鲁县", DIAODU_FONTS=str(office.folder / "no-fonts"))


def bad_plan(office: Office) -> Iterator[Statements]:
    """方案改坏：policy.toml 语法错；期限写成 40 日；指标目标写成文字"""
    for number, (name, old, new) in enumerate([
        ("policy.toml", "[reporting]", "[reporting"),
        ("policy.toml", "due_day = 5", "due_day = 40"),
        ("annex_targets.csv", "\n", ",多余\n"),
    ]):  # fmt: skip
        plan = Path(shutil.copytree(ROOT / "plan" / "2025", office.folder / f"bad{number}" / "2025"))
        text = (plan / name).read_text(encoding="utf-8")
        (plan / name).write_text(text.replace(old, new, 2), encoding="utf-8")
        yield diaodu("intake", DIAODU_PLAN=str(plan))


def bad_contacts(office: Office) -> Iterator[Statements]:
    """通讯录语法错；通讯录不见了"""
    with PostOffice() as post:
        queue(Settings(), issue(Settings(), 6, "2025-01/monthly_dispatch-kailu"), AT)
        broken = office.folder / "broken.toml"
        broken.write_text("[operator\naddresses = 1", encoding="utf-8")
        for contacts in (broken, office.folder / "nowhere.toml"):
            yield diaodu("deliver", **account(post, contacts))
    started_again(office)


def mail_down(office: Office) -> Iterator[Statements]:
    """邮件服务器停两天（每小时发送一次，时间为模拟）"""
    with PostOffice() as gone:
        os.environ.update(account(gone, Path(os.environ["DIAODU_CONTACTS"])))
    queued = len(queue(Settings(), issue(Settings(), 6, "2025-01/monthly_dispatch"), AT).new)
    said: list[delivery_round.Row] = []
    for hour in range(48):
        said = sent(AT + timedelta(hours=hour))
    yield Statements("deliver（第 48 次）", 1, said[-1]["说明"])
    with PostOffice() as back:
        os.environ["DIAODU_SMTP_PORT"] = str(back.port)
        sent(AT + timedelta(hours=48))
        once = len(back.taken) == len(set(back.message_ids))
        counts = "，".join(f"{k} {v} 封" for k, v in counted(OfficeAtWork().letters()).items())
        yield Statements(
            "deliver（恢复后）",
            0,
            f"排队 {queued} 封，收到 {len(back.taken)} 封，{'无' if once else '!!! 有'}重复：{counts}",
        )
    started_again(office)


def sent(at: datetime) -> list[delivery_round.Row]:
    """What a round of sending gives at a moment."""
    return OfficeAtWork(Settings(), lambda: at).deliver(samples=True)


def port_taken(office: Office) -> Iterator[Statements]:
    """网页端口被别的程序占用，diaodu up"""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield diaodu("up", **OWN_ENGINE, DIAODU_PORT=str(other.getsockname()[1]))
    diaodu("down", "--now")


def journal_damaged(office: Office) -> Iterator[Statements]:
    """台账流水被截短、接上乱码"""
    journal = Settings().journal
    good = journal.read_bytes()
    for damaged in (good[: len(good) // 2], good + b"garbage\n"):
        journal.write_bytes(damaged)
        yield diaodu("status", "2025-01")
    journal.write_bytes(good)


def warehouse_damaged(office: Office) -> Iterator[Statements]:
    """数据库文件被截短、开头乱码、中间乱码；diaodu rebuild"""
    file = Settings().warehouse
    good = file.read_bytes()
    half = len(good) // 2
    for damaged in (
        good[: len(good) // 3],
        os.urandom(4096) + good[4096:],
        good[: half - 300_000] + os.urandom(600_000) + good[half + 300_000 :],
    ):
        file.write_bytes(damaged)
        yield diaodu("status", "2025-01")
        yield diaodu("intake")
    yield diaodu("rebuild")
    yield diaodu("rebuild", "--accept")


def two_at_once(office: Office) -> Iterator[Statements]:
    """两个 diaodu intake 同时运行（流程引擎的数据库还没有）"""
    yield from both("intake", about="共 ")


def both(*command: str, about: str, **environment: str) -> Iterator[Statements]:
    """The same command twice at the same moment, on a data folder that no flow engine was in yet."""
    pair = [
        subprocess.Popen(
            [sys.executable, "-m", "flows", *command], cwd=ROOT, env=os.environ | OWN_ENGINE | environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in "12"
    ]  # fmt: skip
    for one in pair:
        words, _ = one.communicate(timeout=900)
        yield Statements(
            " ".join(command), one.returncode, spoken(words, "没有做成" if one.returncode else about)
        )


def two_ups(office: Office) -> Iterator[Statements]:
    """两个 diaodu up 同时运行"""
    port = free_port()
    yield from both("up", about="另一个", DIAODU_PORT=port)
    of_ours = [
        name
        for name in (p for p in Path("/proc").iterdir() if p.name.isdigit())
        if f"DIAODU_PORT={port}".encode() in environment_of(name)
    ]
    servers = [p for p in of_ours if b"server\0start" in p.joinpath("cmdline").read_bytes()]
    workers = [p for p in of_ours if b"worker\0start" in p.joinpath("cmdline").read_bytes()]
    yield Statements("（数进程）", 0, f"流程服务 {len(servers)} 个，执行器 {len(workers)} 个")
    diaodu("down", "--now")
    started_again(office)


def environment_of(process: Path) -> bytes:
    """What a process was started with; nothing of one that has ended meanwhile."""
    try:
        return process.joinpath("environ").read_bytes()
    except OSError:
        return b""


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def prefect_lost(office: Office) -> Iterator[Statements]:
    """流程服务的数据库在停机时不见了，diaodu up"""
    os.environ["DIAODU_PORT"] = free_port()
    os.environ["DIAODU_DESK_PORT"] = free_port()
    settings = Settings()

    def had_its_turn() -> dict[str, str]:
        yield_up.append(diaodu("up", about="网页", **OWN_ENGINE))
        known = deployments(settings)
        while not [
            run for run in flow_runs(settings) if run["deployment_id"] == known["日程"] and run["end_time"]
        ]:
            time.sleep(1)
        names = {flow["id"]: flow["name"] for flow in prefect_api(settings).filter("flows")}
        runs.extend(
            f"{names[run['flow_id']]} {run['state_name']}"
            for run in prefect_api(settings).filter("flow_runs")
            if run["end_time"]
        )
        deployed.append(len(known))
        diaodu("down", **OWN_ENGINE)
        return held(settings)

    yield_up: list[Statements] = []
    deployed: list[int] = []
    runs: list[str] = []
    first = had_its_turn()
    for database in settings.engine.glob("prefect.db*"):
        database.unlink()
    second = had_its_turn()
    yield yield_up[1]
    same = "逐一相同" if first == second else f"!!! {[n for n in second if first.get(n) != second[n]][:4]}"
    yield Statements(
        "（日程之后）",
        0,
        f"部署 {deployed[0]} 项、{deployed[1]} 项；日程运行 {sum(run.startswith('日程') for run in runs)} 次，做成的只做一次（"
        f"{'、'.join(run for run in runs if run.startswith(('收表', '月调度', '季分析')))}）；"
        f"前后文件和表{same}",
    )
    del os.environ["DIAODU_PORT"], os.environ["DIAODU_DESK_PORT"]
    started_again(office)


def worker_killed(office: Office) -> Iterator[Statements]:
    """一个成文的工作进程被杀（kill -9），反馈单"""
    command = [sys.executable, "-m", "flows", *FEEDBACK]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while not (found := spawned(running.pid)) and running.poll() is None:
        time.sleep(0.1)
    time.sleep(3)
    for victim in found[:1]:
        os.kill(victim, signal.SIGKILL)
    words, _ = running.communicate(timeout=900)
    yield Statements(" ".join(FEEDBACK), running.returncode, spoken(words))
    yield diaodu(*FEEDBACK, when="（再一次）")
    shutil.rmtree(Settings().reports)


FEEDBACK = ("monthly", "2025-01", "--all-counties")


def spawned(command: int) -> list[int]:
    """Worker processes of a command."""
    return [
        one.pid
        for one in descendants(command)
        if b"spawn_main" in Path(f"/proc/{one.pid}/cmdline").read_bytes()
    ]


def template_changed(office: Office) -> Iterator[Statements]:
    """模板改了一个字（另一份程序），反馈单再做一次"""
    yield diaodu(*FEEDBACK)
    yield diaodu(*FEEDBACK, when="（没有改动）")
    later = office.folder / "later"
    for part in ("flows", "sql", "templates", "plan"):
        shutil.copytree(ROOT / part, later / part)
    style = later / "templates" / "css" / "text.css"
    style.write_text(style.read_text(encoding="utf-8") + "\n/* 改过 */\n", encoding="utf-8")
    fonts = {"DIAODU_FONTS": str(ROOT / "build" / "faces"), "PYTHONPATH": str(later)}
    yield diaodu(*FEEDBACK, when="（改了模板）", root=later, **fonts)
    yield diaodu(*FEEDBACK, when="（改了模板，再一次）", root=later, **fonts)
    shutil.rmtree(Settings().reports)


def started_again(office: Office) -> None:
    """Letters of a made-up document are no part of what is compared: begin from the copy again."""
    shutil.rmtree(office.data)
    shutil.copytree(office.before, office.data)


FAULTS: dict[str, Callable[[Office], Iterator[Statements]]] = {
    one.__name__: one
    for one in (disk_full, read_only, locked, clock_back, no_faces, bad_plan, bad_contacts, mail_down,
                port_taken, journal_damaged, warehouse_damaged, two_at_once, two_ups, prefect_lost, worker_killed,
                template_changed)
}  # fmt: skip


def rows(name: str, said: list[Statements], whole: str) -> str:
    """The rows of one fault."""
    what = str(FAULTS[name].__doc__)
    return "\n".join(
        f"| {what if not at else ''} | `{one.command}` | {one.sentence.replace('|', '¦')} | {one.code} | {whole if not at else ''} |"
        for at, one in enumerate(said)
    )


def note(name: str, table: str) -> None:
    """Put a fault's rows in the page's table, in place of those it had."""
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    old, tail = rest.split(END)
    blocks: list[str] = []
    for row in old.strip().splitlines():
        if row.startswith("|  |") and blocks:
            blocks[-1] += f"\n{row}"
        else:
            blocks.append(row)
    title = f"| {FAULTS[name].__doc__} |"
    at = next((n for n, block in enumerate(blocks) if block.startswith(title)), len(blocks))
    blocks[at : at + 1] = [table]
    PAGE.write_text(f"{head}{BEGIN}\n" + "\n".join(blocks) + f"\n{END}{tail}", encoding="utf-8")


def main() -> None:
    wanted = sys.argv[1:] or list(FAULTS)
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        for name in wanted:
            with office.copied():
                said: list[Statements] = []
                whole = "!!! 没有试到底"
                try:
                    said += FAULTS[name](office)
                    whole = office.is_whole()
                except Exception as fault:  # the table shows it, and the next is tried
                    said.append(Statements("", 1, f"!!! {type(fault).__name__} {fault}"))
            table = rows(name, said, whole).replace(folder, "…")
            print(table, flush=True)
            note(name, table)


if __name__ == "__main__":
    main()
