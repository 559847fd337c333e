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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from flows.office import Office
from flows.plan.period import Period
from flows.plan.terms import AccountRole
from flows.settings import ROOT, Settings

PASSWORD = "Shili-2025"
ACCOUNTS = {"经办甲": AccountRole.CLERK, "审核乙": AccountRole.REVIEWER, "签发丙": AccountRole.SIGNER}
SIZES = {"desk": {"width": 1366, "height": 768}, "telephone": {"width": 390, "height": 844}}
BULLETIN = "2025-06/monthly_dispatch"
PAGES = {
    "month": "/?month=2025-06",
    "submissions": "/submissions?month=2025-06",
    "documents": "/documents",
    "document": f"/document?name={BULLETIN}",
    "pdf": f"/document?name={BULLETIN}&view=pdf",
    "words": f"/document/words?name={BULLETIN}",
    "trace": "/trace?period=2025-06&county=kailu&indicator=urban_new_jobs",
    "analysis": "/analysis?period=2025-06",
    "letters": "/letters",
    "register": "/register",
    "health": "/health",
}
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
        served(Path(folder)) as (settings, base),
        sync_playwright() as play,
    ):
        chromium = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        lines, faults = [], 0
        for title, script in SCRIPTS.items():
            try:
                said = script(browser, base, settings)
            except AssertionError as fault:
                faults += 1
                said = f"**not so**: {fault or traceback.extract_tb(fault.__traceback__)[-1].line}"
            print(f"{title}: {said}", flush=True)
            lines.append(f"| {title} | {said} |")
        looked, wrong = look_at_pages(browser, base, pictures=options.pictures)
        browser.close()
        load = under_load(base, settings)
        write_evidence(lines, looked, load)
        return faults + wrong


@contextmanager
def served(folder: Path) -> Iterator[tuple[Settings, str]]:
    """A sample half-year, June's documents drafted, accounts made, and the desk started as the command starts it."""
    os.environ |= {"DIAODU_DATA": str(folder / "data"), "DIAODU_DESK_PORT": "4290"}
    settings = Settings()
    office = Office(settings)
    office.sample(2025, tuple(range(1, 7)), 2025)
    office.ingest()
    office.make("monthly_dispatch", "2025-06")
    office.county_reports("2025-06")
    office.notices("2025-06", date(2025, 7, 8))
    for name, role in ACCOUNTS.items():
        office.accounts.add(name, (role,), PASSWORD, office.now(), None)
    base = f"http://127.0.0.1:{settings.desk_port}"
    with (folder / "desk.log").open("wb") as log:
        desk = subprocess.Popen([sys.executable, "-m", "flows", "desk"], cwd=ROOT, stdout=log, stderr=log)
    try:
        until(lambda: _answers(base))
        yield settings, base
    finally:
        desk.terminate()
        desk.wait(60)


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/login", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def until(reached: Callable[[], Any], seconds: float = 300) -> None:
    """Wait for something; AssertionError if it never comes."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.1)


def logged_in(browser: Browser, base: str, name: str) -> Page:
    """A page of a new browser context in which that account has logged in."""
    page = browser.new_context(viewport=SIZES["desk"], locale="zh-CN", bypass_csp=False).new_page()
    page.goto(base)
    page.get_by_label("账号").fill(name)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("报送情况")
    return page


def finish(page: Page) -> str:
    """The text of a piece of work's page once it is over."""
    until(lambda: page.get_by_text("办好了").count() or page.get_by_text("没有办成").count())
    return page.inner_text("main")


def clerks_day(browser: Browser, base: str, settings: Settings) -> str:
    """Hand in two workbooks, one of them no report; read the receipts; answer a question; draft a quarter on demand."""
    page = logged_in(browser, base, "经办甲")
    with tempfile.TemporaryDirectory() as folder:
        form = next(
            one
            for one in Office(settings).forms(Period.parse("2025-07"), Path(folder))
            if "开鲁县" in one.name
        )
        other = Path(folder) / "照片.jpg"
        other.write_bytes(b"\xff\xd8\xff a photo")
        page.get_by_role("link", name="收表").click()
        page.set_input_files("input[type=file]", [str(form), str(other)])
        page.get_by_role("button", name="收表").click()
        text = finish(page)
    assert "照片.jpg：不予接收" in text, text
    page.goto(f"{base}/submissions?month=2025-06")
    page.get_by_label("填报单位说明的原因").first.fill("上月少报9人，本月补报")
    page.get_by_role("button", name="登记说明").first.click()
    assert "的说明" in page.inner_text("main"), page.inner_text("main")
    page.goto(f"{base}/analysis?period=2025-06")
    page.get_by_role("button", name="成文").click()
    assert "已成文" in finish(page)
    page.get_by_role("link", name="看这份文件").click()
    numbers = page.locator("a.number")
    count = numbers.count()
    numbers.first.click()
    assert "规则" in page.inner_text("main")
    page.context.close()
    return f"two files handed in, a question answered, a quarter drafted ({count} numbers to be clicked)"


def reviewers_day(browser: Browser, base: str, settings: Settings) -> str:
    """Read the bulletin, send it back without and with a reason, then approve all county reports at once; click twice."""
    page = logged_in(browser, base, "审核乙")
    office = Office(settings)
    office.make("monthly_dispatch", "2025-06")  # the clerk's answer has changed the data since
    office.county_reports("2025-06")
    office.notices("2025-06", date(2025, 7, 8))
    page.goto(f"{base}/document?name={BULLETIN}")
    page.get_by_role("button", name="退回").click()
    assert "退回要写明原因" in page.inner_text("main")
    page.get_by_role("button", name="同意").dblclick()
    page.get_by_text("同意，待签发").wait_for()
    page.goto(f"{base}/documents?period=2025-06")
    page.get_by_role("button", name="全选").click()
    chosen = page.locator("input[name=document]:checked").count()
    page.get_by_role("button", name="审核所选文件").click()
    text = finish(page)
    page.go_back()
    page.reload()
    assert page.locator("h1").count() == 1
    page.context.close()
    return f"sent back only with a reason, a double click approved once, {chosen} drafts at once: {text.count('已印发')} issued"


def signers_day(browser: Browser, base: str, _settings: Settings) -> str:
    """Sign with a wrong password, then with one's own; read the issued document, and find it in the register."""
    page = logged_in(browser, base, "签发丙")
    page.goto(f"{base}/document?name={BULLETIN}")
    page.get_by_label("再输一次口令（签发用）").fill("Wrong-2025")
    page.get_by_role("button", name="同意").click()
    assert "账号或口令不对" in page.inner_text("main")
    page.goto(f"{base}/document?name={BULLETIN}")
    page.get_by_label("再输一次口令（签发用）").fill(PASSWORD)
    page.get_by_role("button", name="同意").click()
    assert "已印发" in finish(page)
    page.get_by_role("navigation", name="栏目").get_by_role("link", name="登记簿").click()
    page.get_by_label("查找（文号、题名、正文）").fill("全市 通报")
    page.get_by_role("button", name="查找").click()
    assert page.locator("tbody tr").count() == 1
    page.context.close()
    return "a wrong password refused, signed and issued, found in the register"


def strangers(browser: Browser, base: str, _settings: Settings) -> str:
    """Another origin's form, a page without a log-in, another host name."""
    page = logged_in(browser, base, "审核乙")
    cookie = {one["name"]: one["value"] for one in page.context.cookies()}
    page.context.close()
    form = {"document": f"{BULLETIN}@x", "step": "review", "decision": "approved"}
    with httpx.Client(base_url=base, trust_env=False) as client:
        foreign = client.post(
            "/document/decide", data=form, cookies=cookie, headers={"Origin": "http://evil.example"}
        )
        unmarked = client.post("/document/decide", data=form, cookies=cookie, headers={"Origin": base})
        nobody = client.get("/documents")
        rebound = client.get("/login", headers={"Host": "evil.example"})
    found = [one.status_code for one in (foreign, unmarked, nobody, rebound)]
    assert found == [403, 400, 303, 421], found
    return "foreign origin 403, unmarked form 400, no log-in 303, foreign host name 421"


SCRIPTS: dict[str, Callable[[Browser, str, Settings], str]] = {
    "经办": clerks_day,
    "审核": reviewers_day,
    "签发": signers_day,
    "strangers": strangers,
}


def look_at_pages(browser: Browser, base: str, *, pictures: bool) -> tuple[list[str], int]:
    """Every page at both sizes: axe's serious faults, text wider than the screen, and a picture."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    rows, wrong = [], 0
    for size, viewport in SIZES.items():
        context = browser.new_context(viewport=viewport, locale="zh-CN", bypass_csp=True)
        page = context.new_page()
        page.goto(base)
        page.get_by_label("账号").fill("经办甲")
        page.get_by_label("口令").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        for name, address in PAGES.items():
            gone = name in ("document", "words", "pdf")  # issued meanwhile
            page.goto(
                base
                + (address.replace(BULLETIN, "2025-06/notices/提醒〔2025〕1-horqin") if gone else address)
            )
            if pictures and size == "desk" and name in SHOWN:
                page.screenshot(path=PICTURES / f"desk-{name}.png")
            page.evaluate(axe)
            found = page.evaluate("axe.run()")["violations"]
            serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            wrong += bool(serious) + bool(wide)
            rows.append(f"| {name} | {size} | {'、'.join(serious) or 'none'} | {'yes' if wide else 'no'} |")
        context.close()
    return rows, wrong


def under_load(base: str, settings: Settings) -> list[str]:
    """Thirty people who each open a page and read it for two seconds, while the county reports are drafted again."""
    times: dict[str, list[float]] = {name: [] for name in PAGES if name not in ("document", "pdf")}
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
    dispatch.start()
    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(person, range(PEOPLE)))
    dispatch.join()
    return [
        f"| {name} | {len(found)} | {statistics.median(found) * 1000:.0f} | {sorted(found)[int(len(found) * 0.95)] * 1000:.0f} |"
        for name, found in times.items()
        if found
    ]


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
