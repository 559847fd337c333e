"""Nobody runs a command, starts a flow or signs a document at Prefect's server without the office's password.

Against a real server and worker: from another user of the machine, and from a page of a foreign origin.
"""

import asyncio
import http.client
import json
import os
import stat
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from prefect.workers.process import ProcessJobConfiguration

from flows.operations.prefect_api import ServiceError, auth_string, password_file
from flows.operations.services import client_environment, prefect_api
from flows.operations.work_pool import JOB_TEMPLATE
from flows.settings import Settings
from tests.flows.running_services import deployments, running_office

FOREIGN = "http://evil.example"
CLOSED = {401, 403}  # no password; a password but no CSRF token
NOBODY = 65534
APPROVE = {"run_input": {"decision": "同意", "account": "局长", "code": "x", "note": ""}}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Server and worker of an empty office."""
    with running_office(tmp_path_factory.mktemp("locked")):
        yield Settings()


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


def run_of(office: Settings, state: str, name: str = "收表", **parameters: str) -> str:
    """A run, made by the office itself, in that state."""
    path = f"/deployments/{deployments(office)[name]}/create_flow_run"
    return str(
        prefect_api(office).request("POST", path, {"state": {"type": state}, "parameters": parameters})["id"]
    )


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
