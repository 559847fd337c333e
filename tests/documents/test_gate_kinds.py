"""The gate on every kind of document: faultless as made, and each planted fault found by what docs/evidence/gate.md names."""

from pathlib import Path

import pytest

from flows.documents.kinds import annual, monthly, report
from flows.documents.pdf.fonts import Fonts
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.documents.provenance import UnsourcedNumberError
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import KINDS, PLANTINGS, TOGETHER, Catcher, Planting, made


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_as_it_should_be_has_no_fault(
    kind: str, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    assert made(kind, catalogue, typesetter).faults == ()


@pytest.mark.parametrize(
    "planted", TOGETHER, ids=lambda p: f"{p[0].kind}: {', '.join(one.what for one in p)}"
)
def test_the_gate_names_every_fault_on_the_page(
    planted: tuple[Planting, ...], catalogue: Catalogue, fonts: Fonts, tmp_path: Path
) -> None:
    assert len({one.says for one in planted}) == len(planted)  # none is taken for another
    for one in planted:
        one.written(tmp_path)
    found = made(planted[0].kind, catalogue, Typesetter(fonts, (tmp_path, TEMPLATES))).faults
    assert [one.what for one in planted if not any(one.says in fault for fault in found)] == [], found


@pytest.mark.parametrize(
    "planted",
    [p for p in PLANTINGS if p.by is Catcher.FILTER],
    ids=lambda p: f"{p.kind}: {p.what}",
)
def test_a_number_worked_out_in_a_template_is_refused(
    planted: Planting, catalogue: Catalogue, fonts: Fonts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (report, annual):  # no page is laid out
        monkeypatch.setattr(kind, "charts", lambda *_: {})
    monkeypatch.setattr(monthly, "panels", lambda *_: [])
    setter = Typesetter(fonts, (planted.written(tmp_path), TEMPLATES))
    with pytest.raises(UnsourcedNumberError, match=planted.says):
        made(planted.kind, catalogue, setter)


def test_another_verb_in_a_sentence_is_no_fault(catalogue: Catalogue, fonts: Fonts, tmp_path: Path) -> None:
    template = "county_feedback.html.j2"
    verb = Planting("feedback", "another verb", template, "month_day }}报送", "month_day }}上报", "")
    setter = Typesetter(fonts, (verb.written(tmp_path), TEMPLATES))
    assert made("feedback", catalogue, setter).faults == ()
