"""Who finds planted faults: writes docs/evidence/gate.md. Run: python -m bench.gate_faults (some minutes).

Every fault is put where a person or a program would put it: a template says another digit, a row is lost, a month's
document lies in another month's folder. tests/documents/gate_plantings.py names what finds each, and tests hold it to it.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flows.documents.gate import Expected, examine
from flows.documents.pdf.fonts import find_fonts
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.documents.provenance import UnsourcedNumberError
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.settings import ROOT, Settings
from tests.documents.gate_plantings import KINDS, PLANTINGS, TOGETHER, Catcher, Planting, made

HEAD = """# Planted faults and what finds them

Written by `python -m bench.gate_faults`. Each row is one fault put into a template. Every number on a page carries the fact that
it prints (decision 0025), so a fault is found in one of three places:

- **gate**: the finished PDF is read back and compared with the record of what was printed; the document is neither approved nor
  sent. The faults of a kind stand in one document, but for those that take rows away.
- **filter**: the template computed a number and printed it; the document is not made.
- **test**: the page agrees with its facts, and only somebody who knows what the sentence is to say can tell: another column of
  the same county, a row or a column left out, another digit in fixed wording. A test holds the templates to a table.

As it should be, every kind has no fault ({sound}). {counted}.

| kind | planted | found by | said |
|---|---|---|---|
"""


def main() -> None:
    """Make every document, plant every fault, write the table."""
    catalogue = load(ROOT / "plan" / "2025")
    rows = [*_at_the_gate(catalogue), *_by_filters(catalogue), *_by_tests(), _last_months(catalogue)]
    sound = [len(made(kind, catalogue, _setter()).faults) for kind in KINDS]
    by = [sum(f"| {name} |" in row for row in rows) for name in ("gate", "filter", "test")]
    counted = f"Of {len(rows)} faults the gate finds {by[0]}, a filter {by[1]}, a test {by[2]}"
    head = HEAD.format(sound=f"{len(sound)} kinds, {sum(sound)} faults", counted=counted)
    (ROOT / "docs" / "evidence" / "gate.md").write_text(head + "".join(rows), encoding="utf-8")


def _at_the_gate(catalogue: Catalogue) -> Iterator[str]:
    for planted in TOGETHER:
        with tempfile.TemporaryDirectory() as folder:
            found = made(planted[0].kind, catalogue, _setter(*planted, folder=Path(folder))).faults
        for one in planted:
            yield _row(one, "gate", next((fault for fault in found if one.says in fault), "**not found**"))


def _by_filters(catalogue: Catalogue) -> Iterator[str]:
    for planted in (p for p in PLANTINGS if p.by is Catcher.FILTER):
        with tempfile.TemporaryDirectory() as folder:
            try:
                made(planted.kind, catalogue, _setter(planted, folder=Path(folder)))
                yield _row(planted, "filter", "**not found**")
            except UnsourcedNumberError as refused:
                yield _row(planted, "filter", str(refused))


def _by_tests() -> Iterator[str]:
    for planted in PLANTINGS:
        if planted.by not in {Catcher.GATE, Catcher.FILTER}:
            yield _row(planted, "test", f"`{planted.by}`")


def _last_months(catalogue: Catalogue) -> str:
    june = made("month", catalogue, _setter())
    july = Expected(june.title.replace("6月", "7月"), (), catalogue)
    (said,) = [str(fault) for fault in examine(june.pdf, july) if fault.kind == "题目不符"]
    return f"| month | last month's PDF under this month's name | gate | {said} |\n"


def _row(planted: Planting, by: str, said: str) -> str:
    print(planted.kind, planted.what, said, flush=True)
    return f"| {planted.kind} | {planted.what} | {by} | {said} |\n"


def _setter(*planted: Planting, folder: Path | None = None) -> Typesetter:
    folders = (TEMPLATES,) if folder is None else (folder, TEMPLATES)
    for one in planted:
        one.written(folders[0])
    return Typesetter(find_fonts(Settings().fonts), folders)


if __name__ == "__main__":
    main()
