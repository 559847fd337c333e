"""The gate on every kind of document: faultless as made, and each planted fault named (docs/gate.md)."""

from pathlib import Path

import pytest

from flows.documents.pdf.fonts import Faces
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import KINDS, TOGETHER, Planting, faults


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_as_it_should_be_has_no_fault(
    kind: str, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    assert faults(kind, catalogue, typesetter) == ()


@pytest.mark.parametrize(
    "planted", TOGETHER, ids=lambda p: f"{p[0].kind}: {', '.join(one.what for one in p)}"
)
def test_every_planted_fault_is_named(
    planted: tuple[Planting, ...], catalogue: Catalogue, faces: Faces, tmp_path: Path
) -> None:
    for one in planted:
        one.written(tmp_path)
    found = faults(planted[0].kind, catalogue, Typesetter(faces, (tmp_path, TEMPLATES)))
    assert [one.what for one in planted if not any(one.says in fault for fault in found)] == [], found
