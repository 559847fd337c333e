"""Notices through the gate: each rung names those before it, with their dates."""

from datetime import date, datetime, time

from flows.documents.notices import make, register_state, work_out
from flows.plan.notice import Ladder, NoticeKind, NoticeState
from flows.settings import Settings


def test_every_rung_of_a_report_not_sent_passes_the_gate(office: Settings) -> None:
    """Reminded before the due day, urged twice, proposed for 督办; each names the notices before it by date."""
    naiman, kinds = "naiman", []
    # March is due on 7 April and was never sent; each reply is due five working days after.
    for day in (date(2025, 4, 2), date(2025, 4, 8), date(2025, 4, 16), date(2025, 4, 24)):
        worked = work_out(office, "2025-03", day, datetime(2025, 4, 2, 7, 30))
        (draft,) = [n for n in worked.drafted if n.addressee == naiman and n.ladder is Ladder.LATE]
        assert make(office, draft.number, "2025-03").faults == ()
        for state in (NoticeState.APPROVED, NoticeState.SENT):
            register_state(office, (draft.number,), state, datetime.combine(day, time(9)), "")
        kinds.append(draft.kind)
    assert kinds == [NoticeKind.REMINDER, NoticeKind.URGING, NoticeKind.URGING, NoticeKind.ESCALATION]
