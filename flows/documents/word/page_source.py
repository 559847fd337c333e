"""The rendered page source as a tree (版面源): elements with their texts, which still carry the annotations of their numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flows.documents.print_record import VOID
from flows.documents.provenance import plain

_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n]+")


@dataclass(eq=False)
class Element:
    """An element: its tag, attributes and children, texts among them. A chart is one without children, whose SVG is
    `drawing`."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)
    drawing: str = ""

    @property
    def classes(self) -> frozenset[str]:
        """The names of its class attribute."""
        return frozenset(self.attributes.get("class", "").split())

    def elements(self) -> Iterator["Element"]:
        """Its child elements."""
        return (child for child in self.children if isinstance(child, Element))

    def find(self, tag: str = "", name: str = "") -> Iterator["Element"]:
        """Every element below it with that tag and class; an empty one fits any."""
        for child in self.elements():
            if tag in ("", child.tag) and (not name or name in child.classes):
                yield child
            yield from child.find(tag, name)

    @property
    def text(self) -> str:
        """Its words without annotations, blanks between elements narrowed to one."""
        return _BLANKS.sub(" ", plain("".join(self.texts()))).strip(" ")

    def style(self, name: str) -> str:
        """A declaration of its style attribute; empty where it has none."""
        found = re.search(rf"(?:^|;)\s*{name}\s*:\s*([^;]+)", self.attributes.get("style", ""))
        return found[1].strip() if found else ""

    def texts(self) -> Iterator[str]:
        """Every text below it."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()


def parse(html: str) -> Element:
    """The tree of a rendered document; its root holds the html element."""
    drawings: list[str] = []

    def leaf(found: re.Match[str]) -> str:
        drawings.append(found[0])
        return f'<img data-drawing="{len(drawings) - 1}">'

    builder = _Builder(drawings)
    builder.feed(_SVG.sub(leaf, html))
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self, drawings: list[str]) -> None:
        super().__init__()
        self.root = Element("")
        self._open, self._drawings = [self.root], drawings

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if number := element.attributes.get("data-drawing"):
            element.drawing = self._drawings[int(number)]
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        """A slot that nobody has filled leaves its name in a comment."""
        if data.startswith("slot "):
            self._open[-1].children.append(Element("slot", {"data-id": data.removeprefix("slot ").strip()}))
