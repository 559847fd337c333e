"""Forms and prompts by mail: each to a unit once a month, and a needless prompt does not leave."""

from datetime import date, datetime
from pathlib import Path

import pytest

from flows.office import Office
from flows.plan.agenda import Job, Present, agenda
from flows.settings import Settings
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice

AT = datetime(2025, 7, 25, 9, 0)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with contacts that has received nothing yet."""
    monkeypatch.setenv("DIAODU_CONTACTS", str(own_contacts(tmp_path)))
    return Office(Settings(data=tmp_path / "data"), lambda: AT)


def test_every_reporter_gets_its_form_once_a_month(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with PostOffice() as smtp:
        for name, value in account(smtp, desk.delivery.contacts_file).items():
            monkeypatch.setenv(name, value)
        assert len(desk.mail_forms("2025-07")) == 9 + 12
        assert desk.mail_forms("2025-07") == []
        desk.deliver()
    assert len(smtp.taken) == 9 + 12
    (letter,) = (one for one in smtp.letters if "kailu" in one["To"])
    (form,) = letter.iter_attachments()
    assert form.get_filename() == "开鲁县2025年7月月报.xlsx" and form.get_content()[:2] == b"PK"
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "请于8月5日前填报：直接回复本邮件" in text
    assert letter["Subject"] == "2025年7月就业促进行动报表（8月5日前报送）"


def test_who_has_reported_is_not_prompted_and_a_needless_prompt_does_not_leave(desk: Office) -> None:
    desk.sample(2025, (7,), 2025, folder := desk.settings.data.parent / "files")
    by_name = {path.name: path for path in folder.glob("*.xlsx")}
    desk.now = lambda: datetime(2025, 8, 4, 9, 0)
    desk.ingest([by_name["开鲁县2025年7月月报.xlsx"]])
    prompted = {letter.unit for letter in desk.mail_prompts("2025-07")}
    assert "kailu" not in prompted and {"naiman", "commerce"} <= prompted
    desk.ingest([by_name["奈曼旗2025年7月月报.xlsx"]])
    (row,) = desk.delivery.withdraw_stale()
    assert (row["单位"], row["说明"]) == ("奈曼旗", "作罢：已经报送")


def test_mailings_are_due_once_and_only_with_contacts_and_a_policy() -> None:
    rules = {2025: Office(Settings()).plan(2025).policy.reporting}
    there = Present(begins="2025-06", forms_day=25, prompts=True)

    def jobs(day: date, present: Present) -> list[tuple[str, str]]:
        mailings = (Job.FORMS, Job.PROMPTS)
        return [(one.kind, one.period) for one in agenda(day, rules, present) if one.kind in mailings]

    assert jobs(date(2025, 7, 24), there) == []
    assert jobs(date(2025, 7, 25), there) == [(Job.FORMS, "2025-07")]
    assert jobs(date(2025, 7, 27), there) == []  # a Sunday
    done = Present(begins="2025-06", forms_day=25, prompts=True, mailed=frozenset({(Job.FORMS, "2025-07")}))
    assert jobs(date(2025, 7, 25), done) == []
    assert jobs(date(2025, 8, 1), done) == [(Job.PROMPTS, "2025-07")]  # two working days before the 5th
    assert jobs(date(2025, 7, 25), Present(begins="2025-06")) == []
