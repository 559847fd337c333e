"""Asking Prefect's server (流程服务) over loopback with the standard library: a watch must not need Prefect itself."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


class ServiceError(RuntimeError):
    """The server does not answer, or not as it should: the sentence says which."""


def answers(address: str) -> bool:
    """Whether the server at `http://host:port` answers and says it is well."""
    try:
        return ask(address, "GET", "/health") is True
    except ServiceError:
        return False


def ask(address: str, method: str, path: str, body: object = None, timeout: float = 20) -> Any:
    """What the server answers, read from JSON (None where it says nothing); ServiceError otherwise."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=timeout)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"/api{path}", sent, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        content = reply.read()
    except (OSError, http.client.HTTPException) as fault:
        raise ServiceError(f"流程服务 {address} 没有应答（{fault}）") from None
    finally:
        connection.close()
    if reply.status >= http.HTTPStatus.BAD_REQUEST:
        raise ServiceError(
            f"流程服务不接受 {method} {path}：{reply.status} {content[:300].decode(errors='replace')}"
        )
    return json.loads(content) if content else None
