"""提醒催办: the ledger, the folders, what a second run does, and what a correction withdraws."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.cli.approval import waiting_lines
from flows.documents.document import Document
from flows.documents.notices import (
    WITHDRAWN,
    NoticeFaultsError,
    NoticeRun,
    NoticeSpec,
    as_rows,
    month_reported_on,
)
from flows.office import Office
from flows.plan.notice import NoticeError, NoticeState
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.notice_ledger import matter_statuses
from tests.staff import actor

ON = date(2025, 7, 8)


def told(run: NoticeRun, name: str, ladder: str) -> list[tuple[str, str]]:
    return [(r["结果"], r["编号"]) for r in as_rows(run) if r["单位"] == name and r["梯次"] == ladder]


def test_a_run_drafts_once_and_the_same_run_again_drafts_nothing(office: Settings) -> None:
    first = Office(office).notices("2025-06", ON)
    folder = office.reports / "2025-06" / "notices"
    made = {p.parent.name: p.read_bytes() for p in folder.rglob("*.pdf")}
    assert told(first, "库伦旗", "迟报") == [("拟稿", "催办〔2025〕2")]
    assert told(first, "开鲁县", "滞后") == [("拟稿", "提醒〔2025〕3")]
    assert made.keys() >= {"催办〔2025〕2-hure", "提醒〔2025〕3-kailu"}
    waiting = [line for line in waiting_lines(Office(office)) if "催办〔2025〕2-hure" in line]
    assert [line.split("　", 1)[1] for line in waiting] == [
        "2025-06/notices/催办〔2025〕2-hure　待审核　关于2025年6月就业促进行动月报报送的催办函，致库伦旗（示例）"
    ]
    again = as_rows(Office(office).notices("2025-06", ON))
    assert {r["结果"] for r in again} <= {"已有草稿", "不办"}
    assert {p.parent.name: p.read_bytes() for p in folder.rglob("*.pdf")} == made


def test_one_faulty_notice_does_not_stop_the_rest(office: Settings) -> None:
    def first_is_faulty(
        make: Callable[[NoticeSpec], Document], specs: Iterable[NoticeSpec]
    ) -> list[Document]:
        made = [make(spec) for spec in specs]
        return [replace(made[0], faults=("第1页 缺字：1 个字没有对应的字形或字码",)), *made[1:]]

    with pytest.raises(NoticeFaultsError, match="没有通过出门检查，共 1 处"):
        Office(office, parallel=first_is_faulty).notices("2025-06", ON)
    folders = list((office.reports / "2025-06" / "notices").iterdir())
    assert len(folders) > 2
    assert sum((folder / "manifest.json").exists() for folder in folders) == len(folders) - 1
    # The next run renders only the one that lacks its manifest.
    assert Office(office).notices("2025-06", ON).drafted == ()
    assert all((folder / "manifest.json").exists() for folder in folders)


def test_a_late_report_withdraws_the_unsent_urging(office: Settings) -> None:
    """科左中旗 sends June on 9 July, two days late; on the 8th it is urged."""
    number = urged(office, "horqin_left_middle")
    done = Office(office).notices("2025-06", date(2025, 7, 10))
    assert [(w.notice.number, w.why) for w in done.settled.withdrawals][:1] == [
        (number, "已于7月9日补报，迟2天")
    ]
    note = office.reports / "2025-06" / "notices" / f"{number}-horqin_left_middle" / WITHDRAWN
    assert note.read_text(encoding="utf-8") == f"{number}已撤回：已于7月9日补报，迟2天\n"


def test_what_was_sent_is_closed_and_remembered(office: Settings) -> None:
    number = urged(office, "horqin_left_middle")
    for state in (NoticeState.APPROVED, NoticeState.SENT):
        Office(office).register_notices(
            (number,), state, "", datetime(2025, 7, 8, 17), actor(office, "审核岗")
        )
    Office(office).notices("2025-06", date(2025, 7, 10))
    with Warehouse(office.warehouse, office.journal) as warehouse:
        (matter,) = (one for one in matter_statuses(warehouse, 2025) if one.notice.number == number)
        assert warehouse.faults() == []
    assert (matter.state, matter.note) == (NoticeState.CLOSED, "已于7月9日补报，迟2天")


def test_a_draft_is_not_sent_before_it_is_approved(office: Settings) -> None:
    number, at = urged(office, "horqin_left_middle"), datetime(2025, 7, 8)
    with pytest.raises(NoticeError, match="不能登记为“已发出”：应先为“已审定”，现为“草稿”"):
        Office(office).register_notices((number,), NoticeState.SENT, "", at, actor(office))
    with pytest.raises(NoticeError, match="台账里没有这份文书"):
        Office(office).register_notices(
            ("提醒〔2025〕99",), NoticeState.APPROVED, "", at, actor(office, "审核岗")
        )


def test_before_anything_was_received_everyone_but_the_issuer_is_reminded(tmp_path: Path) -> None:
    """January's report is due on Wednesday 5 February, the first working day after the holiday."""
    empty = Office(Settings(data=tmp_path))
    assert empty.notices("2025-01", date(2025, 1, 23)).drafted == ()
    done = empty.notices("2025-01", date(2025, 2, 5))
    catalogue = done.evidence.catalogue
    reminded = {notice.addressee for notice in done.drafted}
    assert {r.id for r in catalogue.reporters} - reminded == {catalogue.issuing_department}


def test_the_daily_run_is_for_the_month_before() -> None:
    assert month_reported_on(date(2025, 7, 8)) == "2025-06"
    assert month_reported_on(date(2026, 1, 8)) == "2025-12"


def urged(office: Settings, county: str) -> str:
    done = Office(office).notices("2025-06", ON)
    return next(n.number for n in done.drafted if n.addressee == county and n.ladder == "late")
