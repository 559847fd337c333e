"""发送 as it is run: the flow on a real Prefect server, the commands, the account."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from prefect.blocks.system import Secret

from flows import clock
from flows.__main__ import cli
from flows.deliver import deliver
from flows.fetch_mail import fetch_mail
from flows.issuing.mail.account import MailAccountError, MailPassword, MailSettings, mail_server
from flows.office import Office
from flows.settings import ROOT, Settings
from tests.issuing.mail.outgoing import AT, account, issue, own_contacts
from tests.issuing.mail.post_office import TAKEN_THEN_DROP, PostOffice
from tests.staff import TYPED, actor, typed

PASSWORD = "correct-horse-battery"
KAILU = "2025-06/monthly_dispatch-kailu"


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """The office's mail server, which wants a login, and the environment of the office."""
    with PostOffice(account=("tongliao", PASSWORD)) as office:
        said = account(office, own_contacts(tmp_path)) | {"DIAODU_DATA": str(tmp_path / "data")}
        for name, value in {**said, "DIAODU_SMTP_USER": "tongliao", "DIAODU_SMTP_PASSWORD": PASSWORD}.items():
            monkeypatch.setenv(name, value)
        yield office


@pytest.mark.usefixtures("server")
def test_the_flow_sends_once_and_leaves_the_password_nowhere(
    mail: PostOffice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    issue(Settings(), 6, KAILU)
    Office(now=lambda: AT).delivery.queue_missing()
    assert [(row["结果"], row["单位"]) for row in deliver()] == [("已发出", "开鲁县")]
    assert deliver() == []
    assert len(mail.taken) == 1
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert "处理信件 1 封，需要人工处理 0 项" in caplog.text
    assert PASSWORD.encode() not in kept and PASSWORD not in caplog.text


@pytest.mark.usefixtures("server")
def test_the_flow_warns_of_what_needs_a_hand(mail: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    issue(Settings(), 6, KAILU)
    Office(now=lambda: AT).delivery.queue_missing()
    mail.faults["dot"] = TAKEN_THEN_DROP
    rows = deliver()
    assert rows[0]["结果"] == "去向不明" and rows[0]["说明"].startswith("正文发完后没有等到答复")
    assert "WARNING" in caplog.text and "去向不明：通人社发〔2025〕6号 开鲁县" in caplog.text


@pytest.mark.usefixtures("server")
def test_the_schedule_sends_on_a_worked_sunday_and_not_on_a_holiday(
    mail: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As the State Council set 2025: Sunday 28 September is worked, Wednesday 1 October is not."""
    issue(Settings(), 6, KAILU)
    Office(now=lambda: AT).delivery.queue_missing()
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 10, 1, 9))
    assert deliver(workdays_only=True) == []
    assert "今天不是工作日，不发" in caplog.text and mail.taken == []
    monkeypatch.setattr(clock, "now", lambda: datetime(2025, 9, 28, 9))
    assert [row["结果"] for row in deliver(workdays_only=True)] == ["已发出"]


@pytest.mark.usefixtures("server")
def test_the_schedule_fetches_mail_on_working_days_where_there_is_a_mailbox(
    mail: PostOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nothing, holiday, worked = (
        "没有设收信账户（DIAODU_IMAP_HOST），不收",
        datetime(2025, 10, 1, 9),
        datetime(2025, 9, 28, 9),
    )
    monkeypatch.setattr(clock, "now", lambda: worked)
    assert fetch_mail(workdays_only=True) == [] and nothing in caplog.text
    monkeypatch.setenv("DIAODU_IMAP_HOST", "localhost")
    monkeypatch.setenv("DIAODU_IMAP_PORT", "1")
    monkeypatch.setattr(clock, "now", lambda: holiday)
    assert fetch_mail(workdays_only=True) == []
    monkeypatch.setattr(clock, "now", lambda: worked)
    (row,) = fetch_mail(workdays_only=True)
    assert row["结果"] == "收信服务器" and "1 端口拒绝连接" in row["说明"]
    assert "收信服务器：" in caplog.text  # a warning


def test_the_schedules_of_the_project_are_by_the_hour_and_mail_asks_for_the_working_day() -> None:
    found = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    schedules = {one["name"]: one["schedules"] for one in found if one.get("schedules")}
    assert set(schedules) == {"日程", "发送", "收信"}
    assert all(schedule["cron"].endswith("* * *") for own in schedules.values() for schedule in own)
    for name, cron in (("发送", "*/15 8-18 * * *"), ("收信", "*/10 8-18 * * *")):
        assert schedules[name] == [
            {"cron": cron, "timezone": "Asia/Shanghai", "parameters": {"workdays_only": True}}
        ]


def test_the_outbox_lists_what_is_open_with_its_remedy_and_takes_a_decision(mail: PostOffice) -> None:
    assert CliRunner().invoke(cli, ["outbox"]).output == "还没有发文信件\n"
    issue(Settings(), 6, KAILU)
    Office(now=lambda: AT).delivery.queue_missing()
    name = Office().letters()[0].short_id
    assert CliRunner().invoke(cli, ["outbox"]).output.splitlines() == [
        f"待发  {name}  通人社发〔2025〕6号  主送开鲁县 <jiuyeban@kailu.example>  7月8日17:30",
        "    → 发送：diaodu deliver",
        "待发 1 封",
    ]
    actor(Settings())
    settle = ["outbox", "--settle", name, "drop", "--note", "改用机要交换", *typed()]
    done = CliRunner().invoke(cli, settle, input=TYPED)
    assert done.output == f"信件 {name}（开鲁县）已登记为“作罢”\n"
    assert CliRunner().invoke(cli, ["outbox"]).output == "作罢 1 封\n"
    assert "经办登记：改用机要交换" in CliRunner().invoke(cli, ["outbox", "--all"]).output


def test_the_command_ends_with_1_and_a_sentence_when_the_account_is_not_set(
    mail: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(Settings(), 6, KAILU)
    Office(now=lambda: AT).delivery.queue_missing()
    monkeypatch.delenv("DIAODU_SMTP_HOST")
    done = subprocess.run(
        [sys.executable, "-m", "flows", "deliver"],
        cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        1, "没有做成：发信账户没有设好：DIAODU_SMTP_HOST 应为邮件服务器的名称\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HOST", "", "DIAODU_SMTP_HOST 应为邮件服务器的名称"),
        ("SENDER", "", "DIAODU_SMTP_SENDER 应为发信地址"),
        ("SECURITY", "ssl", "DIAODU_SMTP_SECURITY 应为starttls、implicit、plain 之一"),
        ("PORT", "smtp", "DIAODU_SMTP_PORT 应为合规的值"),
        ("PASSWORD", "", "不从 .env 读"),
    ],
)
def test_what_is_not_set_is_named(
    mail: PostOffice, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"DIAODU_SMTP_{name}", value)
    with pytest.raises(MailAccountError, match=says):
        mail_server("某局")


def test_a_password_in_a_file_of_the_project_is_not_read(
    mail: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"DIAODU_SMTP_HOST=mail.rsj.example\nDIAODU_SMTP_PASSWORD={PASSWORD}\n", encoding="utf-8")
    monkeypatch.setitem(MailSettings.model_config, "env_file", file)
    for name in ("HOST", "PASSWORD"):
        monkeypatch.delenv(f"DIAODU_SMTP_{name}")
    assert MailSettings().host == "mail.rsj.example"
    assert MailPassword.model_config["env_file"] is None
    with pytest.raises(MailAccountError, match="DIAODU_SMTP_PASSWORD"):
        mail_server("某局")


@pytest.mark.usefixtures("server")
def test_the_password_may_be_kept_in_a_secret_block(
    mail: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DIAODU_SMTP_PASSWORD")
    monkeypatch.setenv("DIAODU_SMTP_SECRET", "diaodu-smtp-password")
    with pytest.raises(MailAccountError, match="没有“diaodu-smtp-password”"):
        mail_server("某局")
    Secret(value=PASSWORD).save("diaodu-smtp-password")
    server = mail_server("某局")
    assert server.password == PASSWORD and PASSWORD not in repr(server)
