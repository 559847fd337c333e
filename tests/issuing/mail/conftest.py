"""The office's side of the tests of delivery: a letter, a server's particulars, an authority."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from flows.issuing.mail.account import MailServer, Security
from flows.issuing.mail.letter import body_of, message_id, subject_of
from flows.plan.letter import Letter, Role
from flows.plan.policy import Delivery
from tests.issuing.mail.certificates import Authority, authority
from tests.issuing.mail.post_office import PostOffice

NUMBER, SHA256 = "通人社发〔2025〕6号", "ab" * 32
TITLE = "关于2025年6月全市就业促进行动调度情况的通报"
ADDRESS = "jiuyeban@kailu.example"
PATIENT = Delivery(
    (), attempts=3, pauses_minutes=(5, 15), step_seconds=60, conversation_seconds=120, answer_seconds=60
)
# For a server that never answers: these limits run out in every such test, on a busy machine too.
HASTY = replace(PATIENT, step_seconds=2, conversation_seconds=5, answer_seconds=2)


@pytest.fixture(scope="session")
def office_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), "office-authority")


@pytest.fixture(scope="session")
def strange_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("strange"), "strange-authority")


def server_of(
    office: PostOffice,
    security: Security = Security.PLAIN,
    *,
    host: str = "127.0.0.1",
    ca_file: Path | None = None,
    account: tuple[str, str] = ("", ""),
) -> MailServer:
    """The particulars of a post office as the settings hold them."""
    return MailServer(
        host, office.port, security, "bangongshi@rsj.example", "通辽市人力资源和社会保障局",
        user=account[0], password=account[1], ca_file=ca_file,
    )  # fmt: skip


def letter(*, unit_name: str = "开鲁县", address: str = ADDRESS, is_sample: bool = False) -> Letter:
    """A letter as the outbox holds it."""
    subject = subject_of(TITLE, NUMBER, is_sample=is_sample)
    said = ("截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。",)
    return Letter(
        letter_id=message_id(NUMBER, SHA256, "kailu", address), number=NUMBER, sha256=SHA256, unit="kailu",
        unit_name=unit_name, role=Role.TO, address=address, subject=subject,
        body=body_of(unit_name, Role.TO, subject, said, is_sample=is_sample), attachments=(("通报.pdf", SHA256),),
        folder=f"issued/2025/{NUMBER}", queued_at=datetime(2025, 7, 8, 17, 30), is_sample=is_sample,
    )  # fmt: skip
