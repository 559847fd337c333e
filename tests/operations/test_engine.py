"""The private server lives exactly as long as its command."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.operations import private_server as engine
from flows.settings import ROOT

ALIVE = """
import os, pathlib, time
from flows.operations import private_server as engine
with engine.running(pathlib.Path({home!r})):
    print(os.environ["PREFECT_API_URL"], flush=True)
    time.sleep(600)
"""


def answers(url: str) -> bool:
    return engine._answers(int(url.split(":")[2].split("/", maxsplit=1)[0]))


def test_a_command_killed_outright_leaves_no_server_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ALIVE.format(home=str(tmp_path))]
    alone = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    with subprocess.Popen(command, cwd=ROOT, env=alone, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        url = killed.stdout.readline().strip()
        assert answers(url)
        killed.send_signal(signal.SIGKILL)
    until = time.monotonic() + 300
    while answers(url) and time.monotonic() < until:
        time.sleep(0.2)
    assert not answers(url)


def test_an_office_s_own_server_is_used_where_one_is_named(tmp_path: Path, server: str) -> None:
    assert os.environ["PREFECT_API_URL"] == server
    with engine.running(tmp_path / "unused"):
        assert os.environ["PREFECT_API_URL"] == server
    assert not (tmp_path / "unused").exists()


def test_an_engine_that_is_only_slow_is_not_told_as_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(engine, "_answers", lambda _port: False)
    with subprocess.Popen(["sleep", "60"]) as starting:
        with pytest.raises(engine.EngineSlowError, match="机器太忙。等别的程序做完再运行一次"):
            engine._await(starting, 1, tmp_path / "server.log")
        starting.kill()
    with pytest.raises(engine.EngineError, match="流程引擎没有启动起来"):
        engine._await(starting, 1, tmp_path / "server.log")


def test_two_commands_that_make_the_engine_s_database_at_one_moment_both_get_an_engine(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", ALIVE.format(home=str(tmp_path)).replace("time.sleep(600)", "pass")]
    alone = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    both = [
        subprocess.Popen(
            command, cwd=ROOT, env=alone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    said = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert all("http://127.0.0.1:" in words for words in said)
