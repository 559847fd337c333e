"""Every row of every table has as many cells as the table has columns."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.documents.pdf.fonts import Fonts
from flows.documents.pdf.typeset import TEMPLATES
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import KINDS, PLANTINGS, Catcher, Planting, made
from tests.documents.test_printed_columns import NotLaidOut, Unset


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


class Tables(HTMLParser):
    """Counts the columns of each table's rows, spans included: the first of its head, then those of its body."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[int]] = []
        self._in_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag in {"thead", "tbody"}:
            self._in_head = tag == "thead"
        elif tag == "tr" and not (self._in_head and self.tables[-1]):
            self.tables[-1].append(0)
        elif tag in {"td", "th"} and not (self._in_head and self._is_second_row):
            self.tables[-1][-1] += int(dict(attrs).get("colspan") or 1)
        if tag == "tr":
            self._is_second_row = self._in_head and self.tables[-1][0] > 0


def uneven(kind: str, catalogue: Catalogue, fonts: Fonts, *folders: Path) -> list[list[int]]:
    """The tables some row of which has more or fewer columns than the head."""
    with pytest.raises(NotLaidOut) as stopped:
        made(kind, catalogue, Unset(fonts, (*folders, TEMPLATES)))
    reader = Tables()
    reader.feed(stopped.value.args[0].html)
    assert reader.tables
    return [rows for rows in reader.tables if len(set(rows)) > 1]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"commendation"}))
def test_every_row_has_a_cell_for_every_column(kind: str, catalogue: Catalogue, fonts: Fonts) -> None:
    assert uneven(kind, catalogue, fonts) == []


@pytest.mark.parametrize(
    "planted", [p for p in PLANTINGS if p.by is Catcher.TABLES], ids=lambda p: f"{p.kind}: {p.what}"
)
def test_a_column_left_out_is_seen(
    planted: Planting, catalogue: Catalogue, fonts: Fonts, tmp_path: Path
) -> None:
    assert uneven(planted.kind, catalogue, fonts, planted.written(tmp_path))
