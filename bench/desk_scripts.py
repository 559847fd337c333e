"""What people do at the desk, as scripts for a real browser: each role's day, double clicks, two reviewers, strangers.

Each script takes a browser, the desk's address and the office's settings, returns what it did as a sentence, and raises
AssertionError where something is not as it should be.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import openpyxl
from playwright.sync_api import Browser, Page

from flows.office import Office
from flows.plan.period import Period
from flows.plan.terms import AccountRole
from flows.settings import Settings

PASSWORD = "Shili-2025"
ACCOUNTS = {
    "经办甲": AccountRole.CLERK, "审核乙": AccountRole.REVIEWER, "签发丙": AccountRole.SIGNER, "审核丁": AccountRole.REVIEWER,
    "管理戊": AccountRole.ADMIN,
}  # fmt: skip
COUNTY_CLERK = "开鲁县填报"
BULLETIN, QUARTER = "2025-06/monthly_dispatch", "2025-Q2/quarterly_analysis"
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
LONGEST_WORK = 900  # seconds, on a machine with much else to do
VIEWPORT = {"width": 1366, "height": 768}


def until(reached: Callable[[], Any], seconds: float = 300) -> None:
    """Wait for something; AssertionError if it never comes."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.1)


def logged_in(browser: Browser, base: str, name: str, viewport: Mapping[str, int] | None = None) -> Page:
    """A page of a new browser context in which that account has logged in; of a size of its own, where scripts of a test may
    run in it."""
    size = {**(viewport or VIEWPORT)}
    page = browser.new_context(viewport=size, locale="zh-CN", bypass_csp=viewport is not None).new_page()
    page.goto(base)
    page.get_by_label("账号").fill(name)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith(("报送情况", "的报表"))
    return page


def finish(page: Page) -> str:
    """The text of a piece of work's page once it is over."""
    until(lambda: page.get_by_text("办好了").count() or page.get_by_text("没有办成").count(), LONGEST_WORK)
    return page.inner_text("main")


def county_clerks_day(browser: Browser, base: str, settings: Settings) -> str:
    """Hand in a workbook with a fault, read what is wrong, hand it in corrected; try the addresses of the office."""
    page = logged_in(browser, base, COUNTY_CLERK)
    with Office(settings).snapshot() as warehouse:
        newest = warehouse.select("reports_of", reporter="kailu").row(0, named=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "开鲁县6月（改）.xlsx"
        for written, outcome in (("约431", "数据待核"), (431, "")):
            book = openpyxl.load_workbook(
                settings.raw / "2025-06" / f"{newest['file_sha256']}.xlsx", data_only=True
            )
            book["月报"]["G6"] = written
            book.save(file)
            page.goto(f"{base}/own")
            page.set_input_files("input[type=file]", [str(file)])
            page.get_by_role("button", name="报送", exact=True).click()
            text = finish(page)
            assert "已接收" in text and ("月报!G6" in text) is bool(outcome), text
            page.get_by_role("link", name="回到本单位的报表").click()
            assert (outcome or "报送记录") in page.inner_text("main")
            assert outcome or "月报!G6" not in page.inner_text("main")
    addresses = [*PAGES.values(), "/register.xlsx", f"/document/pdf?name={BULLETIN}"]
    codes = {page.request.get(base + one, max_redirects=0).status for one in addresses}
    assert codes <= {303, 403}, codes  # 303: from / to its own page
    page.context.close()
    return f"a fault named, corrected and taken in; {len(addresses)} addresses of the office closed"


def clerks_day(browser: Browser, base: str, settings: Settings) -> str:
    """Hand in two workbooks, one of them no report; read the receipts; answer a question."""
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
    page.context.close()
    return "two files handed in, a question answered"


def on_demand_documents(browser: Browser, base: str, _settings: Settings) -> str:
    """One county's quarter; a month before its time, refused and then drafted on purpose; the city's quarter."""
    page = logged_in(browser, base, "经办甲")
    on_demand(page, base, "2025年第二季度季分析", "开鲁县")
    assert "已成文" in finish(page)
    page.get_by_role("link", name="看这份文件").click()
    assert "开鲁县" in page.inner_text("h1")
    on_demand(page, base, "2025年7月月调度", "全市")
    assert "报来的报表太少" in finish(page)
    on_demand(page, base, "2025年7月月调度", "全市", early=True)
    assert "已成文" in finish(page)
    on_demand(page, base, "2025年第二季度季分析", "全市")
    assert "已成文" in finish(page)
    page.get_by_role("link", name="看这份文件").click()
    numbers = page.locator("a.number")
    count = numbers.count()
    numbers.first.click()
    assert "规则" in page.inner_text("main")
    page.context.close()
    return (
        "a county's quarter, a month refused before its time and drafted on purpose, the city's quarter "
        f"({count} numbers to be clicked)"
    )


def on_demand(page: Page, base: str, document: str, county: str, *, early: bool = False) -> None:
    """Ask for a document by the menus of the analysis."""
    page.goto(f"{base}/analysis?period=2025-06")
    page.locator("select[name=document]").select_option(label=document)
    page.locator("form[action='/analysis/make'] select[name=county]").select_option(label=county)
    page.get_by_label("提前出").set_checked(early)
    page.get_by_role("button", name="成文").click()


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
    other = logged_in(browser, base, "审核丁")
    other.goto(f"{base}/document?name={BULLETIN}")
    page.get_by_role("button", name="同意").dblclick()
    page.get_by_text("同意，待签发").wait_for()
    other.get_by_role("button", name="同意").click()
    assert "这一步已经办过了，没有重复办理" in other.inner_text("main")
    other.context.close()
    page.goto(f"{base}/documents?period=2025-06")
    page.get_by_role("button", name="全选").click()
    chosen = page.locator("input[name=document]:checked").count()
    page.get_by_role("button", name="审核所选文件").click()
    issued = finish(page).count("已印发")
    page.go_back()
    page.reload()
    assert page.locator("h1").count() == 1
    page.context.close()
    return (
        "sent back only with a reason, a double click and a second reviewer approved once, "
        f"{chosen} drafts at once: {issued} issued"
    )


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
    "填报": county_clerks_day,
    "经办": clerks_day,
    "按需成文": on_demand_documents,
    "审核": reviewers_day,
    "签发": signers_day,
    "strangers": strangers,
}
