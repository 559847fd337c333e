"""A document as .docx (可编辑稿): written from the rendered page source, so that no sentence is composed a second time.

Every paragraph that the office may word itself bears its id as a bookmark, every number is a locked control. Equal documents
give equal bytes. `flows.documents.word.reader` reads back what somebody edited.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from flows.documents.provenance import Source
from flows.documents.word.body import Body
from flows.documents.word.margins import DOUBLE_RULE, margins
from flows.documents.word.office_template import NUMBER, SIGNATORY, fill
from flows.documents.word.package import Package
from flows.documents.word.page_source import Element, parse
from flows.documents.word.styles import LINE, LYING_WIDTH, TEXT_WIDTH, TYPE, section, spacing
from flows.documents.word.tables import table
from flows.documents.word.text import Look, Numbering, cell_text, runs
from flows.documents.word.xml import element, rule, run, run_properties, twips

Picture = Callable[[str], tuple[bytes, float, float]]  # an SVG to PNG, with width and height in mm
EMU = 36000  # a millimetre
RED = "C8000A"
_EM = TYPE * 20
_INSET, _THREE = 280, 840  # one and three characters of 四号
_MARKS = ("draft-mark", "sample-mark")


class Written(NamedTuple):
    """A .docx, and which of its bookmarks names which paragraph."""

    content: bytes
    ids: Mapping[str, str]


def write(
    annotated: str,
    picture: Picture,
    name_of: Callable[[Source], str],
    texts: Mapping[str, str],
    templates: Path | None = None,
) -> Written:
    """The .docx of a rendered document; `picture` draws its charts, `name_of` says what a number's control is called, `texts`
    are the paragraphs that the office may word, by id, as they stand, with tokens; `templates` is the folder of its own
    templates. TemplateError where one cannot be used."""
    root = parse(annotated)
    file = "letter.docx" if any(root.find(name="letter-head")) else "document.docx"
    package = Package(templates / file if templates else None)
    body = Body(package, Numbering(name_of), texts)
    writer = _Writer(package, body, picture, [_mark(root, name) for name in _MARKS])
    writer.add(next(root.find("body")))
    return Written(writer.finish(root), body.ids)


class _Writer:
    def __init__(self, package: Package, body: Body, picture: Picture, marks: Sequence[str]) -> None:
        self._package, self._body, self._picture, self._marks = package, body, picture, marks
        self._is_lying = self._is_letter = self._in_attachment = self._is_together = False
        self._margins: dict[bool, list[Any]] = {}  # of upright and lying pages, made once

    def add(self, source: Element) -> None:
        """Write what stands in an element, in its order."""
        for child in source.elements():
            self._add_one(child)

    def _add_one(self, child: Element) -> None:
        by_tag: dict[str, Callable[[Element], None]] = {
            "h1": lambda one: self._body.worded(one, "Heading1"), "h2": lambda one: self._body.worded(one, "Heading2"),
            "h3": lambda one: self._body.worded(one, "Heading3"), "table": self._table, "figure": self._chart,
            "section": self._attachment, "slot": lambda one: self._body.slot(one.attributes["data-id"]),
        }  # fmt: skip
        by_class: dict[str, Callable[[Element], None]] = {
            "red-head": self._red_head, "letter-head": self._letter_head, "letter": self._letter, "title": self._title,
            "attachment-list": self._attachment_list, "signature": self._signature, "record-room": self._record,
            "together": self._together,
            "addressee": lambda one: self._body.worded(one, "Addressee"), "body": lambda one: self._body.worded(one, "BodyText"),
            "caption": lambda one: self._body.plain(one, "Caption"), "note": lambda one: self._body.plain(one, "Note"),
            "table-note": lambda one: self._body.plain(one, "TableNote"), "unit": lambda one: self._body.plain(one, "TableNote"),
        }  # fmt: skip
        write_it = by_tag.get(child.tag) or next(
            (by_class[name] for name in by_class if name in child.classes), None
        )
        if write_it:
            write_it(child)
        elif child.tag == "p":
            self._body.plain(child, "BodyText")
        elif not child.classes & {*_MARKS, "watermark"}:
            self.add(child)

    def finish(self, root: Element) -> bytes:
        """The file, with its headers, page numbers and properties."""
        self._package.body.append(self._section())
        self._package.settings(
            element("w:zoom", percent=100),
            element("w:bordersDoNotSurroundHeader"),
            element("w:defaultTabStop", val=420),
            element("w:evenAndOddHeaders"),
            element("w:drawingGridHorizontalSpacing", val=158),
            element("w:characterSpacingControl", val="doNotCompress"),
            element("w:themeFontLang", val="en-US", eastAsia="zh-CN"),
        )
        meta = {
            one.attributes.get("name", ""): one.attributes.get("content", "") for one in root.find("meta")
        }
        (title,) = root.find("title")
        made_at = datetime.fromisoformat(meta["dcterms.created"]).replace(tzinfo=None)
        self._package.describe(title.text, meta["author"], meta["description"], made_at)
        return self._package.as_bytes()

    # The parts of an official document, in the order in which they stand on the page

    def _own_head(self, number: Element) -> None:
        """The office's own head with the number of the document and its signatory."""
        sides = list(number.elements())
        signatory = " ".join(one.text for one in number.find(name="signatory"))
        fill(
            self._package.head,
            {
                NUMBER: sides[-1 if self._is_letter else 0].text if sides else number.text,
                SIGNATORY: signatory,
            },
        )
        self._package.body.extend(self._package.head)

    def _red_head(self, source: Element) -> None:
        (issuer,) = source.find(name="issuer")
        (number,) = source.find(name="number")
        if self._package.head:
            self._own_head(number)
            return
        size = float(issuer.style("font-size").removesuffix("pt"))
        above = spacing(round(size * 22), twips(35))
        look = run_properties(size=size, colour=RED)
        self._body.paragraph("Issuer", above, parts=iter([run(issuer.text, look)]))
        below = element("w:pBdr", rule("bottom", "single", 2, 11))
        left = 8 * LINE - twips(35) - round(size * 22) - 13 * 20
        room = spacing(480, left - 480)
        sides = list(number.elements())
        if (
            len(sides) == 2
        ):  # one character in from either side by tabs, since an indent would shorten the rule
            places = (("left", round(_EM)), ("right", twips(TEXT_WIDTH) - round(_EM)))
            tabs = element("w:tabs", *(element("w:tab", val=side, pos=at) for side, at in places))
            parts = [run("\t"), *self._body.sides(sides)]
            self._body.paragraph("Number", below, tabs, room, element("w:jc", val="left"), parts=iter(parts))
        else:
            self._body.paragraph("Number", below, room, parts=self._body.inline(number))

    def _letter(self, source: Element) -> None:
        self._is_letter = True
        self.add(source)

    def _letter_head(self, source: Element) -> None:
        (issuer,) = source.find(name="issuer")
        (number,) = source.find(name="number")
        if self._package.head:
            self._own_head(number)
            return
        size = float(issuer.style("font-size").removesuffix("pt"))
        below = element("w:pBdr", rule("bottom", "thickThinMediumGap", DOUBLE_RULE, 11))
        # The type's upper edge 30 mm from the paper's: .117 of it lie above the strokes, .05 above the type.
        top = twips(30) - round(size * 20 * 0.167)
        place = {"hAnchor": "margin", "vAnchor": "page", "x": -twips(7), "y": top}
        frame = element("w:framePr", w=twips(170), hSpace=0, wrap="notBeside", **place)
        look = run_properties(size=size, colour=RED)
        self._body.paragraph(
            "Issuer", frame, below, spacing(round(size * 22)), parts=iter([run(issuer.text, look)])
        )
        sides = list(number.elements())
        tabs = element("w:tabs", element("w:tab", val="right", pos=twips(TEXT_WIDTH)))
        parts = iter(self._body.sides(sides))
        self._body.paragraph("Number", tabs, spacing(twips(8)), element("w:jc", val="left"), parts=parts)

    def _title(self, source: Element) -> None:
        """The title, a line a part, as it was broken by sense."""
        is_small = self._is_lying
        parts: list[Any] = []
        for number, part in enumerate(source.elements()):
            parts += [run("\n")] if number else []
            annotated, looks = cell_text(part, Look(size=18 if is_small else 0))
            parts += runs(annotated, looks, self._body.numbering, is_fixed=True)
        # The head of a letter is two lines high, 3.4 mm less than its frame and number come to.
        room = [spacing(LINE, 2 * LINE - twips(3.4), LINE)] if self._is_letter else []
        if self._in_attachment:
            before, after, line = (0, 60, 520) if is_small else (LINE, LINE, LINE)
            room = [spacing(line, before, after)]
        self._body.paragraph("Title", *room, parts=iter(parts))

    def _attachment_list(self, source: Element) -> None:
        """附件：1.××××, a name under another."""
        cells = [self._body.inline(one) for one in source.elements()]
        for number, at in enumerate(range(0, len(cells), 3)):
            lead, ordinal, name = cells[at : at + 3]
            before = [spacing(LINE, LINE)] if number == 0 else []
            properties = [
                *before,
                element(
                    "w:ind", left=round(5 * _EM + 240), hanging=round(3 * _EM + 240 if number == 0 else 240)
                ),
            ]
            self._body.paragraph("Attachments", *properties, parts=iter([*lead, *ordinal, *name]))

    def _signature(self, source: Element) -> None:
        """Issuer and date, with room for the seal above and below where one is to come."""
        is_sealed = "sealed" in source.classes
        for number, one in enumerate(source.elements()):
            right = round(float(one.style("padding-right").removesuffix("em") or 0) * _EM)
            keep = [element("w:keepNext")] if number == 0 else []
            room = spacing(LINE, 0, LINE if is_sealed else 0)
            if number == 0:
                room = spacing(LINE, 2 * LINE if is_sealed else LINE)
            self._body.plain(one, "Signature", *keep, room, element("w:ind", right=right))

    def _attachment(self, source: Element) -> None:
        """An attachment on a new page, lying where its tables are wide."""
        is_lying = "landscape" in source.classes
        starts_section = is_lying or self._is_lying
        if starts_section:
            self._end_section(is_lying=is_lying)
        self._in_attachment = True
        for child in source.elements():
            if "label" in child.classes:
                breaks = [] if starts_section else [element("w:pageBreakBefore")]
                self._body.plain(child, "AttachmentLabel", *breaks)
            else:
                self._add_one(child)

    def _record(self, source: Element) -> None:
        """版记 at the foot of the last page, in a frame that the text makes room for."""
        if self._is_lying:
            self._end_section(is_lying=False)
        record = next(one for one in source.find(name="record") if "aria-hidden" not in one.attributes)
        inset = element("w:ind", left=_INSET, right=_INSET)
        for number, one in enumerate(record.elements()):
            if number:  # a rule between, as an underlined tab: LibreOffice puts text whose borders differ into no frame
                tab = element("w:tabs", element("w:tab", val="right", pos=twips(TEXT_WIDTH) - 20))
                thin = element("w:rPr", element("w:sz", val=8), element("w:u", val="single"))
                self._framed(tab, spacing(40), parts=iter([run("\t", thin)]))
            sides = list(one.elements())
            if len(sides) == 2:
                tabs = element("w:tabs", element("w:tab", val="right", pos=twips(TEXT_WIDTH) - _INSET))
                left = element("w:jc", val="left")
                self._framed(tabs, deepcopy(inset), left, parts=iter(self._body.sides(sides)))
            else:
                hanging = element("w:ind", left=_INSET + _THREE, right=_INSET, hanging=_THREE)
                self._framed(hanging, parts=self._body.inline(one))
        self._body.paragraph("TableNote", spacing(20))

    def _framed(self, *properties: Any, parts: Iterator[Any]) -> None:
        """A paragraph of the record: those that follow each other share their frame and its rules."""
        place = {"hAnchor": "margin", "vAnchor": "margin", "xAlign": "left", "yAlign": "bottom"}
        frame = element("w:framePr", w=twips(TEXT_WIDTH), hSpace=0, wrap="around", **place)
        rules = (rule(side, "single", 1, 0, "000000") for side in ("top", "bottom"))
        self._body.paragraph("Record", frame, element("w:pBdr", *rules), *properties, parts=parts)

    # Tables and charts

    def _together(self, source: Element) -> None:
        """What no page is broken in."""
        self._is_together = True
        self.add(source)
        self._is_together = False

    def _table(self, source: Element) -> None:
        width = LYING_WIDTH if self._is_lying else TEXT_WIDTH
        is_whole = self._is_together or "in-text" in source.classes
        self._package.body.append(table(source, width, self._body.numbering, is_whole=is_whole))
        # Two tables without a paragraph between them would be one.
        self._body.paragraph("TableNote", spacing(120))

    def _chart(self, source: Element) -> None:
        (drawing,) = (one for one in source.elements() if one.drawing)
        (caption,) = source.find("figcaption")
        png, width, height = self._picture(drawing.drawing)
        shape = self._package.picture(png, caption.text, round(width * EMU), round(height * EMU))
        natural = spacing(240, rule="auto")
        self._body.paragraph("Figure", natural, parts=iter([shape]))
        self._body.plain(caption, "Figure")
        for one in source.elements():
            if one.tag == "p":
                self._body.plain(one, "TableNote")

    # Sections, headers and footers

    def _end_section(self, *, is_lying: bool) -> None:
        """End the section under way; what follows lies or stands."""
        # A paragraph of its own: LibreOffice loses the end of one that ends in a control.
        self._body.paragraph("TableNote", spacing(20), self._section())
        self._is_lying = is_lying

    def _section(self) -> Any:
        """The page of the section under way, with its headers and footers."""
        if self._is_lying not in self._margins:
            self._margins[self._is_lying] = list(
                margins(self._package, self._marks, self._is_lying, self._is_letter)
            )
        references = map(deepcopy, self._margins[self._is_lying])
        return section(is_lying=self._is_lying, references=references, is_letter=self._is_letter)


def _mark(root: Element, name: str) -> str:
    return " ".join(one.text for one in root.find("div", name))
