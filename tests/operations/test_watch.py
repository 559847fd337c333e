"""The watch: what is wrong is said once, whatever is down, and told by a real mail server."""

import json
import os
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from flows.clock import BEIJING
from flows.operations import data_folder, processes, watch, work_pool
from flows.operations.alerts import Send, notify_operator, send_mail
from flows.operations.watch import run_checks
from flows.settings import Settings
from tests.issuing.mail.post_office import PostOffice

NOON = datetime(2025, 7, 8, 12, 0)  # June's bulletin, the second quarter's and the half-year's report are due


@pytest.fixture
def office_folder(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path)
    (settings.raw / "2025-06").mkdir(parents=True)
    (settings.raw / "2025-06" / "a.xlsx").touch()
    settings.journal.parent.mkdir()
    settings.journal.touch()
    return settings


def keys(settings: Settings, now: datetime = NOON) -> set[str]:
    return {one.key for one in run_checks(settings, now)}


def look_round(settings: Settings, now: datetime, send: Send | None = None) -> list[str]:
    return notify_operator(settings, run_checks(settings, now), now, send)


def last_runs(monkeypatch: pytest.MonkeyPatch, *runs: tuple[str, str, str]) -> None:
    """What the server says of the last run of each flow: its name, its state and its message."""
    answer = {
        name: {
            "state_type": state.upper(), "state_name": state, "end_time": "2025-07-08T00:00:00Z", "state": {"message": message},
        }
        for name, state, message in runs
    }  # fmt: skip
    monkeypatch.setattr(work_pool, "last_runs", lambda _api, _since: answer)


def test_a_machine_on_which_nothing_runs_and_nothing_was_made_is_told_of_in_full(
    office_folder: Settings,
) -> None:
    assert keys(office_folder) == {
        "server", "worker",
        "due:2025-06 月调度", "due:2025-Q2 季分析", "due:2025-H1 半年总结", "due:2025-06 提醒催办",
    }  # fmt: skip


def test_what_is_due_today_is_not_overdue_before_its_hour(office_folder: Settings) -> None:
    assert keys(office_folder, datetime(2025, 7, 8, 9, 0)) == {"server", "worker"}
    assert "due:2025-06 月调度" in keys(office_folder, datetime(2025, 7, 9, 9, 0))


def test_a_run_that_failed_is_told_with_its_reason_and_not_as_overdue_too(
    office_folder: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "日程有 1 件没有做成：2025-06 月调度（7月8日到期）：没有仿宋字体"
    last_runs(monkeypatch, ("日程", "Failed", why), ("收表", "Completed", ""))
    found = {one.key: one for one in run_checks(office_folder, NOON)}
    assert found["run:日程"].sentence == f"日程 没有做成：07月08日 08:00 Failed，{why}"  # 00:00 UTC
    assert "due:2025-06 月调度" not in found and "due:2025-Q2 季分析" in found
    last_runs(monkeypatch, ("日程", "Completed", ""))
    assert "run:日程" not in keys(office_folder) and "due:2025-06 月调度" in keys(office_folder)


def test_a_server_that_is_there_and_does_not_answer_is_told_apart_from_none(office_folder: Settings) -> None:
    file = processes.file_of(office_folder.engine, "server")
    processes.write(file, processes.this_process("http://127.0.0.1:9"))  # nobody listens on the discard port
    (found,) = watch.server_answers(office_folder, NOON)
    assert "不应答" in found.sentence


def test_workbooks_that_lie_for_more_than_a_day_are_told_of(office_folder: Settings) -> None:
    office_folder.inbox.mkdir(parents=True)
    file = office_folder.inbox / "科区6月.xlsx"
    file.touch()
    came = NOON.replace(tzinfo=BEIJING).timestamp()
    os.utime(file, (came, came))
    assert "inbox" not in keys(office_folder, NOON + timedelta(hours=20))
    assert "inbox" in keys(office_folder, NOON + timedelta(hours=30))


def test_a_clock_set_back_is_told_of(office_folder: Settings) -> None:
    look_round(office_folder, NOON)
    assert "clock" in keys(office_folder, NOON - timedelta(days=1))
    assert "clock" not in keys(office_folder, NOON + timedelta(minutes=1))


def test_a_damaged_file_is_told_of_with_its_remedy(office_folder: Settings) -> None:
    digest = "ab" * 32
    (office_folder.raw / "2025-06" / f"{digest}.xlsx").write_bytes(b"altered")
    envelope = {"sha256": digest, "file_name": "开鲁县.xlsx", "received_at": "2025-07-03T09:00:00"}
    (office_folder.raw / "2025-06" / f"{digest}.received.json").write_text(json.dumps(envelope), "utf-8")
    (alert,) = watch.content_is_whole(office_folder, NOON)
    assert alert.sentence == f"raw/2025-06/{digest}.xlsx 与存入时不同，已损坏"
    assert "从备份恢复" in alert.remedy


def test_a_data_folder_whose_ledgers_are_gone_is_told_of(office_folder: Settings, tmp_path: Path) -> None:
    office_folder.journal.unlink()
    (office_folder.receipts / "2025-06").mkdir(parents=True)
    (office_folder.receipts / "2025-06" / "a.txt").touch()
    (alert,) = watch.data_is_there(office_folder, NOON)
    assert "里有存件、回执，却没有台账流水和数据库" in alert.sentence
    (alert,) = watch.data_is_there(Settings(data=tmp_path / "elsewhere"), NOON)
    assert alert.remedy == data_folder.INIT


def test_a_full_disk_and_one_that_cannot_be_written_to_are_told_of(
    office_folder: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "FREE_BYTES", 2**80)
    office_folder.logs.parent.joinpath("logs").write_bytes(b"")  # a file where the folder should be
    assert {"disk", "writable"} <= keys(office_folder)


def test_a_check_that_breaks_down_is_itself_an_alert(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, plans=tmp_path / "nowhere")
    found = {one.key: one.sentence for one in run_checks(settings, NOON)}
    assert "每年一个方案文件夹" in found["check:到期事项"]  # a plan edited badly does not silence the watch


def test_the_operator_gets_one_letter_while_it_lasts_and_one_when_it_is_over(office_folder: Settings) -> None:
    letters: list[tuple[str, str]] = []

    def post(_settings: Settings, subject: str, body: str, _now: datetime) -> str:
        letters.append((subject, body))
        return ""

    look_round(office_folder, NOON.replace(hour=9), post)
    look_round(office_folder, NOON.replace(hour=9, minute=15), post)
    for name in ("server", "worker"):
        processes.write(
            processes.file_of(office_folder.engine, name), processes.this_process("http://127.0.0.1:9")
        )
    look_round(office_folder, NOON.replace(hour=9, minute=30), post)
    assert [subject for subject, _ in letters] == ["就业调度：2 件事需要处理", "就业调度：1 件已恢复"]
    assert "已恢复（07月08日 09:00 起）：执行器没有在运行" in letters[1][1]


def test_a_real_mail_server_gets_the_letter(office_folder: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (office_folder.data / "contacts.toml").write_text('[operator]\naddresses = ["it@rsj.example"]\n', "utf-8")
    with PostOffice() as office:
        for name, value in {
            "HOST": "127.0.0.1", "PORT": str(office.port), "SECURITY": "plain", "SENDER": "bangongshi@rsj.example",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"DIAODU_SMTP_{name}", value)
        assert send_mail(office_folder, "就业调度：1 件事需要处理", "流程服务没有在运行", NOON) == ""
    (letter,) = (message_from_bytes(taken, policy=default) for taken in office.taken)
    assert (letter["To"], letter["Subject"]) == ("it@rsj.example", "就业调度：1 件事需要处理")
    assert "流程服务没有在运行" in letter.get_content()


def test_without_a_mail_account_it_says_why_nobody_was_told(office_folder: Settings) -> None:
    assert "DIAODU_SMTP_HOST" in send_mail(office_folder, "就业调度", "x", NOON)
    assert any(line.startswith("没有告知管理员") for line in look_round(office_folder, NOON))
