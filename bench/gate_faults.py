"""What the gate says of planted faults: writes docs/gate.md. Run: python -m bench.gate_faults (some minutes).

Every fault is put where a person or a program would put it: a template says another digit, a row is lost, a month's
document lies in another month's folder. tests/documents/test_gate_kinds.py holds the same plantings to what is said.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flows.documents.pdf.fonts import find_faces
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.settings import ROOT, Settings
from tests.documents.gate_plantings import KINDS, TOGETHER, Planting, faults, last_months

HEAD = """# What the gate says of planted faults

Written by `python -m bench.gate_faults`. Each row is one fault put into a template, and what the gate said that names it; the
faults of a long kind stand in one document. As it should be, every kind has none ({sound}).

| kind | planted | said |
|---|---|---|
"""


def main() -> None:
    """Make every document, plant every fault, write the table."""
    catalogue = load(ROOT / "plan" / "2025")
    rows = list(_rows(catalogue))
    sound = [len(faults(kind, catalogue, _setter())) for kind in KINDS]
    told = f"{len(sound)} kinds, {sum(sound)} faults"
    (ROOT / "docs" / "gate.md").write_text(HEAD.format(sound=told) + "".join(rows), encoding="utf-8")


def _rows(catalogue: Catalogue) -> Iterator[str]:
    for planted in TOGETHER:
        with tempfile.TemporaryDirectory() as folder:
            found = faults(planted[0].kind, catalogue, _setter(*planted, folder=Path(folder)))
        yield from (_row(one.kind, one.what, found, one.says) for one in planted)
    yield _row(
        "month", "last month's PDF under this month's name", last_months(catalogue, _setter()), "题目不符"
    )


def _row(kind: str, what: str, found: tuple[str, ...], says: str) -> str:
    said = next((fault for fault in found if says in fault), "**not caught**")
    print(kind, what, said, flush=True)
    return f"| {kind} | {what} | {said} |\n"


def _setter(*planted: Planting, folder: Path | None = None) -> Typesetter:
    folders = (TEMPLATES,) if folder is None else (folder, TEMPLATES)
    for one in planted:
        one.written(folders[0])
    return Typesetter(find_faces(Settings().faces), folders)


if __name__ == "__main__":
    main()
