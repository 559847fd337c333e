"""The bulletin's words and tables (内容), taken out of its own HTML: what every other program is given to set.

A block is {"kind": title|heading|line|caption|table|landscape|portrait, "text": …}; a table has "rows" of cells
{"text", "across", "down", "head"}. Line breaks and spacing, which the program has already decided, are left out.
"""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

Block = dict[str, Any]
_LINES = {"p", "h1", "h2", "h3", "header", "section", "div", "table"}
_HIDDEN = {"draft-mark", "sample-mark", "watermark"}
_KINDS = {"h1": "heading", "h2": "line", "h3": "line", "p": "line", "div": "line"}


class Words(HTMLParser):
    """Collects the blocks of one document."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._text: list[str] | None = None
        self._kind, self._hidden, self._table = "line", 0, None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """A block begins, or a row or a cell of a table."""
        own = dict(attributes)
        style = set((own.get("class") or "").split())
        if self._hidden or style & _HIDDEN or own.get("aria-hidden"):
            self._hidden += tag in ("div", "span")
            return
        if tag == "body":
            self._text = []
        elif tag == "table":
            self._end()
            self._table = {"kind": "table", "rows": []}
        elif tag == "tr" and self._table:
            self._table["rows"].append([])
        elif tag in ("th", "td"):
            self._text = []
            cell = {
                "across": int(own.get("colspan") or 1),
                "down": int(own.get("rowspan") or 1),
                "head": tag == "th",
            }
            self._table["rows"][-1].append(cell)
        elif tag in _LINES and not self._table:
            self._end()
            self._kind = (
                "title" if "title" in style else "caption" if "caption" in style else _KINDS.get(tag, "line")
            )
            if tag == "section":
                self.blocks.append({"kind": "landscape" if "landscape" in style else "portrait", "text": ""})

    def handle_endtag(self, tag: str) -> None:
        """A block or a cell ends."""
        if self._hidden:
            self._hidden -= tag in ("div", "span")
        elif tag in ("th", "td"):
            self._table["rows"][-1][-1]["text"] = self._taken()
        elif tag == "table":
            self.blocks.append(self._table)
            self._table = None
        elif tag in _LINES and not self._table:
            self._end()

    def handle_data(self, data: str) -> None:
        """Words, without the markup's own line ends."""
        if self._text is not None and not self._hidden:
            self._text.append(" ".join(data.split()) if not data.strip("　 ") else data.strip("\n "))

    def _end(self) -> None:
        if text := self._taken():
            self.blocks.append({"kind": self._kind, "text": text})
        self._kind = "line"

    def _taken(self) -> str:
        text = "".join(self._text or ())
        if self._text is not None:
            self._text = []
        return text.strip()


def blocks_of(html: str) -> list[Block]:
    """The blocks of a whole document, in order."""
    words = Words()
    words.feed(html)
    return words.blocks


def letters(blocks: list[Block]) -> str:
    """All that is to be read, without spaces: what must be found in every PDF."""
    texts = [b["text"] for b in blocks if b["kind"] != "table"]
    texts += [cell["text"] for b in blocks if b["kind"] == "table" for row in b["rows"] for cell in row]
    return "".join("".join(texts).split())


def read(folder: Path) -> list[Block]:
    """The blocks that pdf_input laid down."""
    return list(json.loads((folder / "blocks.json").read_text(encoding="utf-8")))
