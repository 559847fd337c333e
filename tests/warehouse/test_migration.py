"""A data folder of an earlier program (14cc8ca): opened behind a backup, with nothing lost.

The folder was made by that program from its own sample: three months of three counties and a bureau, with a leap of
新增技能人才 in February of each county. 奈曼旗's was answered by letter (`diaodu answer`), 开鲁县's in its March
workbook, 科尔沁区's not at all. A report, 开鲁县's own and one reminder were approved and issued, their letters queued
and two of them settled. The issued PDFs were left out to keep the folder small; the ledger has their hashes.
"""

import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from flows.cli.approval import remake_lines
from flows.office import Office
from flows.operations.backup.rebuild import is_outdated, rebuild, rebuild_safely
from flows.plan.letter import LetterState
from flows.plan.notice import NoticeState
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.fingerprint import fingerprint
from flows.warehouse.issue_ledger import approvals, issued
from flows.warehouse.letter_ledger import letter_statuses
from flows.warehouse.notice_ledger import matter_statuses
from flows.warehouse.questions import LONG_AFTER, open_questions, questions
from tests.staff import TYPED, actor, typed

FOLDER = Path(__file__).parent / "data" / "data-14cc8ca.tar.xz"
AT = datetime(2025, 4, 10, 9, 0)
BY_LETTER, IN_A_WORKBOOK = "17b3b4144d25-01", "96ef7ede0e14-01"  # numbers that the earlier program gave
UNANSWERED = "d8c8d5c4012c-01"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The folder once the new program has taken it over, and what it said."""
    settings = Settings(data=tmp_path_factory.mktemp("migration") / "data")
    with tarfile.open(FOLDER) as archive:
        archive.extractall(settings.data, filter="data")
    shutil.copy(settings.journal, settings.data / "journal-before.jsonl")
    assert is_outdated(settings)
    made, backup = rebuild_safely(settings, AT, accept=True)
    assert backup and backup.path.exists()
    assert made.is_in_force and made.moved_to and made.unread == ()
    return settings


def test_every_report_is_there_under_its_three_columns(migrated: Settings) -> None:
    with Warehouse(migrated.warehouse, migrated.journal) as warehouse:
        tables = fingerprint(warehouse)
        received = warehouse.select("received", as_of=LONG_AFTER, first_month="2025-01", last_month="2025-12")
        assert warehouse.faults() == []
    assert tables["submission"].columns[:3] == ("submission_id", "file_sha256", "part_reporter")
    assert tables["submission"].rows == received["versions"].sum() == len(list(migrated.raw.glob("*/*.xlsx")))


def test_answers_stand_on_the_questions_they_were_given_to(migrated: Settings) -> None:
    with Warehouse(migrated.warehouse, migrated.journal) as warehouse:
        found = questions(warehouse, [BY_LETTER, IN_A_WORKBOOK, UNANSWERED], LONG_AFTER)
        waiting = {one.number for one in open_questions(warehouse, "2025-01", "2025-12", LONG_AFTER)}
    assert {(q.reporter, q.month, q.cell, q.answer) for q in found.values()} == {
        ("naiman", "2025-02", "G14", "技工院校春季班集中取证150人"),
        ("kailu", "2025-02", "G14", "县职教中心一次性组织技能认定150人"),
        ("horqin", "2025-02", "G14", None),
    }
    assert all(one.description.startswith("新增技能人才（累计）") for one in found.values())
    assert {one.number for one in found.values()} & waiting == {found[UNANSWERED].number}


def test_an_earlier_number_can_still_be_cited(
    migrated: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(migrated.data, tmp_path / "data")
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    actor(Settings())
    command = ["answer", UNANSWERED, "区职教中心春季集中认定", *typed()]
    done = CliRunner().invoke(cli, command, input=TYPED)
    assert done.exit_code == 0, done.output
    with Warehouse(Settings().warehouse, Settings().journal) as warehouse:
        assert questions(warehouse, [UNANSWERED], LONG_AFTER)[UNANSWERED].answer == "区职教中心春季集中认定"


def test_ledgers_of_notices_approvals_and_letters_are_complete(migrated: Settings) -> None:
    with Warehouse(migrated.warehouse, migrated.journal) as warehouse:
        decisions, letters, notices = (
            approvals(warehouse),
            letter_statuses(warehouse),
            matter_statuses(warehouse, 2025),
        )
    assert {(one.account, one.os_user, one.host) for one in decisions} == {(None, None, None)}
    assert [(one.decided_by, str(one.step)) for one in decisions[:2]] == [
        ("审核岗", "review"),
        ("签发岗", "sign"),
    ]
    assert len(letters) == 25 + 1 + 1  # to all units, to 开鲁县, the reminder
    states = {(one.letter.unit, one.state) for one in letters if one.state is not LetterState.QUEUED}
    assert states == {("kailu", LetterState.SENT), ("naiman", LetterState.DROPPED)}
    for one in letters:
        names = [name for name, _ in one.letter.attachments]
        assert [Path(name).suffix for name in names] == [".pdf", ".xlsx"]
        assert one.letter.attachments[0][1] == one.letter.sha256
    kinds = {one.notice.number: one.state for one in notices}
    assert len(kinds) == 19
    assert (kinds["提醒〔2025〕1"], kinds["催办〔2025〕1"]) == (NoticeState.APPROVED, NoticeState.WITHDRAWN)


def test_issued_documents_come_out_the_same_or_it_is_said_what_has_changed(migrated: Settings) -> None:
    with Warehouse(migrated.warehouse, migrated.journal) as warehouse:
        assert [d.number for d in issued(warehouse)] == [
            "通人社函〔2025〕1号", "通人社函〔2025〕2号", "通人社发〔2025〕1号",
        ]  # fmt: skip
    said = list(remake_lines(Office(migrated), ()))
    assert len(said) == 3
    assert all(is_same or "其间改动过：" in line for line, is_same in said), said


def test_the_journal_is_only_added_to_and_a_later_rebuilding_needs_nothing_of_the_earlier_program(
    migrated: Settings, tmp_path: Path
) -> None:
    before = (migrated.data / "journal-before.jsonl").read_bytes()
    assert migrated.journal.read_bytes().startswith(before)
    shutil.copytree(migrated.data, tmp_path / "data")
    there = Settings(data=tmp_path / "data")
    with Warehouse(there.warehouse, there.journal) as warehouse:
        tables = fingerprint(warehouse)
    again = rebuild(there, AT.replace(hour=10))
    assert again.tables and all(one.is_equal for one in again.tables)
    there.warehouse.unlink()
    rebuild(there, AT.replace(hour=11))
    with Warehouse(there.warehouse, there.journal) as warehouse:
        assert fingerprint(warehouse) == tables


def test_a_lower_threshold_moves_no_answer(migrated: Settings, tmp_path: Path) -> None:
    """A leap is then from 20 % of the target: 城镇新增就业 (28 %) is asked about, too, before 新增技能人才 (55 %)."""
    shutil.copytree(migrated.data, tmp_path / "data")
    plans = Path(shutil.copytree(migrated.plans, tmp_path / "plan"))
    there = Settings(data=tmp_path / "data", plans=plans)
    with Warehouse(there.warehouse, there.journal) as warehouse:
        unanswered = questions(warehouse, [UNANSWERED], LONG_AFTER)[UNANSWERED]
    Office(there, lambda: AT).answer(unanswered.number, "区职教中心春季集中认定", actor(there))
    policy = plans / "2025" / "policy.toml"
    written = policy.read_text("utf-8")
    policy.write_text(written.replace("jump_pct_of_target = 40.0", "jump_pct_of_target = 20.0"), "utf-8")
    assert policy.read_text("utf-8") != written

    made = rebuild(there, AT.replace(hour=10), accept=True)
    assert made.is_in_force
    with Warehouse(there.warehouse, there.journal) as warehouse:
        problems = warehouse.select(
            "problems", as_of=LONG_AFTER, first_month="2025-02", last_month="2025-02"
        ).to_dicts()
        assert warehouse.faults() == []
    leaps = {(p["reporter"], p["indicator"]): p["answer"] for p in problems if p["rule"] == "leap"}
    assert leaps == {
        ("horqin", "urban_new_jobs"): None,
        ("horqin", "skilled_talent_trained"): "区职教中心春季集中认定",
        ("kailu", "urban_new_jobs"): None,
        ("kailu", "skilled_talent_trained"): "县职教中心一次性组织技能认定150人",
        ("naiman", "urban_new_jobs"): None,
        ("naiman", "skilled_talent_trained"): "技工院校春季班集中取证150人",
    }
    assert unanswered.number in {p["question_number"] for p in problems}
