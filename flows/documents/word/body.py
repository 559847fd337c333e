"""The body of a .docx under way (正文): paragraphs by their style, with the numbers printed in them and the ids of those that
the office may word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from flows.documents.paragraphs import TOKEN
from flows.documents.provenance import plain
from flows.documents.word.package import Package
from flows.documents.word.page_source import Element
from flows.documents.word.text import Look, Numbering, cell_text, runs
from flows.documents.word.xml import element, run, run_properties
from flows.plan.paragraph_edit import Slot


class Body:
    """Paragraphs one after the other. `texts` are those that the office may word, by id, as they stand; `ids` becomes which
    bookmark names which of them."""

    def __init__(self, package: Package, numbering: Numbering, texts: Mapping[str, str]) -> None:
        self.package, self.numbering = package, numbering
        self.ids: dict[str, str] = {}
        self._numbers = count(1)
        self._tokens = {
            name: [(found[1], found[2]) for found in TOKEN.finditer(text)] for name, text in texts.items()
        }

    def paragraph(self, style: str, *properties: Any, parts: Iterator[Any] | None = None) -> Any:
        """A paragraph of that style with these runs."""
        created = element("w:p", element("w:pPr", element("w:pStyle", val=style), *properties))
        for part in parts or ():
            created.append(part)
        self.package.body.append(created)
        return created

    def worded(self, source: Element, style: str) -> None:
        """A paragraph whose whole text stands in an attribute, since its lines are broken on the page; under its id."""
        annotated, name = source.attributes["data-text"], source.attributes["data-id"]
        lead = "".join(one.text for one in source.find("span", "kaiti")) if source.tag == "p" else ""
        looks = (
            [(0, Look("kaiti")), (len(lead), Look())] if lead and plain(annotated).startswith(lead) else []
        )
        tokens = self._tokens.get(name) if style == "BodyText" else None
        parts = runs(annotated, looks, self.numbering, is_fixed=tokens is None, tokens=tokens)
        self._bookmark(self.paragraph(style, parts=parts), name)

    def slot(self, name: str) -> None:
        """An empty place for the office's own words, where the document has it."""
        if name in self._tokens:
            hint = run(placeholder(name), run_properties(colour="808080"))
            self._bookmark(self.paragraph("BodyText", parts=iter([hint])), name)

    def plain(self, source: Element, style: str, *properties: Any) -> Any:
        """A paragraph of an element's text, whose numbers cannot be taken out."""
        return self.paragraph(style, *properties, parts=self.inline(source))

    def inline(self, source: Element) -> Iterator[Any]:
        """The runs of an element's text."""
        annotated, looks = cell_text(source)
        return runs(annotated, looks, self.numbering, is_fixed=True)

    def sides(self, sides: Sequence[Element]) -> list[Any]:
        """Two texts of one line, the second at the right."""
        return [*self.inline(sides[0]), run("\t"), *self.inline(sides[1])]

    def _bookmark(self, paragraph: Any, name: str) -> None:
        """Letters, digits and underscores, 40 at most; unique by its number."""
        number = next(self._numbers)
        bookmark = f"p{number}_{re.sub(r'[^a-zA-Z0-9]', '_', name)}"[:40]
        self.ids[bookmark] = name
        # Ended where it begins: LibreOffice adds a line for an end behind a line that is full.
        paragraph.insert(1, element("w:bookmarkStart", id=number, name=bookmark))
        paragraph.insert(2, element("w:bookmarkEnd", id=number))


def placeholder(paragraph: str) -> str:
    """What stands where nothing is printed, in an empty slot or for a paragraph left out: gone when somebody writes there."""
    label = next((one.label for one in Slot if one == paragraph), "")
    return f"〔{label}：请写在这里，不写不印〕" if label else "〔这里有一段没有印，要写请写在这里〕"
