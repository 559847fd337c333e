"""Templates to HTML (模板): the Jinja environment, and the lines of a paragraph as mark-up."""

import re
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flows.documents.filters import FILTERS, finalized, of
from flows.documents.pdf.fonts import Fonts, GlyphMissingError, Role
from flows.documents.pdf.lines import INDENT, LINE, TRACKING, Line, Run, broken, numbers_in, width
from flows.documents.print_record import attributes
from flows.documents.provenance import annotations, plain

_AROUND = 8
_FIRST_LEVEL = re.compile("[一二三四五六七八九十]+、")  # in 黑体 where it opens a paragraph too (7.3.3)
_BREAK = re.compile(r"\s*\n\s*")
_HAN = "[\u3001-\u9fff\uff00-\uffef]"
_BLANK_BESIDE_HAN = re.compile(rf"(?<={_HAN}) +| +(?={_HAN})")
LONGEST_NUMBER = (
    16  # characters of a number with its unit that are kept on one line; a row of digits is no number
)
FITS_A_CELL, LAST_WORDS = 9, 4  # characters; the names of indicators end in words of four


def environment(fonts: Fonts, templates: Sequence[Path]) -> Environment:
    """The environment of all templates: what is undefined is an error, what is text is escaped.

    `lines` sets a paragraph, `em` measures a text, `about` names a block and `of` a part of one with their subject
    (flows.documents.print_record); the filters are those of flows.documents.filters, `unbroken`, `folded`, `joined` (a
    block's words as one line) and `plain`.
    """
    jinja = Environment(
        loader=FileSystemLoader([str(folder) for folder in templates]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalized,
    )

    def lines(text: str, lead: str = "", role: str = Role.BODY, indent: float = INDENT) -> Markup:
        words = (
            Run(plain(lead), Role.HEADING if _FIRST_LEVEL.match(plain(lead)) else Role.LEAD),
            Run(_BLANK_BESIDE_HAN.sub("", plain(_joined(text))), Role(role)),
        )
        runs = [run for run in words if run.text]
        return Markup("<br>").join(_set(line, Role(role)) for line in broken(runs, fonts, indent, LINE))

    def about(
        block: str = "", county: str = "", indicator: str = "", text: str = "", **options: bool
    ) -> Markup:
        return attributes(block, county, indicator, _joined(text), **options)

    jinja.globals.update(lines=lines, em=lambda text: width(plain(text), fonts), about=about, of=of)
    jinja.filters.update(
        FILTERS, unbroken=_unbroken, folded=_folded, plain=plain, joined=_joined, breakable=_breakable
    )
    return jinja


def _joined(text: str) -> str:
    """The words of a template's block as one line: what a template breaks is broken for its reader, not ours."""
    return _BREAK.sub("", Markup(text).unescape() if isinstance(text, Markup) else text).strip()


def _set(line: Line, around: Role) -> Markup:
    """One line as HTML: spread to the full width but for its numbers, with a span for every other font."""
    text = Markup("").join(_set_run(run, around) for run in line.runs)
    if not line.spread:
        return text
    return Markup('<span style="letter-spacing:{}em">{}</span>').format(f"{TRACKING + line.spread:.5f}", text)


def _set_run(run: Run, around: Role) -> Markup:
    names = [run.role] * (run.role is not around) + ["digits"] * run.is_tight
    style = f"margin-{'left' if run.loses_before else 'right'}:-{run.loss:.4f}em" if run.loss else ""
    if not names and not style:
        return Markup.escape(run.text)
    attributes = Markup("").join(
        Markup(' {}="{}"').format(name, value)
        for name, value in (("class", " ".join(names)), ("style", style))
        if value
    )
    return Markup("<span{}>{}</span>").format(attributes, run.text)


def _folded(name: str) -> Markup:
    """A long name in two lines of a narrow cell, broken before its last four characters: 创业担保贷款 | 发放金额."""
    if len(name) <= FITS_A_CELL:
        return Markup.escape(name)
    return Markup("{}<br>{}").format(name[:-LAST_WORDS], name[-LAST_WORDS:])


def _breakable(text: str) -> Markup:
    """A change in a narrow cell, which may break after its arrow: 2834.52→ | 2822.52."""
    return Markup("→<wbr>").join(text.split("→"))


def _unbroken(text: str) -> Markup:
    """The text with every number and its unit kept on one line, for what the layout engine breaks."""
    words, pieces = annotations(text)
    html, at = Markup(""), 0
    for piece, is_number in numbers_in(words):
        inner, start = "", at
        for offset, annotation in [one for one in pieces if at <= one[0] < at + len(piece)]:
            inner += words[start:offset] + annotation
            start = offset
        at += len(piece)
        inner += words[start:at]
        is_whole = is_number and len(piece) <= LONGEST_NUMBER
        html += Markup('<span class="number-unit">{}</span>').format(inner) if is_whole else inner
    return html + "".join(annotation for offset, annotation in pieces if offset == at)


class Printable(HTMLParser):
    """Reads the words of a document and stops at the first that no font can print."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__()
        self._fonts = fonts

    def feed(self, data: str) -> None:
        """Check a whole document; only where some character of it has no glyph is its place looked for."""
        if not self._fonts.characters.issuperset(unescape(data)):
            super().feed(data)

    def handle_data(self, data: str) -> None:
        """Check a stretch of text; GlyphMissingError names the character and the words around it."""
        for at, character in enumerate(data):
            if not self._fonts.has(character):
                where = " ".join(data[max(0, at - _AROUND) : at + _AROUND].split())
                raise GlyphMissingError(character, where)
