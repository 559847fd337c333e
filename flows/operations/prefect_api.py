"""A client of Prefect's REST API on loopback. It does not import Prefect: the watch must work where Prefect does not.

Requests carry the office's password, and those that change something a CSRF token. Raises ServiceError where the server
does not answer or refuses.
"""

import base64
import http.client
import json
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.settings import Settings

BUSY_SECONDS = 30
PAUSE_SECONDS = 0.5
USER = "diaodu"


class ServiceError(RuntimeError):
    """The server does not answer, or not as it should: the sentence says which."""


def password_file(settings: Settings) -> Path:
    """The file with user and password of Prefect's page and API: one line `diaodu:…`, readable by its owner alone."""
    return settings.engine / "password"


def ensure_password(settings: Settings) -> None:
    """Create the password at the first start. Of two processes that create one at the same moment, the first wins."""
    file = password_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(f"{USER}:{secrets.token_urlsafe(18)}\n")
    with suppress(FileExistsError):
        file.hardlink_to(draft)
    draft.unlink()


def auth_string(settings: Settings) -> str:
    """User and password in the form of Prefect's settings; empty before the first start."""
    file = password_file(settings)
    return file.read_text(encoding="ascii").strip() if file.exists() else ""


class PrefectApi:
    """The API at `http://host:port`, with the CSRF token of this client once it has one."""

    def __init__(self, address: str, auth: str) -> None:
        self.address = address
        self._headers = {
            "Authorization": f"Basic {base64.b64encode(auth.encode()).decode()}",
            "Content-Type": "application/json",
        }
        self._csrf: dict[str, str] = {}

    def answers(self) -> bool:
        """Whether the server answers and is healthy."""
        try:
            return self.request("GET", "/health") is True
        except ServiceError:
            return False

    def request(self, method: str, path: str, body: object = None, timeout: float = 20) -> Any:
        """Send a request and decode the JSON answer (None for no content).

        A busy server (503: its database is locked by another of its threads) is retried.
        """
        until = time.monotonic() + BUSY_SECONDS
        status, content = self._send(method, path, body, timeout)
        while status == http.HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            status, content = self._send(method, path, body, timeout)
        if status >= http.HTTPStatus.BAD_REQUEST:
            reply = content[:300].decode(errors="replace")
            raise ServiceError(f"流程服务不接受 {method} {path}：{status} {reply}")
        return json.loads(content) if content else None

    def filter(self, what: str, criteria: object = None) -> list[dict[str, Any]]:
        """The objects of a kind (`flow_runs`, `deployments`, …) that meet the criteria."""
        found: list[dict[str, Any]] = self.request("POST", f"/{what}/filter", criteria or {})
        return found

    def _send(self, method: str, path: str, body: object, timeout: float) -> tuple[int, bytes]:
        if method != "GET" and not self._csrf:
            self._csrf = self._csrf_headers(timeout)
        where = urlsplit(self.address)
        connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=timeout)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, f"/api{path}", content, self._headers | self._csrf)
            reply = connection.getresponse()
            return reply.status, reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise ServiceError(f"流程服务 {self.address} 没有应答（{error}）") from None
        finally:
            connection.close()

    def _csrf_headers(self, timeout: float) -> dict[str, str]:
        """A token for this client, valid for an hour; none from a server that wants none (422)."""
        client = secrets.token_hex(8)
        status, content = self._send("GET", f"/csrf-token?client={client}", None, timeout)
        if status != http.HTTPStatus.OK:
            return {}
        return {"Prefect-Csrf-Client": client, "Prefect-Csrf-Token": json.loads(content)["token"]}
