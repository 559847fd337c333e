"""Where every paragraph and row of a document stands in its finished PDF (出门关·行文), and which digits are nobody's."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flows.documents.pdf.page_text import Page
from flows.documents.print_record import Block

_AROUND = 12
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@dataclass
class Located:
    """Blocks that are not in the PDF, digits (page, number, words around) that belong to no printed fact, and the
    page of each block found, by identity."""

    missing: list[Block] = field(default_factory=list)
    unsourced: list[tuple[int, str, str]] = field(default_factory=list)
    page_of: dict[int, int] = field(default_factory=dict)


class _Text:
    """The characters of a document in the order of setting, without white space, and which are accounted for.

    It reads in two orders: as set, and without what is laid over a page (the red head, charts), which is set after
    the rest of it and so would cut a paragraph that goes on overleaf.
    """

    def __init__(self, read: Sequence[Page]) -> None:
        kept = [(c, page.number, over) for page in read for c, over in _characters(page) if not c.isspace()]
        self.text = "".join(c for c, _, _ in kept)
        self.page = [number for _, number, _ in kept]
        flowing = [at for at, (_, _, is_over) in enumerate(kept) if not is_over]
        self._orders = [
            (list(range(len(kept))), self.text),
            (flowing, "".join(kept[at][0] for at in flowing)),
        ]
        self._sourced = [False] * len(kept)
        self._taken = [False] * len(kept)

    def at_cursor(self, text: str, cursor: int) -> list[int]:
        """The places of the text where it goes on from the cursor in one of the orders and no block was found yet; none
        where it does not."""
        for places, whole in self._orders:
            start = bisect_left(places, cursor)
            found = places[start : start + len(text)]
            if whole.startswith(text, start) and not any(self._taken[at] for at in found):
                return found
        return []

    def first_free(self, text: str) -> list[int]:
        """The places of the text where it first stands and no block was found yet; none where nowhere."""
        for places, whole in self._orders:
            start = whole.find(text)
            while start >= 0:
                found = places[start : start + len(text)]
                if not any(self._taken[at] for at in found):
                    return found
                start = whole.find(text, start + 1)
        return []

    def take(self, places: Sequence[int], block: Block) -> int:
        """Account for a block and what it prints; its page."""
        for at in places:
            self._taken[at] = True
        for printed in block.printed:
            for at in places[printed.start : printed.end]:
                self._sourced[at] = True
        return self.page[places[0]]

    def unsourced(self) -> Iterator[tuple[int, str, str]]:
        """Numbers some digit of which belongs to nothing printed."""
        for found in _DIGITS.finditer(self.text):
            loose = [at for at in range(*found.span()) if self.text[at].isdigit() and not self._sourced[at]]
            if loose:
                number = self.text[loose[0] : loose[-1] + 1]
                around = self.text[max(0, loose[0] - _AROUND) : loose[-1] + 1 + _AROUND]
                yield self.page[loose[0]], number, around


def located(read: Sequence[Page], blocks: Sequence[Block]) -> Located:
    """Find the blocks in order; what is laid over a page, wherever it stands. The head of a table may stand again on
    every page that the table reaches."""
    text, heads = _Text(read), _heads(blocks)
    found, cursor = Located(), 0
    for block in blocks:
        places = _next(text, block.text, cursor, heads)
        if places:
            cursor = places[-1] + 1
        else:
            places = text.first_free(block.text)
        if places:
            found.page_of[id(block)] = text.take(places, block)
        else:
            found.missing.append(block)
    for head in heads:
        while places := text.first_free("".join(block.text for block in head)):
            for block in head:
                text.take(places[: len(block.text)], block)
                places = places[len(block.text) :]
    found.unsourced = list(text.unsourced())
    return found


def _characters(page: Page) -> Iterator[tuple[str, bool]]:
    """The characters of a page, and whether each is laid over it."""
    inside = len(page.text) - page.overlaid
    yield from ((c, at >= inside) for at, c in enumerate(page.text))


def _heads(blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """The heads of tables, their rows together."""
    return [tuple(rows) for is_head, rows in groupby(blocks, key=lambda block: block.is_head) if is_head]


def _next(text: _Text, wanted: str, cursor: int, heads: Sequence[tuple[Block, ...]]) -> list[int]:
    """Where the text goes on with the wanted one, past heads of tables that stand again; none where it does not."""
    while not (places := text.at_cursor(wanted, cursor)):
        again = (text.at_cursor("".join(block.text for block in head), cursor) for head in heads)
        skipped = next((places for places in again if places), None)
        if skipped is None:
            return []
        cursor = skipped[-1] + 1
    return places
