"""Adding a kind of document: one registry entry, one template and one module take it from the agenda to its number."""

from datetime import date
from pathlib import Path

import pytest

from flows.documents import composing
from flows.documents.pdf.fonts import find_fonts
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.office import Office
from flows.plan.document_kinds import DOCUMENT_KINDS, DocumentKind
from flows.plan.issued import Decision
from flows.plan.period import Frequency
from flows.settings import Settings
from tests.documents.throwaway_kind import TEMPLATE
from tests.staff import actor

KIND = DocumentKind(
    "work_brief",
    "工作快报",
    Frequency.MONTH,
    "tests.documents.throwaway_kind:make",
    approval="monthly_dispatch",
)


@pytest.fixture
def with_new_kind(office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose registry has one kind more."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "work_brief.html.j2").write_text(TEMPLATE, encoding="utf-8")
    typesetter = Typesetter(find_fonts(office.fonts), (TEMPLATES, tmp_path / "templates"))
    monkeypatch.setattr(composing, "load_typesetter", lambda _: typesetter)
    monkeypatch.setitem(DOCUMENT_KINDS, KIND.id, KIND)
    return Office(office)


def test_a_new_kind_is_due_drafted_checked_approved_and_numbered(with_new_kind: Office) -> None:
    office, day = with_new_kind, date(2025, 7, 8)
    assert ("2025-06", "工作快报") in {(due.period, due.label) for due in office.due(day)}

    office.make(KIND.id, "2025-06")  # GateError where a number on the page had no source
    assert ("2025-06", "工作快报") not in {(due.period, due.label) for due in office.due(day)}

    status = office.approval_status("2025-06/work_brief")
    assert status.waits_for is not None and status.waits_for.label == "审核"
    for name in ("审核人甲", "签发人乙"):
        status = office.decide(status, Decision.APPROVED, actor(office.settings, name))
    issued, _ = office.issue("2025-06/work_brief")
    assert (issued.kind, issued.serial) == ("work_brief", 1)
    assert office.remake(issued).is_equal
