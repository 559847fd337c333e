"""`--send`: issued and sent in one go where the policy asks nobody; otherwise it says whom the document waits for."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from flows.settings import ROOT, Settings

pytestmark = pytest.mark.usefixtures("server")
KAILU = ["monthly", "2025-05", "--county", "开鲁县", "--send"]


def test_a_document_that_waits_for_somebody_is_not_sent(office: Settings) -> None:
    done = CliRunner().invoke(cli, KAILU)
    assert "2025-05/monthly_dispatch-kailu：待审核，通过后印发、发送" in done.output
    assert not (office.data / "issued").exists()


def test_a_document_that_waits_for_nobody_is_issued_and_a_missing_address_book_is_told(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = shutil.copytree(ROOT / "plan" / "2025", tmp_path / "plan")
    policy = (plan / "policy.toml").read_text(encoding="utf-8")
    (plan / "policy.toml").write_text(
        policy.replace('feedback = ["review"]', "feedback = []"), encoding="utf-8"
    )
    monkeypatch.setenv("DIAODU_PLAN", str(plan))
    done = CliRunner().invoke(cli, KAILU)
    assert "已印发：通人社函〔" in done.output and "〕1号" in done.output
    assert "信件没有排队：通讯录 contacts.toml 缺少或有误" in done.output
    assert done.exit_code == 1  # not sent: told, not passed over
    assert len(list((office.data / "issued").glob("*/*/manifest.json"))) == 1


def test_an_earlier_state_is_not_sent(office: Settings) -> None:
    done = CliRunner().invoke(cli, ["monthly", "2025-05", "--as-of", "2025-06-06", "--send"])
    assert done.exit_code == 2 and "不能发送" in done.output
