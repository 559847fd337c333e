"""科左中旗 is urged on 8 July for June's report, which comes on the 9th, before the letter has left."""

from datetime import date, datetime

import polars as pl
import pytest

from flows.issuing.delivery_round import withdraw_stale
from flows.office import Office
from flows.plan.issued import Issued
from flows.plan.letter import Letter, LetterState, LetterStatus, Role
from flows.plan.notice import Notice, NoticeState
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued_events
from flows.warehouse.letter_ledger import letter_statuses, queued_events
from flows.warehouse.notice_ledger import matter_statuses, notice_state_changed
from tests.staff import actor

ISSUED_AT, REPORTED = datetime(2025, 7, 8, 17, 0), datetime(2025, 7, 10, 9, 0)
FIGURES = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String, "state": pl.String, "value": pl.Float64,
                               "ytd": pl.Float64, "attainment_pct": pl.Float64, "gap_pp": pl.Float64, "rank": pl.Int64,
                               "tied": pl.Boolean, "mark": pl.String})  # fmt: skip


def entry_of(notice: Notice) -> Issued:
    return Issued(
        number="通人社发〔2025〕9号", series="通人社发", year=2025, serial=9, gap_note="1至8号为局内其他文件",
        document=f"{notice.month}/notices/{notice.number}-{notice.addressee}", kind=str(notice.kind),
        period=notice.month, county=notice.addressee, title="催办函", file_name="催办.pdf", as_of=notice.as_of,
        issued_on=date(2025, 7, 8), issued_at=ISSUED_AT, draft_sha256="d", sha256="s", is_sample=True,
    )  # fmt: skip


def letter_of(entry: Issued) -> Letter:
    return Letter(
        letter_id="<urging@letters.diaodu>", number=entry.number, sha256="s", unit=entry.county, unit_name="科左中旗",
        role=Role.TO, address="jy@zuozhong.example", subject="催办", body="", attachments=(), folder=entry.folder,
        queued_at=ISSUED_AT, is_sample=True,
    )  # fmt: skip


@pytest.fixture
def urging(office: Settings) -> Notice:
    """Issued and waiting in the outbox."""
    done = Office(office).notices("2025-06", date(2025, 7, 8))
    notice = next(n for n in done.drafted if n.addressee == "horqin_left_middle" and n.ladder == "late")
    entry = entry_of(notice)
    with Warehouse(office.warehouse, office.journal) as warehouse:
        warehouse.append(
            [
                *issued_events(entry, FIGURES),
                notice_state_changed(notice.number, NoticeState.APPROVED, ISSUED_AT),
            ]
        )
        warehouse.append(queued_events(letter_of(entry), ISSUED_AT))
    return notice


def withdrawn(office: Settings, at: datetime) -> list[tuple[LetterStatus, str]]:
    """What does not leave at that moment, and why."""
    desk = Office(office)
    with desk.warehouse() as warehouse:
        return withdraw_stale(warehouse, desk.plans, at)


def states(office: Settings, notice: Notice) -> tuple[LetterState, NoticeState, str]:
    with Warehouse(office.warehouse, office.journal) as warehouse:
        assert warehouse.faults() == []
        (letter,) = letter_statuses(warehouse)
        (matter,) = (one for one in matter_statuses(warehouse, 2025) if one.notice.number == notice.number)
        return letter.state, matter.state, matter.note


def test_a_letter_that_still_holds_is_left_waiting(office: Settings, urging: Notice) -> None:
    assert withdrawn(office, datetime(2025, 7, 8, 18, 0)) == []
    assert states(office, urging)[:2] == (LetterState.QUEUED, NoticeState.APPROVED)


def test_a_letter_overtaken_by_the_report_does_not_leave(office: Settings, urging: Notice) -> None:
    ((letter, why),) = withdrawn(office, REPORTED)
    assert (letter.letter.unit, why) == ("horqin_left_middle", "已于7月9日补报，迟2天")
    assert states(office, urging) == (LetterState.DROPPED, NoticeState.WITHDRAWN, why)
    assert withdrawn(office, REPORTED) == []


def test_a_letter_of_a_notice_withdrawn_by_hand_does_not_leave(office: Settings, urging: Notice) -> None:
    at = datetime(2025, 7, 8, 17, 30)
    Office(office).register_notices((urging.number,), NoticeState.WITHDRAWN, "已电话说明", at, actor(office))
    ((_, why),) = withdrawn(office, datetime(2025, 7, 8, 18, 0))
    assert why == "文书已撤回"
    assert states(office, urging)[0] is LetterState.DROPPED


def test_a_letter_that_asks_for_an_answer_by_a_day_gone_by_does_not_leave(
    office: Settings, urging: Notice
) -> None:
    ((_, why),) = withdrawn(office, datetime(2025, 7, 16, 9, 0))  # five working days after 8 July is the 15th
    assert why == "要求2025-07-15前答复，发送时已过"


def test_an_empty_outbox_costs_nothing(office: Settings) -> None:
    assert withdrawn(office, REPORTED) == []
