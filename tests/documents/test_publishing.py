"""What is left in the folder of a document that passed the gate, and of one that did not."""

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from flows.documents import publishing
from flows.documents.document import Document
from flows.documents.publishing import LAID_OUT, GateError, laid_out, publish
from flows.files import sha256_of

SOUND = Document("2025-06_月调度通报", "关于2025年6月的通报", b"pdf", b"xlsx", b"csv", b"{}", pl.DataFrame())
FAULTY = replace(SOUND, faults=tuple(f"第{n}页 空表：1 张表只有表头" for n in range(1, 13)))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != LAID_OUT}


def test_a_document_with_faults_is_left_to_be_looked_at_without_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(GateError) as raised:
        publish(FAULTY, tmp_path)
    assert names(tmp_path) == {f"{SOUND.name}.pdf", f"{SOUND.name}.xlsx", "figures.csv", "gate.txt"}
    assert (tmp_path / "gate.txt").read_text("utf-8").splitlines() == list(FAULTY.faults)
    assert "没有通过出门检查，共 12 处，不得送审、不得发出：" in str(raised.value)
    assert "第10页" in str(raised.value) and "第11页" not in str(
        raised.value
    )  # the first ten, the rest in the file
    assert "另 2 处" in str(raised.value)


def test_a_fault_takes_the_manifest_of_the_sound_one_before_it_away(tmp_path: Path) -> None:
    publish(SOUND, tmp_path)
    assert "manifest.json" in names(tmp_path)
    with pytest.raises(GateError):
        publish(FAULTY, tmp_path)
    assert "manifest.json" not in names(tmp_path)


def test_once_mended_the_list_of_faults_is_gone(tmp_path: Path) -> None:
    with pytest.raises(GateError):
        publish(FAULTY, tmp_path)
    assert publish(SOUND, tmp_path).read_bytes() == b"pdf"
    assert names(tmp_path) == {f"{SOUND.name}.pdf", f"{SOUND.name}.xlsx", "figures.csv", "manifest.json"}


SET = replace(
    SOUND, layout_key=b"\1" * 32, manifest=json.dumps({"files": {"pdf": sha256_of(b"pdf")}}).encode()
)


def test_a_sound_draft_gives_its_pdf_by_what_it_was_laid_out_from(tmp_path: Path) -> None:
    publish(SET, tmp_path)
    assert laid_out(tmp_path) == {b"\1" * 32: b"pdf"}
    assert laid_out(tmp_path / "nothing drafted") == {}


def test_a_draft_of_another_program_changed_by_hand_or_faulty_is_laid_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = publish(SET, tmp_path)
    pdf.write_bytes(b"another")
    assert laid_out(tmp_path) == {}
    publish(SET, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "program", lambda: "a later program")
        assert laid_out(tmp_path) == {}
    assert laid_out(tmp_path)
    with pytest.raises(GateError):
        publish(replace(SET, faults=FAULTY.faults), tmp_path)
    assert laid_out(tmp_path) == {}
