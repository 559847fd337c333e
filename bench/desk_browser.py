"""The desk in a real browser: `make desk-proof`. Each role's day, forged and stale requests, accessibility, and thirty people at once.

Writes docs/evidence/desk.md and docs/pictures/desk-*.png. Playwright and axe come from bench/desk-requirements.txt, Chromium from
Debian. The office is a sample half-year in a folder of its own; nothing leaves loopback. Ends with 1 where anything is not as it should be.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path

import httpx
import playwright.sync_api
from playwright.sync_api import Browser, sync_playwright

from bench.desk_scripts import (
    ACCOUNTS,
    BULLETIN,
    COUNTY_CLERK,
    PAGES,
    PASSWORD,
    QUARTER,
    SCRIPTS,
    VIEWPORT,
    logged_in,
    until,
)
from flows.office import Office
from flows.plan.terms import AccountRole
from flows.settings import ROOT, Settings

SIZES = {"desk": VIEWPORT, "telephone": {"width": 390, "height": 844}}
SHOWN = ("month", "submissions", "document", "analysis")  # in README and manual
PEOPLE, SECONDS, THINKING = 30, 30, 2.0
PICTURES = ROOT / "docs" / "pictures"
EVIDENCE = ROOT / "docs" / "evidence" / "desk.md"


def main() -> int:
    """Run every script; the number of things that were not as they should be."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk_browser", description=__doc__)
    parser.add_argument("--pictures", action="store_true", help="write docs/pictures/desk-*.png as well")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (settings, base, desk),
        sync_playwright() as play,
    ):
        chromium = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        lines, faults = [], 0
        for title, script in SCRIPTS.items():
            try:
                said = script(browser, base, settings)
            except (AssertionError, playwright.sync_api.Error) as fault:
                faults += 1
                said = f"**not so**: {fault or traceback.extract_tb(fault.__traceback__)[-1].line}"
            print(f"{title}: {said}", flush=True)
            lines.append(f"| {title} | {said} |")
        looked, wrong = look_at_pages(browser, base, pictures=options.pictures)
        browser.close()
        load = under_load(base, settings, desk)
        write_evidence(lines, looked, load)
        return faults + wrong


@contextmanager
def served(folder: Path) -> Iterator[tuple[Settings, str, int]]:
    """A sample half-year, June's documents drafted, accounts made, and the desk started as the command starts it."""
    plans = Path(shutil.copytree(ROOT / "plan", folder / "plan"))
    policy = plans / "2025" / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("reporter_accounts = false", "reporter_accounts = true"), encoding="utf-8")
    os.environ |= {
        "DIAODU_DATA": str(folder / "data"), "DIAODU_PLANS": str(plans), "DIAODU_DESK_PORT": "4290",
    }  # fmt: skip
    settings = Settings()
    office = Office(settings)
    office.sample(2025, tuple(range(1, 7)), 2025)
    office.ingest()
    office.make("monthly_dispatch", "2025-06")
    office.county_reports("2025-06")
    office.notices("2025-06", date(2025, 7, 8))
    add_accounts(office)
    base = f"http://127.0.0.1:{settings.desk_port}"
    with (folder / "desk.log").open("wb") as log:
        desk = subprocess.Popen([sys.executable, "-m", "flows", "desk"], cwd=ROOT, stdout=log, stderr=log)
    try:
        until(lambda: _answers(base))
        yield settings, base, desk.pid
    finally:
        desk.terminate()
        desk.wait(60)


def add_accounts(office: Office) -> None:
    """The office's, and one county's."""
    for name, role in ACCOUNTS.items():
        office.accounts.add(name, (role,), PASSWORD, office.now(), None)
    manager = office.accounts.all()["管理戊"]
    office.accounts.add(COUNTY_CLERK, (AccountRole.REPORTER,), PASSWORD, office.now(), manager, unit="kailu")


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/login", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def look_at_pages(browser: Browser, base: str, *, pictures: bool) -> tuple[list[str], int]:
    """Every page at both sizes: axe's serious faults, text wider than the screen, and a picture."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    rows, wrong = [], 0
    for size, viewport in SIZES.items():
        for account, pages in (("经办甲", PAGES), (COUNTY_CLERK, {"own": "/own"})):
            page = logged_in(browser, base, account, viewport)
            for name, address in pages.items():
                page.goto(base + address.replace(BULLETIN, QUARTER))  # the bulletin is issued meanwhile
                if pictures and size == "desk" and name in SHOWN:
                    page.screenshot(path=PICTURES / f"desk-{name}.png")
                page.evaluate(axe)
                found = page.evaluate("axe.run()")["violations"]
                serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                wrong += bool(serious) + bool(wide)
                rows.append(
                    f"| {name} | {size} | {'、'.join(serious) or 'none'} | {'yes' if wide else 'no'} |"
                )
            page.context.close()
    return rows, wrong


def under_load(base: str, settings: Settings, desk: int) -> list[str]:
    """Thirty people who each open a page and read it for two seconds, while the half-year summary is drafted. `desk` is the
    process whose processor time is counted."""
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    end = time.monotonic() + SECONDS

    def person(number: int) -> None:
        with httpx.Client(base_url=base, trust_env=False, timeout=120, follow_redirects=True) as client:
            client.post(
                "/login",
                data={"name": tuple(ACCOUNTS)[number % 3], "password": PASSWORD},
                headers={"Origin": base},
            )
            names = list(times)
            while time.monotonic() < end:
                name = names[number % len(names)]
                began = time.monotonic()
                reply = client.get(PAGES[name])
                times[name].append(time.monotonic() - began)
                assert reply.status_code == 200, (name, reply.status_code)
                number += 1
                time.sleep(THINKING)

    dispatch = threading.Thread(target=Office(settings).make, args=("half_year_summary", "2025-H1"))
    others, used = os.getloadavg()[0], processor_seconds(desk)
    dispatch.start()
    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(person, range(PEOPLE)))
    used, pages = processor_seconds(desk) - used, sum(map(len, times.values()))
    dispatch.join()
    rows = [
        f"| {name} | {len(found)} | {statistics.median(found) * 1000:.0f} | {sorted(found)[int(len(found) * 0.95)] * 1000:.0f} |"
        for name, found in times.items()
        if found
    ]
    said = f"Of the desk's processor time a page took {used * 1000 / pages:.0f} ms on average; the load average of the machine"
    return [*rows, "", f"{said} before was {others:.1f}."]


def processor_seconds(process: int) -> float:
    """How much processor time a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_evidence(scripts: list[str], looked: list[str], load: list[str]) -> None:
    """The page docs/evidence/desk.md."""
    EVIDENCE.write_text(
        "\n".join(
            [
                "# The desk in a real browser", "",
                "Generated by `make desk-proof` (`bench/desk_browser.py`); do not edit. Chromium, a sample half-year, loopback.", "",
                "| script | outcome |", "|---|---|", *scripts, "",
                "## Pages", "", "Serious or critical findings of axe-core, and whether text is wider than the screen.", "",
                "| page | size | axe | too wide |", "|---|---|---|---|", *looked, "",
                "## Under load", "",
                (f"{PEOPLE} people, each a page every {THINKING:.0f} s for {SECONDS} s, while the half-year summary is set on the same two"
                " cores. Milliseconds."), "",
                "| page | requests | median | 95 % |", "|---|--:|--:|--:|", *load, "",
            ]
        ),
        encoding="utf-8",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
