"""Notices through the gate: each rung names those before it, with their dates."""

from datetime import date, datetime, time

from flows.documents.notices import render, specify
from flows.office import Office
from flows.plan.notice import Ladder, NoticeKind, NoticeState
from flows.settings import Settings
from tests.staff import actor


def test_every_rung_of_a_report_not_sent_passes_the_gate(office: Settings) -> None:
    """Reminded before the due day, urged twice, proposed for 督办; each names the notices before it by date."""
    desk, naiman, kinds = Office(office), "naiman", []
    # March is due on 7 April and was never sent; each reply is due five working days after.
    for day in (date(2025, 4, 2), date(2025, 4, 8), date(2025, 4, 16), date(2025, 4, 24)):
        worked = desk.notices("2025-03", day, datetime(2025, 4, 2, 7, 30))
        (draft,) = [n for n in worked.drafted if n.addressee == naiman and n.ladder is Ladder.LATE]
        with desk.warehouse() as warehouse:
            spec = specify(warehouse, desk.plan(2025), draft.number, "2025-03")
        assert render(spec, desk.typesetter).faults == ()
        for state in (NoticeState.APPROVED, NoticeState.SENT):
            at, reviewer = datetime.combine(day, time(9)), actor(desk.settings, "审核岗")
            desk.register_notices((draft.number,), state, "", at, reviewer)
        kinds.append(draft.kind)
    assert kinds == [NoticeKind.REMINDER, NoticeKind.URGING, NoticeKind.URGING, NoticeKind.ESCALATION]
