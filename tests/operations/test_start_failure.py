"""Why a service did not start is told in a sentence, with what to do, not by the name of a log alone."""

import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.operations import services
from flows.operations.prefect_api import ServiceError
from flows.operations.services import start_failure
from flows.settings import Settings


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ("sqlite3.DatabaseError: file is not a database\n", "prefect.db-wal"),
        ("sqlite3.DatabaseError: database disk image is malformed\n", "失去的只有网页上的运行历史"),
        ("sqlite3.OperationalError: database or disk is full\n", "磁盘满了。清理磁盘后再运行一次"),
        ("sqlite3.OperationalError: attempt to write a readonly database\n", "写不进去。检查磁盘是否只读"),
        ("Port 4200 is already in use.\n", "用 DIAODU_PORT 换一个端口"),
        ("什么\n没有做成：流程服务已在运行（进程 12）\n", "流程服务已在运行（进程 12）（日志 "),
    ],
)
def test_what_the_log_says_is_told_with_the_remedy(tmp_path: Path, logged: str, told: str) -> None:
    log = tmp_path / "server.log"
    log.write_text("INFO: a beginning\n" * 9000 + logged, encoding="utf-8")
    assert told in start_failure(log, tmp_path)
    assert start_failure(log, tmp_path).endswith(f"（日志 {log}）")


def test_what_nobody_knows_is_to_be_looked_up(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text("Something else\n", encoding="utf-8")
    assert start_failure(tmp_path / "server.log", tmp_path) == f"原因见 {tmp_path / 'server.log'}"
    assert start_failure(tmp_path / "none.log", tmp_path) == f"原因见 {tmp_path / 'none.log'}"
    assert start_failure(tmp_path, tmp_path) == f"原因见 {tmp_path}"


def test_a_disk_too_full_for_a_log_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    (tmp_path / "server.log").touch()
    assert start_failure(tmp_path / "server.log", tmp_path).startswith(
        "磁盘满了。清理磁盘后再运行一次（日志 "
    )


@pytest.mark.parametrize("whole", [True, False])
def test_a_spoilt_database_is_told_though_the_server_said_nothing(tmp_path: Path, whole: bool) -> None:
    (tmp_path / "server.log").touch()
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as database:
        database.execute("create table run (id)")
        database.commit()
    if not whole:
        (tmp_path / "prefect.db").write_bytes(b"not a database" * 1000)
    said = start_failure(tmp_path / "server.log", tmp_path)
    assert ("prefect.db-wal" in said) == (not whole)
    assert said.startswith("原因见") == whole


def test_a_port_that_another_program_has_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = Settings(data=tmp_path, port=port)
        with pytest.raises(ServiceError, match=f"端口 {port} 被另一个程序占用：停掉它，或用 DIAODU_PORT"):
            services.serve_server(settings)
