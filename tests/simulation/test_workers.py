"""The layout caches of a simulation: shared between processes, and separate for drafts and reproductions."""

from pathlib import Path

from flows.documents.composing import load_typesetter
from flows.settings import Settings
from flows.simulation.workers import DRAFTS, REPRODUCTIONS, LayoutCache, caching_layouts


def test_processes_with_the_same_folder_share_their_layouts(tmp_path: Path) -> None:
    one, other = LayoutCache(tmp_path / DRAFTS), LayoutCache(tmp_path / DRAFTS)
    assert b"\x01" not in one and b"\x01" not in other
    one[b"\x01"] = b"%PDF"
    assert b"\x01" in other and other[b"\x01"] == b"%PDF"
    assert b"\x01" not in LayoutCache(tmp_path / REPRODUCTIONS)


def test_layouts_are_cached_during_a_simulation_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    setter = load_typesetter(settings.fonts)
    before = setter.remembered
    with caching_layouts(settings, tmp_path / DRAFTS):
        assert isinstance(setter.remembered, LayoutCache) and setter.remembered.folder == tmp_path / DRAFTS
    assert setter.remembered is before
