"""Which columns every sentence and table row of every kind of document prints, as its manifest records it.

The gate compares a page with the facts printed on it; that a sentence prints this month's column and not last
month's, and every county's row, only this table knows. `python -m tests.documents.test_printed_columns` rewrites it.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.documents.document import Document, Frames
from flows.documents.pdf.fonts import Fonts, find_fonts
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.settings import Settings
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import KINDS, PLANTINGS, Catcher, Planting, made

COLUMNS = Path(__file__).with_name("printed_columns.json")
EXPECTED: dict[str, dict[str, list[str]]] = json.loads(COLUMNS.read_text("utf-8"))
AMOUNTS = (
    "value",
    "ytd",
    "target",
    "previous_value",
    "ytd_year_ago",
    "attainment_pct",
    "gap_pp",
    "seasonal_gap_pp",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


class Unset(Typesetter):
    """Renders documents and does not lay them out: the record is complete before."""

    def pdf(self, *_: object) -> bytes:
        raise NotLaidOut(self.rendering)

    def render(self, *arguments: Any) -> Any:
        self.rendering = super().render(*arguments)
        return self.rendering


class NotLaidOut(Exception):  # noqa: N818 - it carries a result out of the maker
    """Stops the maker once the document is rendered."""


def printed(kind: str, catalogue: Catalogue, fonts: Fonts, *folders: Path) -> dict[str, list[str]]:
    """By block, how often each column of the facts is printed: `attainment_pct ×9`."""
    rows: dict[str, Counter[str]] = {}
    with pytest.raises(NotLaidOut) as stopped:
        made(kind, catalogue, Unset(fonts, (*folders, TEMPLATES)))
    for block in stopped.value.args[0].blocks:
        columns = [p.source.column for p in block.printed if p.source.column not in {"", "date"}]
        if columns:
            rows.setdefault(block.id, Counter()).update([*columns, "rows"])
    return {
        name: [f"{column} ×{number}" for column, number in sorted(counter.items())]
        for name, counter in rows.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_and_table_prints_its_columns(kind: str, catalogue: Catalogue, fonts: Fonts) -> None:
    assert printed(kind, catalogue, fonts) == EXPECTED[kind]


@pytest.mark.parametrize(
    "planted", [p for p in PLANTINGS if p.by is Catcher.COLUMNS], ids=lambda p: f"{p.kind}: {p.what}"
)
def test_another_column_or_a_row_left_out_is_seen(
    planted: Planting, catalogue: Catalogue, fonts: Fonts, tmp_path: Path
) -> None:
    found = printed(planted.kind, catalogue, fonts, planted.written(tmp_path))
    assert found.get(planted.says) != EXPECTED[planted.kind][planted.says]


def test_every_number_is_the_cell_of_its_county_indicator_and_column(
    catalogue: Catalogue, typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell of the figures has a number of its own, so that no number can be taken for another."""
    kind = KINDS["month"]
    frames = with_own_numbers(kind.frames(catalogue))
    document = kind.make(frames, catalogue, kind.period, kind.issue, typesetter)
    cells = {(row["county"], row["indicator"]): row for row in frames.figures.iter_rows(named=True)}
    numbers = [p for p in printed_in(document) if p["column"] in AMOUNTS and p["period"] == str(kind.period)]
    assert len(numbers) > 500
    for one in numbers:
        assert one["value"] == cells[one["county"], one["indicator"]][one["column"]], one


def with_own_numbers(frames: Frames) -> Frames:
    """The same frames, each known number of the figures a little more than the one before it; a milestone is 0 or 1."""
    figures, is_number = frames.figures, pl.col("rule") != "milestone"
    for place, column in enumerate(AMOUNTS):
        step = pl.int_range(pl.len()) * len(AMOUNTS) + place
        own = pl.when(is_number).then(pl.col(column) + step / 10_000).otherwise(pl.col(column))
        figures = figures.with_columns(own.alias(column))
    known = [number for column in AMOUNTS for number in figures.filter(is_number)[column].drop_nulls()]
    assert len(known) == len(set(known))
    return Frames(**{**vars(frames), "figures": figures})


def printed_in(document: Document) -> list[dict[str, Any]]:
    """The numbers with a county and an indicator in the manifest of a document."""
    blocks = json.loads(document.manifest)["printed"]
    return [p for block in blocks for p in block["printed"] if "county" in p and "indicator" in p]


def lines(blocks: dict[str, list[str]]) -> str:
    """A block a line, as JSON."""
    return ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(columns, ensure_ascii=False)}" for name, columns in blocks.items()
    )


if __name__ == "__main__":
    plan, found_faces = load(CHECKOUT / "plan" / "2025"), find_fonts(Settings().fonts)
    table = {kind: printed(kind, plan, found_faces) for kind in KINDS}
    COLUMNS.write_text(
        "{\n" + ",\n".join(f'"{k}": {{\n{lines(v)}\n}}' for k, v in table.items()) + "\n}\n", "utf-8"
    )
