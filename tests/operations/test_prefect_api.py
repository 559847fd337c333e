"""Asking Prefect's server over loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flows.operations import prefect_api
from flows.operations.prefect_api import PrefectApi, ServiceError


class Answering(BaseHTTPRequestHandler):
    """Answers each request with the next of `statuses`, and keeps to the last."""

    statuses: list[int]

    def do_GET(self) -> None:
        assert self.path.startswith("/api/csrf-token?client=")
        self.reply(200, b'{"token": "of this client"}')

    def do_POST(self) -> None:
        assert self.headers["Prefect-Csrf-Token"] == "of this client" and self.headers["Prefect-Csrf-Client"]
        assert self.headers["Authorization"] == "Basic ZGlhb2R1OnNlY3JldA=="  # diaodu:secret
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        self.reply(status, b'{"id": 1}' if status == 200 else b"database is locked")

    def reply(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrefectApi]:
    monkeypatch.setattr(prefect_api, "PAUSE_SECONDS", 0)
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield PrefectApi(f"http://127.0.0.1:{server.server_port}", "diaodu:secret")
        server.shutdown()


def test_a_busy_server_is_asked_again(api: PrefectApi) -> None:
    Answering.statuses = [503, 503, 200]
    assert api.request("POST", "/deployments/filter", {}) == {"id": 1}


def test_a_server_that_stays_busy_is_told(api: PrefectApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefect_api, "BUSY_SECONDS", 0.05)
    Answering.statuses = [503]
    with pytest.raises(ServiceError, match="503 database is locked"):
        api.request("POST", "/deployments/filter", {})


def test_a_refusal_is_not_asked_again(api: PrefectApi) -> None:
    Answering.statuses = [422, 200]
    with pytest.raises(ServiceError, match="422"):
        api.request("POST", "/deployments/filter", {})
