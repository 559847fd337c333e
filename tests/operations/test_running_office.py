"""One office with all its services running: the way from the inbox to the letters, commands beside it, and who is kept out.

Server, worker, watch and desk are real and started once for this module, with a real mail server; schedules are moved out of
the way (running_services). Commands without services are tested in tests/cli.
"""

import asyncio
import http.client
import json
import os
import shutil
import stat
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from prefect.workers.process import ProcessJobConfiguration

from flows.documents.composing import compose
from flows.documents.publishing import draft_folder, publish
from flows.office import Office
from flows.operations import processes
from flows.operations.deployment_run import FlowRunError, run, server
from flows.operations.inventory import documents_made
from flows.operations.prefect_api import ServiceError, auth_string, password_file
from flows.operations.services import NAMES, client_environment, prefect_api
from flows.operations.work_pool import JOB_TEMPLATE
from flows.plan.letter import LetterKind
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import ROOT, Settings
from flows.submissions.forms import write_sample
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, issued
from flows.warehouse.raw import waiting
from tests.flows.running_services import (
    bring_next_run_forward,
    deployments,
    diaodu,
    flow_run,
    process,
    resume,
    run_of,
    run_state,
    running_office,
    states,
    typed,
    until,
)
from tests.issuing.mail.certificates import authority
from tests.issuing.mail.clerks_mail import mail as clerks_mail
from tests.issuing.mail.dovecot import RECEIVED, Dovecot
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice
from tests.ports import listening
from tests.staff import TYPED, actor

REPORTERS = 21  # nine counties and twelve departments
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
FOREIGN = "http://evil.example"
CLOSED = {401, 403}  # no password; a password but no CSRF token
NOBODY = 65534
APPROVE = {"run_input": {"decision": "同意", "account": "局长", "code": "x", "note": ""}}


@pytest.fixture(scope="module")
def mail() -> Iterator[PostOffice]:
    with PostOffice() as post_office:
        yield post_office


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with Dovecot(authority(tmp_path_factory.mktemp("authority"), "office")) as server:
        yield server


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, mail: PostOffice, mailbox: Dovecot) -> Iterator[Path]:
    """The folder for the commands of an office with an empty inbox and an empty mailbox."""
    folder = tmp_path_factory.mktemp("running")
    environment = {**account(mail, own_contacts(folder)), **mailbox.environment}
    with running_office(folder, DIAODU_PLAN=str(plan_of_two_ways(folder)), **environment) as root:
        yield root


@pytest.fixture
def office(checkout: Path) -> Settings:
    return Settings()


def plan_of_two_ways(folder: Path) -> Path:
    """The bulletin goes out unsigned, a county's report is reviewed and signed."""
    plan = Path(shutil.copytree(ROOT / "plan" / "2025", folder / "plan" / "2025"))
    policy = (plan / "policy.toml").read_text(encoding="utf-8")
    ways = {
        'monthly_dispatch = ["review", "sign"]': "monthly_dispatch = []",
        'feedback = ["review"]': 'feedback = ["review", "sign"]',
    }
    for before, after in ways.items():
        assert before in policy
        policy = policy.replace(before, after)
    (plan / "policy.toml").write_text(policy, encoding="utf-8")
    return plan


@dataclass
class Reply:
    status: int
    headers: dict[str, str]


def send(office: Settings, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """A request with those headers and no others."""
    connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=400)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"/api{path}", None if body is None else json.dumps(body), names)
        reply = connection.getresponse()
        reply.read()
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()})
    finally:
        connection.close()


def password(office: Settings) -> str:
    return f"Basic {b64encode(auth_string(office).encode()).decode()}"


def send_in(mailbox: Dovecot, report: Path, message_id: str) -> None:
    """A clerk mails the workbook to the office."""
    mailbox.put(clerks_mail([(report.name, report.read_bytes())], message_id=message_id))


def report_january(office: Settings, mailbox: Dovecot) -> None:
    """January's workbooks are in the inbox, one of them in the mailbox."""
    Office(office).forms(Period.parse("2025-01"))  # the office begins with January
    write_sample(plan_of(office, 2025), (1,), 2025, office.inbox)
    (mailed,) = office.inbox.glob("开鲁县*.xlsx")
    send_in(mailbox, mailed, "<january@kailu.example>")
    for path in office.inbox.glob(f"{mailed.name}*"):
        path.unlink()


def test_a_scheduled_run_turns_workbooks_into_an_issued_bulletin_and_the_letters_arrive(
    office: Settings, mail: PostOffice, mailbox: Dovecot
) -> None:
    """One of the workbooks is in the mailbox: mail is fetched before the bulletin is made."""
    until(office, lambda: "COMPLETED" in states("日程"), "the agenda at the start did not complete")
    report_january(office, mailbox)
    run = bring_next_run_forward(office)
    until(office, lambda: run_state(office, run) in ENDED, "the scheduled run of the agenda did not end")
    assert run_state(office, run) == "COMPLETED", (office.logs / "worker.log").read_text("utf-8")
    assert len([*(office.receipts / "2025-01").glob("*.txt")]) == REPORTERS
    assert waiting(office.inbox) == []
    assert ("2025-01", "monthly_dispatch") in documents_made(office.reports)

    (entry,) = Office(office).issued()
    assert entry.document == "2025-01/monthly_dispatch"
    pdf = (office.data / entry.folder / entry.file_name).read_bytes()
    assert pdf.startswith(b"%PDF-")

    # Receipts leave by themselves, documents of sample data only when told to.
    assert [letter["In-Reply-To"] for letter in mail.letters] == ["<january@kailu.example>"]
    mail.taken.clear()
    queued = [one.letter.unit for one in Office(office).letters() if one.letter.kind is LetterKind.DOCUMENT]
    assert len(queued) > len(plan_of(office, 2025).counties)  # every county, and whom the contacts add
    sent = run_of(office, "SCHEDULED", "发送", sample=True)
    until(office, lambda: run_state(office, sent) == "COMPLETED", "the run of 发送 did not complete")
    assert len(set(mail.message_ids)) == len(mail.message_ids) == len(queued)
    for letter in mail.letters:
        assert "【示例】" in letter["Subject"]
        attached = {part.get_content_type(): part.get_content() for part in letter.iter_attachments()}
        assert attached["application/pdf"] == pdf
    with Warehouse(office.warehouse, office.journal) as warehouse:
        assert warehouse.faults() == []


def test_the_worker_takes_workbooks_in_and_drafts_the_bulletin_and_the_commands_report_it(
    checkout: Path, tmp_path: Path
) -> None:
    write_sample(plan_of(Settings(), 2025), (2,), 2025, tmp_path)
    before = len(states("收表"))
    said = diaodu("intake", *map(str, sorted(tmp_path.glob("*.xlsx"))), root=checkout)
    assert f"共 {REPORTERS} 份：接收 {REPORTERS} 份" in said
    assert states("收表") == ["COMPLETED"] * (before + 1)
    assert "没有新的报表" in diaodu("intake", root=checkout)

    said = diaodu("monthly", "2025-02", root=checkout)
    pdf = said.partition("2025年2月：")[2].splitlines()[0]
    assert Path(pdf).read_bytes().startswith(b"%PDF")
    assert states("月调度") == ["COMPLETED"]


def test_the_worker_fetches_the_mail_and_answers_it(
    checkout: Path, mail: PostOffice, mailbox: Dovecot, tmp_path: Path
) -> None:
    write_sample(plan_of(Settings(), 2025), (3,), 2025, tmp_path)
    (report,) = tmp_path.glob("开鲁县*.xlsx")
    send_in(mailbox, report, "<march@kailu.example>")
    mail.taken.clear()
    said = diaodu("fetch", root=checkout)
    assert "报表来信 1 件，发出回执和信件 1 封，需要处理 0 项" in said
    assert states("收信").count("COMPLETED") == 1
    assert [letter["In-Reply-To"] for letter in mail.letters] == ["<march@kailu.example>"]
    assert mailbox.flags() == [] and len(mailbox.flags(RECEIVED)) == 2  # January's, too


def test_a_draft_waits_on_the_page_for_its_two_opinions_and_is_then_issued(office: Settings) -> None:
    """The run is suspended, not held: the worker is free while somebody thinks. A code that does not hold asks again."""
    desk, name = Office(office), "2025-02/monthly_dispatch-kailu"
    draft = compose("monthly_dispatch", desk.gather("2025-02"), desk.typesetter, "kailu")
    publish(draft, draft_folder(office.reports, "2025-02", "monthly_dispatch", county="kailu"))

    def code(account: str) -> str:
        return desk.issue_code(name, actor(office, account).account)[0]

    run = run_of(office, "SCHEDULED", "发文", document=name)
    until(office, lambda: flow_run(office, run)["state_name"] == "Suspended", "发文 did not ask")
    first = code("审核岗")
    resume(office, run, "Suspended", decision="同意", account="审核岗", code=first, instructed_by="李副市长")
    # used, and for the step before
    resume(office, run, "Suspended", decision="同意", account="审核岗", code=first)
    resume(office, run, "Completed", decision="同意", account="签发岗", code=code("签发岗"))
    inputs = prefect_api(office).request("POST", f"/flow_runs/{run}/input/filter", {"prefix": ""})
    stored = json.dumps(inputs, ensure_ascii=False)
    assert "ApprovalInput" in stored and TYPED not in stored
    with desk.snapshot() as warehouse:
        assert [(str(a.step), a.account, a.instructed_by) for a in approvals(warehouse, name)] == [
            ("review", "审核岗", "李副市长"), ("sign", "签发岗", None),
        ]  # fmt: skip
        assert name in [entry.document for entry in issued(warehouse)]


def test_every_deployment_explains_itself_and_runs_by_beijing_time(office: Settings) -> None:
    deployed = {one["name"]: one for one in prefect_api(office).filter("deployments")}
    assert {"日程", "收表", "月调度", "提醒催办", "发送", "收信"} <= set(deployed)
    assert {s["schedule"]["timezone"] for one in deployed.values() for s in one["schedules"]} == {
        "Asia/Shanghai"
    }
    for name, one in deployed.items():
        parameters = one["parameter_openapi_schema"]["properties"]
        assert one["description"] and all("description" in each for each in parameters.values()), name


def test_a_run_that_fails_is_reported_in_its_own_words_with_its_page(office: Settings) -> None:
    api = server(office)
    assert api is not None
    with pytest.raises(FlowRunError, match=r"^发文：没有“2025-01/nothing”这份文件。.*runs/flow-run/"):
        run(api, "发文", {"document": "2025-01/nothing", "wait": False})
    assert "FAILED" in states("发文")


@pytest.mark.parametrize("arguments", [("notices", "2030-01"), ("monthly", "2030-01", "--all-counties")])
def test_a_month_without_a_plan_is_refused_before_a_run_is_asked_for(
    checkout: Path, arguments: tuple[str, ...]
) -> None:
    refused = typed(*arguments, root=checkout)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "应为有 2030 年的方案" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert states("提醒催办") == states("反馈单") == []


def test_every_socket_of_the_services_and_their_children_is_on_loopback(office: Settings) -> None:
    running = [process(office, name) for name in NAMES]
    pids = {one.pid for main in running for one in (main, *processes.descendants(main.pid))}
    addresses = listening(pids)
    assert len(addresses) >= 2  # the server's and the desk's
    assert {address.rpartition(":")[0] for address in addresses} == {"127.0.0.1"}, addresses


def test_the_password_is_its_owners_alone_and_made_once(office: Settings) -> None:
    assert stat.S_IMODE(password_file(office).stat().st_mode) == 0o600
    assert len(auth_string(office)) > len("diaodu:") + 20


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_another_user_of_the_machine_is_turned_away(office: Settings) -> None:
    starts = f"""
import json, pathlib, urllib.error, urllib.request
try:
    pathlib.Path({str(password_file(office))!r}).read_text()
except PermissionError:
    print("unreadable")
for path in ("/deployments/filter", "/flow_runs/filter", "/csrf-token?client=x"):
    address = "http://127.0.0.1:{office.port}/api" + path
    data = None if "?" in path else b"{{}}"
    try:
        urllib.request.urlopen(urllib.request.Request(address, data, {{"Content-Type": "application/json"}}))
    except urllib.error.HTTPError as refused:
        print(refused.code)
"""
    command = ["/usr/bin/python3", "-c", starts]
    done = subprocess.run(
        command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["unreadable", "403", "403", "401"]


def test_a_page_of_a_foreign_origin_is_neither_let_in_nor_answered(office: Settings) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    before = send(office, "OPTIONS", "/deployments/filter", Origin=FOREIGN, **asks)
    assert before.status == 400 and "access-control-allow-origin" not in before.headers
    own = send(office, "OPTIONS", "/deployments/filter", Origin=f"http://127.0.0.1:{office.port}", **asks)
    assert own.headers["access-control-allow-origin"] == f"http://127.0.0.1:{office.port}"
    # What a browser sends without asking first: a form's types, and no header of its own.
    simple = send(office, "POST", "/deployments/filter", {}, Origin=FOREIGN, Content_Type="text/plain")
    assert simple.status in CLOSED and "access-control-allow-origin" not in simple.headers
    # With the password that a browser might have kept, the CSRF token is still missing.
    kept = send(office, "POST", "/deployments/filter", {}, Origin=FOREIGN, Authorization=password(office))
    assert kept.status == 403 and "access-control-allow-origin" not in kept.headers


NO_CHOICE = pytest.mark.parametrize(
    "variables",
    [
        {"command": "touch {}"},
        {"env": {"PYTHONSTARTUP": "{}"}},
        {"env.PYTHONSTARTUP": "{}"},
        {"working_dir": "{}"},
    ],
    ids=str,
)


@NO_CHOICE
def test_no_run_chooses_its_command_environment_or_folder(
    office: Settings, variables: dict[str, Any]
) -> None:
    path = f"/deployments/{deployments(office)['收表']}/create_flow_run"
    body = {"state": {"type": "SCHEDULED"}, "job_variables": variables}
    assert send(office, "POST", path, body).status in CLOSED
    with pytest.raises(ServiceError, match="422"):  # not even with the password
        prefect_api(office).request("POST", path, body)


@NO_CHOICE
def test_a_planned_run_cannot_be_given_them_later(office: Settings, variables: dict[str, Any]) -> None:
    run = run_of(office, "SCHEDULED")
    with pytest.raises(ServiceError, match="422"):
        prefect_api(office).request("PATCH", f"/flow_runs/{run}", {"job_variables": variables})


def test_job_variables_that_got_past_the_server_would_change_nothing(office: Settings) -> None:
    """What the worker makes of the pool's template and a run's job_variables."""
    values = {"command": "touch mark", "env": {"DIAODU_DATA": "/other"}, "env.X": "1", "working_dir": "/tmp"}
    own = client_environment(office)
    with temporary_settings(
        {PREFECT_API_URL: own["PREFECT_API_URL"], PREFECT_API_AUTH_STRING: own["PREFECT_API_AUTH_STRING"]}
    ):
        made = asyncio.run(ProcessJobConfiguration.from_template_and_values(deepcopy(JOB_TEMPLATE), values))
    assert (made.command, made.env, made.working_dir) == (None, {}, None)


def test_nobody_approves_without_a_login(office: Settings) -> None:
    api, run = prefect_api(office), run_of(office, "PAUSED", "发文", document="2025-01/monthly_dispatch")
    for origin in ({}, {"Origin": FOREIGN}, {"Origin": f"http://127.0.0.1:{office.port}"}):
        assert send(office, "POST", f"/flow_runs/{run}/resume", APPROVE, **origin).status in CLOSED
    assert api.request("GET", f"/flow_runs/{run}")["state_type"] == "PAUSED"


def test_the_page_asks_for_the_password_and_takes_it(office: Settings) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=400)
    connection.request("GET", "/ui-settings")
    page = json.loads(connection.getresponse().read())
    connection.close()
    assert (page["auth"], page["csrf_enabled"], page["api_url"]) == ("BASIC", True, "/api")
    # What the page asks when somebody logs in.
    assert send(office, "GET", "/admin/version").status == 401
    assert send(office, "GET", "/admin/version", Authorization=password(office)).status == 200
    wrong = f"Basic {b64encode(b'diaodu:wrong').decode()}"
    assert send(office, "GET", "/admin/version", Authorization=wrong).status == 401


def test_all_that_was_started_is_ended_and_then_there_is_nothing_to_end(
    office: Settings, checkout: Path
) -> None:
    """The last of this file: it leaves nothing running."""
    started = [process(office, name) for name in NAMES]
    family = [one for main in started for one in (main, *processes.descendants(main.pid))]
    assert diaodu("down", "--now", root=checkout).count("已停止") == len(NAMES)
    assert not any(one.is_alive for one in family)
    assert diaodu("down", root=checkout).count("没有在运行") == len(NAMES)
