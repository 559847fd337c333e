"""Asking Prefect's server (流程服务) over loopback with the standard library: a watch must not need Prefect itself."""

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

BUSY_SECONDS = 30
PAUSE_SECONDS = 0.5


class ServiceError(RuntimeError):
    """The server does not answer, or not as it should: the sentence says which."""


def answers(address: str) -> bool:
    """Whether the server at `http://host:port` answers and says it is well."""
    try:
        return ask(address, "GET", "/health") is True
    except ServiceError:
        return False


def ask(address: str, method: str, path: str, body: object = None, timeout: float = 20) -> Any:
    """What the server answers, read from JSON (None where it says nothing); ServiceError otherwise.

    A server that is too busy just now (503: its database is held by another of its own threads) is asked again.
    """
    until = time.monotonic() + BUSY_SECONDS
    status, content = _asked(address, method, path, body, timeout)
    while status == http.HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
        status, content = _asked(address, method, path, body, timeout)
    if status >= http.HTTPStatus.BAD_REQUEST:
        raise ServiceError(
            f"流程服务不接受 {method} {path}：{status} {content[:300].decode(errors='replace')}"
        )
    return json.loads(content) if content else None


def _asked(address: str, method: str, path: str, body: object, timeout: float) -> tuple[int, bytes]:
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=timeout)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"/api{path}", sent, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        return reply.status, reply.read()
    except (OSError, http.client.HTTPException) as fault:
        raise ServiceError(f"流程服务 {address} 没有应答（{fault}）") from None
    finally:
        connection.close()
