"""A rare character in a reporter's words is printed as 〓 and stops nothing."""

from dataclasses import replace

import polars as pl
import pytest

from flows.documents.composing import replace_unprintable
from flows.documents.document import Frames
from flows.documents.pdf.typeset import Typesetter
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.sample_frames import sample_frames


@pytest.fixture(scope="module")
def frames() -> Frames:
    return sample_frames(load(CHECKOUT / "plan" / "2025"))


@pytest.fixture
def spoken(frames: Frames) -> Frames:
    """Frames in which a county's words hold a character that the fonts lack."""
    words = frames.statements.with_columns(text=pl.lit("劳模𠅤师傅带徒"))
    return replace(frames, statements=words)


def test_only_the_character_that_no_font_has_is_replaced(spoken: Frames, typesetter: Typesetter) -> None:
    printable = replace_unprintable(spoken, typesetter.fonts)
    assert set(printable.statements["text"]) == {"劳模〓师傅带徒"}
    assert typesetter.fonts.has("〓")


def test_words_that_can_be_printed_stay_as_they_are(frames: Frames, typesetter: Typesetter) -> None:
    assert replace_unprintable(frames, typesetter.fonts).statements.equals(frames.statements)
