"""The desk as its users work with it: who gets in, what each role may do, one act for one click, and words for the rest."""

import html
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from httpx import Response

from flows.accounts.record import AccessKind
from flows.desk.desk import Desk
from flows.desk.sessions import COOKIE, IDLE
from flows.desk.submissions import storable_name
from flows.office import Office
from flows.plan.issued import Decision
from flows.plan.period import Period
from flows.settings import Settings
from flows.simulation.mail import MemoryMailbox
from flows.warehouse.issue_ledger import approvals
from flows.warehouse.words_ledger import paragraph_edits
from tests.conftest import NOW
from tests.desk.conftest import BULLETIN, COUNTY, Browser
from tests.documents import edited_docx as edit
from tests.issuing import seals
from tests.issuing.mail.clerks_mail import mail
from tests.issuing.mail.outgoing import own_contacts
from tests.staff import TYPED, actor

LoggedIn = Callable[[str], Browser]
PAGES = (
    "/", "/?month=2025-06", "/submissions", "/documents", f"/document?name={BULLETIN}", f"/document?name={BULLETIN}&view=changes",
    "/analysis?period=2025-06", "/analysis?period=2025-Q2&county=kailu", "/letters", "/register", "/health", "/password",
    f"/document/words?name={COUNTY}",
)  # fmt: skip


def decisions(office: Settings, document: str) -> list[tuple[str, Decision]]:
    with Office(office).snapshot() as warehouse:
        return [(one.decided_by, one.decision) for one in approvals(warehouse, document)]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_shown_to_whoever_is_logged_in_and_to_nobody_else(
    clerk: Browser, visitor: Browser, address: str
) -> None:
    assert clerk.get(address).status_code == 200
    reply = visitor.client.get(address, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"].startswith("/login")) == (303, True)


def test_a_wrong_password_lets_nobody_in_and_five_lock_the_account(stranger: Browser) -> None:
    one = stranger
    assert "账号或口令不对" in one.log_in("审核岗", "Guess-2025").text
    for _ in range(4):
        page = one.log_in("审核岗", "Guess-2025")
    assert "锁定" in page.text
    assert "锁定" in one.log_in("审核岗").text
    assert COOKIE not in one.client.cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_ends_with_the_session(
    stranger: Browser, desk: Desk
) -> None:
    one = stranger
    reply = one.send("/login", {"name": "审核岗", "password": TYPED}, follow_redirects=False)
    set_cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in set_cookie and "samesite=strict" in set_cookie
    desk.now = lambda: NOW + IDLE + timedelta(seconds=1)
    assert one.client.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
        ({"Origin": "http://evil.example:4280", "Host": "evil.example:4280"}, 421),
    ],
)
def test_forms_of_other_sites_and_foreign_host_names_are_refused(
    browser: LoggedIn, office: Settings, headers: dict[str, str], status: int
) -> None:
    one = browser("审核岗")
    page = one.get(f"/document?name={COUNTY}").text
    mark = re.search(r'name="csrf" value="([^"]+)"', page)
    named = re.search(r'name="document" value="([^"]+)"', page)
    assert mark and named
    data = {"csrf": mark[1], "document": named[1], "step": "review", "decision": "approved"}
    assert one.client.post("/document/decide", data=data, headers=headers).status_code == status
    assert decisions(office, COUNTY) == []


def test_a_form_without_the_sessions_own_mark_does_nothing(browser: LoggedIn, office: Settings) -> None:
    one, other = browser("审核岗"), browser("签发岗")
    mark = re.search(r'name="csrf" value="([^"]+)"', other.get("/").text)
    assert mark
    data = {"csrf": mark[1], "document": f"{COUNTY}@x", "step": "review", "decision": "approved"}
    reply = one.send("/document/decide", data)
    assert (reply.status_code, "没有办理" in reply.text) == (400, True)
    assert decisions(office, COUNTY) == []


def test_a_form_sent_after_the_session_is_over_is_not_read_and_says_so(
    browser: LoggedIn, desk: Desk, office: Settings
) -> None:
    one = browser("审核岗")
    named = re.search(r'name="document" value="([^"]+)"', one.get(f"/document?name={COUNTY}").text)
    assert named
    desk.now = lambda: NOW + IDLE + timedelta(seconds=1)
    page = f"/document?name={COUNTY}"
    reply = one.client.post(
        "/document/decide",
        data={"document": named[1], "step": "review", "decision": "approved"},
        headers={"Origin": one.base, "Referer": one.base + page},
    )
    assert "刚才提交的没有办理" in reply.text
    assert f'name="next" value="{page}"' in html.unescape(reply.text)
    assert decisions(office, COUNTY) == []


def test_no_page_is_framed_by_others_or_runs_a_script_that_is_not_ours(clerk: Browser) -> None:
    headers = clerk.get("/").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_clerk_neither_reviews_nor_sees_the_buttons(browser: LoggedIn, office: Settings) -> None:
    one = browser("经办岗")
    assert "本账号没有审核的角色" in one.get(f"/document?name={COUNTY}").text
    status = Office(office).approval_status(COUNTY)
    reply = one.post(
        "/document/decide", document=f"{COUNTY}@{status.draft.sha256}", step="review", decision="approved"
    )
    assert "不能办理审核" in reply.text
    assert decisions(office, COUNTY) == []


def test_reviewed_signed_with_the_password_again_and_issued(browser: LoggedIn, office: Settings) -> None:
    assert "待签发" in browser("审核岗").decide(BULLETIN, "review").text
    signer = browser("签发岗")
    assert "账号或口令不对" in signer.decide(BULLETIN, "sign", password="Guess-2025").text
    assert decisions(office, BULLETIN) == [("审核岗", Decision.APPROVED)]
    text = signer.finish(signer.decide(BULLETIN, "sign", password=TYPED))
    assert "已印发：通人社发〔2025〕1号" in text
    (entry,) = Office(office).register()
    assert (entry.document.document, entry.signed_by) == (BULLETIN, "签发岗")
    assert "通人社发〔2025〕1号" in signer.get("/register?words=城镇新增就业 2025年6月").text
    assert "没有找到" in signer.get("/register?words=渔业").text
    number = quote(entry.document.number)
    assert signer.get(f"/issued/file?number={number}").content.startswith(b"%PDF")


def test_a_draft_is_sent_back_with_its_reason_and_not_without(browser: LoggedIn, office: Settings) -> None:
    one = browser("审核岗")
    assert "退回要写明原因" in one.decide(BULLETIN, "review", "returned").text
    assert decisions(office, BULLETIN) == []
    assert "已退回" in one.decide(BULLETIN, "review", "returned", note="第二段话不通").text
    assert decisions(office, BULLETIN) == [("审核岗", Decision.RETURNED)]
    assert "第二段话不通" in one.get("/documents").text


def test_a_second_click_and_a_second_reviewer_do_nothing_twice(
    browser: LoggedIn, office: Settings, desk: Desk
) -> None:
    one, other = browser("审核岗"), browser("审核岗")
    status = desk.office.approval_status(BULLETIN)
    fields = {"document": f"{BULLETIN}@{status.draft.sha256}", "step": "review", "decision": "approved"}
    replies: list[str] = []
    threads = [
        threading.Thread(target=lambda who=who: replies.append(who.post("/document/decide", **fields).text))
        for who in (one, other, one)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert decisions(office, BULLETIN) == [("审核岗", Decision.APPROVED)]
    assert "这一步已经办过了，没有重复办理" in "".join(replies)


def test_nobody_approves_a_draft_that_was_made_again_since_he_looked(
    browser: LoggedIn, office: Settings, desk: Desk
) -> None:
    one = browser("审核岗")
    named = re.search(r'name="document" value="([^"]+)"', one.get(f"/document?name={COUNTY}").text)
    assert named
    question = Office(office).status(desk.last_month()).reporters
    number = next(q.number for reporter in question for q in reporter.open)
    browser("经办岗").post(
        "/submissions/answer", number=number, reason="上月少报9人，本月补报", month="2025-06"
    )
    Office(office, lambda: NOW).make("monthly_dispatch", "2025-06", county="kailu")
    reply = one.post("/document/decide", document=named[1], step="review", decision="approved")
    assert "草稿已重新生成，请重新看过再办" in reply.text
    assert decisions(office, COUNTY) == []
    assert "<ins>" in one.get(f"/document?name={COUNTY}&view=changes").text


def test_several_drafts_are_approved_at_once_and_none_is_skipped_in_silence(
    browser: LoggedIn, office: Settings, desk: Desk
) -> None:
    one = browser("审核岗")
    names = [f"{status.draft.name}@{status.draft.sha256}" for status in desk.office.waiting()]
    stale = f"{BULLETIN}@0000"
    reply = one.post(
        "/document/decide", "/documents", document=[*names, stale], step="review", decision="approved"
    )
    assert len(names) == 2
    page = one.finish(reply)  # the county's report needs no signature: it is issued
    assert decisions(office, BULLETIN) == decisions(office, COUNTY) == [("审核岗", Decision.APPROVED)]
    assert "已印发" in page
    assert "草稿已重新生成" in page


def test_what_cannot_be_issued_is_named_and_the_rest_is_issued(
    browser: LoggedIn, office: Settings, desk: Desk
) -> None:
    Office(office, lambda: NOW).make("monthly_dispatch", "2025-06", county="hure")
    named = {str(one.draft.name): one.draft.sha256 for one in desk.office.waiting()}
    counties = [COUNTY, COUNTY.replace("kailu", "hure")]
    one = browser("审核岗")
    (office.reports / counties[0] / "figures.csv").unlink()
    reply = one.post(
        "/document/decide", "/documents", document=[f"{name}@{named[name]}" for name in counties], step="review",
        decision="approved",
    )  # fmt: skip
    text = one.finish(reply)
    assert text.count("已印发") + text.count("没有印发") == 2
    assert [entry.document.county for entry in Office(office).register()].count("hure") == 1


def test_workbooks_are_dropped_in_and_answered_at_once(
    browser: LoggedIn, office: Settings, tmp_path: Path
) -> None:
    form = next(
        one for one in Office(office).forms(Period.parse("2025-07"), tmp_path) if "开鲁县" in one.name
    )
    files = [
        ("files", ("C:\\桌面\\开鲁县7月.xlsx", form.read_bytes())),
        ("files", ("..\\..\\照片.jpg", b"\xff\xd8photo")),
    ]
    one = browser("经办岗")
    text = one.finish(one.post("/submissions", "/submissions", files=files))
    assert "开鲁县7月.xlsx：" in text
    assert "照片.jpg：不予接收" in text
    assert not list((office.data / "desk").glob("*"))
    page = one.get("/submissions").text
    receipts = re.findall(r'href="(/receipt\?place=[^"]+)"', page)
    workbooks = re.findall(r'href="(/receipt/workbook\?place=[^"]+)"', page)
    assert one.get(workbooks[0].replace("&amp;", "&")).content.startswith(b"PK")
    assert "照片.jpg" in one.get(receipts[0].replace("&amp;", "&")).text + one.get(receipts[1]).text


def test_a_reviewer_does_not_hand_in_for_others_without_the_role(browser: LoggedIn) -> None:
    one = browser("签发岗")
    assert (
        'type="file"' in one.get("/submissions").text
    )  # the policy lets every role but the manager register


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("C:\\桌面\\开鲁县.xlsx", "开鲁县.xlsx"),
        ("../../x.xlsx", "x.xlsx"),
        ("..", "未命名"),
        (".received.json", "received.json"),
        ("换\n行.xlsx", "换行.xlsx"),
        ("长" * 200 + ".xlsx", "长" * 51 + ".xlsx"),  # 160 bytes: 5 of .xlsx and 51 × 3
    ],
)
def test_a_file_is_stored_under_its_name_without_what_a_disk_or_a_list_would_stumble_over(
    given: str, stored: str
) -> None:
    assert storable_name(given) == stored


@pytest.mark.parametrize(
    "address",
    [
        "/analysis?county=nowhere", "/trace?period=2025-06&county=nowhere&indicator=urban_new_jobs", "/trace?period=2025-06",
        "/analysis/chart?period=2025-06&indicator=urban_new_jobs&chart=course&county=nowhere",
        "/document?name=2025-06/nothing", "/issued?number=通人社发〔2099〕1号", "/progress/nothing",
    ],
)  # fmt: skip
def test_an_address_of_nothing_is_answered_in_words(clerk: Browser, address: str) -> None:
    reply = clerk.get(address)
    assert (reply.status_code, "没有这一页" in reply.text) == (404, True)


@pytest.mark.parametrize(
    "place", ["../ledgers/accounts.jsonl", "/etc/passwd", "2025-06/../../ledgers/journal.jsonl", "没有.txt"]
)
def test_no_address_leads_out_of_the_receipts(clerk: Browser, place: str) -> None:
    assert clerk.get(f"/receipt?place={quote(place)}").status_code == 404
    assert clerk.get(f"/receipt/workbook?place={quote(place)}").status_code == 404


def test_an_unknown_mail_address_is_confirmed_and_its_report_let_in(
    browser: LoggedIn, office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_CONTACTS", str(own_contacts(tmp_path)))
    mailbox, sender = MemoryMailbox(), "kailu_jiuye@qq.example"
    mailbox.put(mail([("开鲁县6月报表.xlsx", b"PK\x03\x04 torn")], sender=sender), NOW)
    Office(office, lambda: NOW).fetching.run(mailbox.open)
    one = browser("经办岗")
    page = one.get("/submissions").text
    assert "来信地址待认" in page and sender in page and "开鲁县6月报表.xlsx" in page
    wrong = one.post(
        "/submissions/senders", "/submissions", sender="jiuyeban@naiman.example", reporter="kailu"
    )
    assert "在通讯录里是奈曼旗的地址" in wrong.text
    done = one.post("/submissions/senders", "/submissions", sender=sender, reporter="kailu")
    assert f"已记住：{sender} 是开鲁县的地址，先前的来信 1 件随后收表" in done.text
    assert "来信地址待认" not in done.text
    assert [path.name for path in office.inbox.rglob("*.xlsx")] == ["开鲁县6月报表.xlsx"]


def test_the_charts_of_the_analysis_are_pictures_to_take_away(clerk: Browser) -> None:
    page = clerk.get("/analysis?period=2025-06&indicator=urban_new_jobs&county=kailu").text
    addresses = [found.replace("&amp;", "&") for found in re.findall(r'href="(/analysis/chart[^"]+)"', page)]
    assert len(addresses) == 2
    for address in addresses:
        reply = clerk.get(address)
        assert reply.content.startswith(b"\x89PNG") and "attachment" in reply.headers["content-disposition"]
        assert clerk.get(address.replace("urban_new_jobs", "nothing")).status_code == 404


def test_every_figure_of_the_text_is_a_link_to_its_cells(clerk: Browser) -> None:
    page = clerk.get(f"/document?name={COUNTY}").text
    links = re.findall(r'<a class="number" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert ("431" in {text for _, text in links}) and len(links) > 50
    for address in dict.fromkeys(address for address, _ in links):
        traced = clerk.get(address.replace("&amp;", "&"))
        assert traced.status_code == 200, address
        assert "规则" in traced.text


def test_a_quarter_is_drafted_on_demand_and_its_page_is_the_outcome(browser: LoggedIn) -> None:
    one = browser("经办岗")
    text = one.finish(
        one.post("/analysis/make", "/analysis", document="quarterly_analysis@2025-Q2", county="kailu")
    )
    link = re.search(r'href="(/document[^"]+)">看这份文件', text)
    assert link
    assert "开鲁县" in one.get(link[1]).text
    assert one.get(f"{link[1]}&view=pdf".replace("/document?", "/document/pdf?")).content.startswith(b"%PDF")


def test_figures_and_register_are_taken_out_on_record(browser: LoggedIn, office: Settings) -> None:
    one = browser("经办岗")
    assert one.get("/analysis/figures?period=2025-06&form=csv").content.startswith("\ufeffperiod".encode())
    path = office.data / "register.xlsx"
    path.write_bytes(one.get("/register.xlsx").content)
    assert openpyxl.load_workbook(path).sheetnames == ["发文登记簿"]
    exports = [event for event in Office(office).accounts.record.events() if event.kind is AccessKind.EXPORT]
    assert [(event.account, event.details["what"]) for event in exports] == [
        ("经办岗", "2025-06 figures.csv"), ("经办岗", "发文登记簿.xlsx"),
    ]  # fmt: skip


def test_a_disabled_account_is_out_at_once(browser: LoggedIn, office: Settings) -> None:
    one = browser("审核岗")
    accounts = Office(office).accounts
    accounts.set_enabled("审核岗", NOW, None, is_enabled=False)
    assert one.client.get("/", follow_redirects=False).headers["location"].startswith("/login")


def test_a_missing_number_is_never_shown_as_zero(clerk: Browser) -> None:
    page = clerk.get("/analysis?period=2025-06").text
    row = page[page.index('<th scope="row">库伦旗</th>') :].partition("</tr>")[0]
    assert (
        row.count("未报") == 8
    )  # 库伦旗 sent no June report, and has a target for each of the annex's eight
    assert not re.search(r">0(\.0+)?<", row)


def test_the_next_address_after_logging_in_is_on_this_desk(visitor: Browser) -> None:
    for target in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        reply = visitor.send(
            "/login", {"name": "审核岗", "password": TYPED, "next": target}, follow_redirects=False
        )
        assert reply.headers["location"] == "/"


def test_the_sealed_copy_is_handed_in_at_the_desk_and_a_forged_one_is_refused(
    browser: LoggedIn, office: Settings
) -> None:
    desk = Office(office, lambda: NOW)
    status = desk.approval_status(COUNTY)
    while status.waits_for:
        status = desk.decide(status, Decision.APPROVED, actor(office, f"{status.waits_for.label}岗"))
    entry, _ = desk.issue(COUNTY)
    pdf = (office.data / entry.folder / entry.file_name).read_bytes()
    clerk, page = browser("经办岗"), f"/issued?number={quote(entry.number)}"

    def hand_in(content: bytes) -> str:
        file = {"file": ("盖章.pdf", content, "application/pdf")}
        return clerk.finish(clerk.post("/issued/seal", page, file, number=entry.number))

    assert "这不是" in hand_in(seals.without_page(seals.stamped(pdf), 1))
    assert "看盖章件" not in clerk.get(page).text
    assert f"已登记 {entry.number} 的盖章件" in hand_in(seals.stamped(pdf))
    assert "看盖章件" in clerk.get(page).text
    shown = clerk.get(f"/issued/file?number={quote(entry.number)}&kind=sealed")
    assert shown.headers["content-type"] == "application/pdf" and shown.content != pdf
    actor(office, "管理岗")  # whose only role is to manage accounts
    manager = browser("管理岗")
    assert "核对并登记" not in manager.get(page).text
    file = {"file": ("盖章.pdf", seals.stamped(pdf), "application/pdf")}
    assert manager.post("/issued/seal", "/password", file, number=entry.number).status_code == 403
    assert clerk.send("/issued/seal", {"csrf": "", "number": entry.number}, files=file).status_code == 400


def word(one: Browser, **fields: str) -> str:
    """Send the boxes of the county report's page as its form does, those given typed over; the page once it is over."""
    page = one.get(f"/document/words?name={COUNTY}").text
    boxes = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    mark = re.search(r'name="csrf" value="([^"]+)"', page)
    assert seen and mark and boxes
    typed = {name: html.unescape(text) for name, text in boxes}
    typed |= {f"text:{name}": text for name, text in fields.items() if name not in {"seen", "action"}}
    data = {"csrf": mark[1], "document": COUNTY, "seen": seen[1], "action": "edit", **typed}
    data |= {name: text for name, text in fields.items() if name in {"seen", "action"}}
    return one.finish(one.send("/document/words", data))


def test_a_clerk_words_a_paragraph_and_the_draft_is_asked_to_be_approved_anew(
    browser: LoggedIn, office: Settings
) -> None:
    Office(office).decide(Office(office).approval_status(COUNTY), Decision.APPROVED, actor(office, "审核岗"))
    one = browser("经办岗")
    page = word(one, closing="请于9月底前完成整改。")
    assert "草稿已重新生成，须重新送审" in page
    assert "请于9月底前完成整改。" in one.get(f"/document/words?name={COUNTY}").text
    assert "本单位改写 1 段文字" in one.get(f"/document?name={COUNTY}").text
    assert Office(office).approval_status(COUNTY).decisions == ()
    assert "没有改动" in word(one)  # sent again as it is
    assert "草稿已重新生成" in word(one, action="withdraw:closing")
    assert "本单位改写" not in one.get(f"/document?name={COUNTY}").text


def test_words_with_a_changed_number_come_back_named_and_nothing_is_recorded(
    browser: LoggedIn, office: Settings
) -> None:
    one = browser("经办岗")
    page = word(one, closing="<b>再增加107人。</b>")
    assert "107 不是本件的数" in page
    assert "&lt;b&gt;再增加107人。&lt;/b&gt;" in page  # what was typed is still there, as text
    page = word(one, **{"indicator-count": "方案分解到你县的{3:9项}指标见下表。"})
    assert "“9项”改过了，应为“8项”" in page
    with Office(office).snapshot() as warehouse:
        assert paragraph_edits(warehouse) == ()


def test_a_page_of_an_earlier_draft_edits_nothing(browser: LoggedIn, office: Settings) -> None:
    one = browser("经办岗")
    seen = Office(office).approval_status(COUNTY).draft.sha256
    word(one, closing="请于9月底前完成整改。")
    assert "草稿已重新生成，请重新看过再改" in word(one, closing="望于9月底前完成整改。", seen=seen)
    with Office(office).snapshot() as warehouse:
        assert len(paragraph_edits(warehouse)) == 1


def test_a_draft_is_taken_out_as_docx_edited_and_shown_before_it_counts(
    browser: LoggedIn, office: Settings
) -> None:
    clerk, page = browser("经办岗"), f"/document?name={COUNTY}"
    taken = clerk.get(f"/document/docx?name={COUNTY}")
    assert taken.headers["content-type"].endswith("wordprocessingml.document")

    def send(content: bytes, to: Browser = clerk) -> Response:
        file = {"file": ("改好的.docx", content, "application/octet-stream")}
        return to.post("/document/docx", page, file, name=COUNTY)

    assert "文字没有改动" in send(taken.content).text
    refused = send(
        edit.edited(
            taken.content, lambda root: edit.replace(edit.paragraph(root, "方案分解到你县的"), "8项", "9项")
        )
    )
    assert "不能采用" in refused.text and "采用这些改动" not in refused.text
    assert "不是 .docx" in send(b"PK nothing").text
    shown = send(
        edit.edited(taken.content, lambda root: edit.replace(root, "方案分解到你县的", "方案附表列有的"))
    )
    fields = dict(re.findall(r'name="(seen|paragraph)" value="([^"]+)"', shown.text))
    (text,) = re.findall(r'<textarea name="text" hidden>([^<]*)</textarea>', shown.text)
    assert fields["paragraph"] == "indicator-count" and "方案附表列有的{3:8项}" in text
    given = {"name": COUNTY, "text": text, **fields}
    done = clerk.finish(clerk.post("/document/docx/accept", page, **given))
    assert "已改写 1 段" in done
    assert "方案附表列有的" in clerk.get(page).text
    compared = clerk.get(f"/document/comparison?before={COUNTY}")
    assert "<del>" in compared.text and "比较稿" in compared.text
    assert clerk.get(f"/document/comparison?before={COUNTY}&form=docx").content[:2] == b"PK"
    actor(office, "管理岗")
    assert send(taken.content, browser("管理岗")).status_code == 403
    assert (
        clerk.send(
            "/document/docx", {"csrf": "", "name": COUNTY}, files={"file": ("x.docx", b"PK")}
        ).status_code
        == 400
    )
