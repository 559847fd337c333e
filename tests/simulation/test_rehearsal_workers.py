"""What the processes of a rehearsal share: layouts by the words that went in, and nothing between the two makings."""

from pathlib import Path

from flows.documents.composing import load_typesetter
from flows.settings import Settings
from flows.simulation.workers import AGAIN, FIRST, Layouts, remembering


def test_a_layout_is_found_by_every_process_that_has_the_folder(tmp_path: Path) -> None:
    one, other = Layouts(tmp_path / FIRST), Layouts(tmp_path / FIRST)
    assert b"\x01" not in one and b"\x01" not in other
    one[b"\x01"] = b"%PDF"
    assert b"\x01" in other and other[b"\x01"] == b"%PDF"
    assert b"\x01" not in Layouts(tmp_path / AGAIN)


def test_layouts_are_remembered_for_a_rehearsal_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    setter = load_typesetter(settings.faces)
    assert setter.remembered is None
    with remembering(settings, tmp_path / FIRST):
        assert isinstance(setter.remembered, Layouts)
    assert setter.remembered is None
