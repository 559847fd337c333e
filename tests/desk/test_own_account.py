"""A county's own account, where the policy allows one: its form, receipts and reports, and nothing of anybody else's."""

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from fastapi.routing import APIRoute

from flows.accounts.accounts import AccountError
from flows.desk.app import ROUTERS
from flows.office import Office
from flows.operations import data_folder
from flows.plan.terms import AccountRole
from flows.settings import ROOT, Settings
from tests.conftest import NOW
from tests.desk.conftest import Browser
from tests.staff import TYPED

LoggedIn = Callable[[str], Browser]
OF_EVERYBODY = ("/own", "/login", "/logout", "/password", "/progress", "/static")


@pytest.fixture
def office(drafted: Path, tmp_path: Path) -> Settings:
    """The half-year's office by a policy with accounts of the counties; 开鲁县 has one."""
    plan = Path(shutil.copytree(ROOT / "plan" / "2025", tmp_path / "plan"))
    policy = plan / "policy.toml"
    text = policy.read_text("utf-8")
    policy.write_text(text.replace("reporter_accounts = false", "reporter_accounts = true"), encoding="utf-8")
    shutil.copytree(drafted, tmp_path / "data")
    settings = Settings(data=tmp_path / "data", plan=plan)
    data_folder.init(settings, NOW)
    Office(settings).accounts.add("开鲁县", (AccountRole.REPORTER,), TYPED, NOW, None, unit="kailu")
    return settings


def test_a_county_sees_its_own_months_receipts_and_form(browser: LoggedIn, office: Settings) -> None:
    one = browser("开鲁县")
    page = one.get("/")
    assert page.url.path == "/own" and "开鲁县的报表" in page.text
    assert not re.search(r'href="/(documents|letters|analysis|health|submissions)', page.text)
    receipts = [found.replace("&amp;", "&") for found in re.findall(r'href="(/own/receipt[^"]+)"', page.text)]
    assert len(receipts) == len(Office(office).reports_of("kailu")) == 6  # January to June
    for address in receipts:
        text = one.get(address).text
        assert "开鲁县" in text and "奈曼旗" not in text
    form = one.get("/own/form?month=2025-07&reporter=naiman").content
    cells = [
        str(cell.value) for row in openpyxl.load_workbook(BytesIO(form)).worksheets[0].rows for cell in row
    ]
    assert any("开鲁县" in text for text in cells) and not any("奈曼旗" in text for text in cells)


def test_every_page_and_act_of_the_office_and_other_counties_receipts_are_closed_to_it(
    browser: LoggedIn, office: Settings
) -> None:
    one = browser("开鲁县")
    other = Office(office).reports_of("naiman")[0]["file_sha256"]
    assert one.get(f"/own/receipt?number={other}").status_code == 404
    assert one.get(f"/own/receipt/workbook?number={other}").status_code == 404
    routes = (route for module in ROUTERS for route in module.router.routes)
    addresses = [
        (route.path, method)
        for route in routes
        if isinstance(route, APIRoute) and not route.path.startswith(OF_EVERYBODY)
        for method in route.methods
    ]
    assert len(addresses) > 20
    for path, method in addresses:
        if path == "/":
            continue  # leads to its own page
        reply = one.get(path) if method == "GET" else one.post(path, "/own")
        assert reply.status_code == 403, (method, path)


def test_it_hands_in_its_own_report_and_not_another_countys(
    browser: LoggedIn, office: Settings, tmp_path: Path
) -> None:
    one = browser("开鲁县")
    Office(office).sample(2025, (7,), 2025, tmp_path / "july")
    names = ("开鲁县2025年7月月报.xlsx", "奈曼旗2025年7月月报.xlsx")
    files = [("files", (name, (tmp_path / "july" / name).read_bytes())) for name in names]
    text = one.finish(one.post("/own", "/own", files=files))
    assert "开鲁县2025年7月月报.xlsx：" in text and "回执" in text
    assert "没有收：不是本单位的报表" in text
    assert next(row["month"] for row in Office(office).reports_of("kailu")) == "2025-07"
    assert "2025-07" not in [row["month"] for row in Office(office).reports_of("naiman")]
    assert not [path for path in office.inbox.rglob("*") if path.is_file()]


def test_the_offices_own_accounts_have_no_such_page_and_without_the_policy_nobody_has(
    browser: LoggedIn, stranger: Browser, office: Settings, tmp_path: Path
) -> None:
    assert browser("经办岗").get("/own").status_code == 404
    policy = tmp_path / "plan" / "policy.toml"
    text = policy.read_text("utf-8")
    policy.write_text(text.replace("reporter_accounts = true", "reporter_accounts = false"), encoding="utf-8")
    assert "没有启用填报单位的账号" in stranger.log_in("开鲁县").text
    with pytest.raises(AccountError, match="reporter_accounts"):
        Office(office).accounts.add("奈曼旗", (AccountRole.REPORTER,), TYPED, NOW, None, unit="naiman")
