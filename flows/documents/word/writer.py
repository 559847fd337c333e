"""A document as .docx (可编辑稿): written from the rendered page source, so that no sentence is composed a second time.

Every paragraph that the office may word itself bears its id as a bookmark, every number is a locked control. Equal documents
give equal bytes. `flows.documents.word.reader` reads back what somebody edited.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flows.documents.provenance import Source
from flows.documents.word.body import Body
from flows.documents.word.package import Package
from flows.documents.word.page_source import Element, parse
from flows.documents.word.styles import LINE, LYING_WIDTH, TEXT_WIDTH, TYPE, section, spacing
from flows.documents.word.tables import table
from flows.documents.word.text import Look, Numbering, cell_text, runs
from flows.documents.word.xml import element, field, paragraph_border, run, run_properties, twips

Picture = Callable[[str], tuple[bytes, float, float]]  # an SVG to PNG, with width and height in mm
EMU = 36000  # a millimetre
RED = "C8000A"
_EM = TYPE * 20
_MARKS = ("draft-mark", "sample-mark")


class Written(NamedTuple):
    """A .docx, and which of its bookmarks names which paragraph."""

    content: bytes
    ids: Mapping[str, str]


def write(
    annotated: str, picture: Picture, name_of: Callable[[Source], str], texts: Mapping[str, str]
) -> Written:
    """The .docx of a rendered document; `picture` draws its charts, `name_of` says what a number's control is called, `texts`
    are the paragraphs that the office may word, by id, as they stand, with tokens."""
    root, package = parse(annotated), Package()
    body = Body(package, Numbering(name_of), texts)
    writer = _Writer(package, body, picture)
    writer.add(next(root.find("body")))
    return Written(writer.finish(root), body.ids)


class _Writer:
    def __init__(self, package: Package, body: Body, picture: Picture) -> None:
        self._package, self._body, self._picture = package, body, picture
        self._is_lying = self._is_letter = self._in_attachment = False

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
        self._package.body.append(
            section(references=self._margins(root), is_lying=self._is_lying, is_letter=self._is_letter)
        )
        self._place_margins()
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

    def _red_head(self, source: Element) -> None:
        (issuer,) = source.find(name="issuer")
        (number,) = source.find(name="number")
        size = float(issuer.style("font-size").removesuffix("pt"))
        above = spacing(round(size * 22), twips(35))
        look = run_properties(size=size, colour=RED)
        self._body.paragraph("Issuer", above, parts=iter([run(issuer.text, look)]))
        rule = paragraph_border("bottom", "single", 2, 11)
        left = 8 * LINE - twips(35) - round(size * 22) - 13 * 20
        room = spacing(480, left - 480)
        sides = list(number.elements())
        if len(sides) == 2:
            tabs = element("w:tabs", element("w:tab", val="right", pos=twips(TEXT_WIDTH) - round(_EM)))
            indent = element("w:ind", left=round(_EM))
            parts = self._body.sides(sides)
            self._body.paragraph(
                "Number", rule, tabs, room, indent, element("w:jc", val="left"), parts=iter(parts)
            )
        else:
            self._body.paragraph("Number", rule, room, parts=self._body.inline(number))

    def _letter(self, source: Element) -> None:
        self._is_letter = True
        self.add(source)

    def _letter_head(self, source: Element) -> None:
        (issuer,) = source.find(name="issuer")
        (number,) = source.find(name="number")
        size = float(issuer.style("font-size").removesuffix("pt"))
        wide = element("w:ind", left=-twips(8), right=-twips(6))
        rule = paragraph_border("bottom", "thickThinSmallGap", 3, 11)
        exact = spacing(round(size * 22))
        self._body.paragraph(
            "Issuer", rule, exact, wide, parts=iter([run(issuer.text, run_properties(size=size, colour=RED))])
        )
        sides = list(number.elements())
        tabs = element("w:tabs", element("w:tab", val="right", pos=twips(TEXT_WIDTH)))
        self._body.paragraph("Number", tabs, element("w:jc", val="left"), parts=iter(self._body.sides(sides)))

    def _title(self, source: Element) -> None:
        """The title, a line a part, as it was broken by sense."""
        is_small = self._is_lying
        parts: list[Any] = []
        for number, part in enumerate(source.elements()):
            parts += [run("\n")] if number else []
            annotated, looks = cell_text(part, Look(size=18 if is_small else 0))
            parts += runs(annotated, looks, self._body.numbering, is_fixed=True)
        room = []
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
        for number, one in enumerate(source.elements()):
            before = LINE if number == 0 else 0
            right = round(float(one.style("padding-right").removesuffix("em") or 0) * _EM)
            keep = [element("w:keepNext")] if number == 0 else []
            room = spacing(LINE, before)
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
        """版记 at the foot of the last page, in a frame."""
        if self._is_lying:
            self._end_section(is_lying=False)
        record = next(one for one in source.find(name="record") if "aria-hidden" not in one.attributes)
        width = twips(TEXT_WIDTH)
        place = element(
            "w:tblpPr",
            leftFromText=0,
            rightFromText=0,
            vertAnchor="margin",
            horzAnchor="margin",
            tblpXSpec="left",
            tblpYSpec="bottom",
        )
        sizes = (("top", 8), ("bottom", 8), ("insideH", 6))
        rules = element(
            "w:tblBorders",
            *(element(f"w:{side}", val="single", sz=size, space=0, color="000000") for side, size in sizes),
        )
        created = element(
            "w:tbl",
            element(
                "w:tblPr",
                place,
                element("w:tblW", w=width, type="dxa"),
                rules,
                element("w:tblLayout", type="fixed"),
            ),
            element("w:tblGrid", element("w:gridCol", w=width)),
        )
        for one in record.elements():
            cell = element(
                "w:tc", element("w:tcPr", element("w:tcW", w=width, type="dxa")), self._record_line(one)
            )
            created.append(element("w:tr", element("w:trPr", element("w:cantSplit")), cell))
        self._package.body.append(created)
        self._body.paragraph("TableNote", spacing(20))

    def _record_line(self, source: Element) -> Any:
        """抄送, or who printed it and when."""
        sides = list(source.elements())
        if len(sides) == 2:
            tabs = element("w:tabs", element("w:tab", val="right", pos=twips(TEXT_WIDTH) - 280))
            left = element("w:ind", left=280, right=280)
            return self._body.paragraph(
                "Record", tabs, left, element("w:jc", val="left"), parts=iter(self._body.sides(sides))
            )
        return self._body.plain(source, "Record", element("w:ind", left=280 + 840, right=280, hanging=840))

    # Tables and charts

    def _table(self, source: Element) -> None:
        self._package.body.append(
            table(source, LYING_WIDTH if self._is_lying else TEXT_WIDTH, self._body.numbering)
        )
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
        tiny = spacing(20)
        ended = section(is_lying=self._is_lying, is_letter=self._is_letter)
        self._body.paragraph("TableNote", tiny, ended)
        self._is_lying = is_lying

    def _place_margins(self) -> None:
        """Headers and footers stand in the first section; the others take them over."""
        sections = list(self._package.body.iter("{*}sectPr"))
        last, first = sections[-1], sections[0]
        if last is not first:
            references = [child for child in last if child.tag.endswith("Reference")]
            for at, reference in enumerate(references):
                first.insert(at, reference)

    def _margins(self, root: Element) -> tuple[Any, ...]:
        """The marks of a draft above, the page number below: odd pages right, even pages left, one character in."""
        marks = [" ".join(one.text for one in root.find("div", name)) for name in _MARKS]
        header: list[Any] = []
        if any(marks):
            parts = [run(marks[0], run_properties(boxed=True))] if marks[0] else []
            parts += [run("\t"), run(marks[1], run_properties(boxed=True))] if marks[1] else []
            header = [element("w:p", element("w:pPr", element("w:pStyle", val="Header")), *parts)]
        add = self._package.margin
        found = [
            add("header", which, [_copy(one) for one in header])
            for which in (("default", "even", "first") if header else ())
        ]
        found += [add("footer", which, [_folio(which)]) for which in ("default", "even")]
        return (*found, *([add("footer", "first", [_foot_rule()])] if self._is_letter else []))


def _folio(which: str) -> Any:
    """— 1 —, in the half-width type of the standard."""
    side = "left" if which == "even" else "right"
    indent = element("w:ind", **{side: 280})
    parts = [run("— "), *field("PAGE"), run(" —")]
    return element(
        "w:p", element("w:pPr", element("w:pStyle", val="Footer"), indent, element("w:jc", val=side)), *parts
    )


def _foot_rule() -> Any:
    """The double rule at the foot of a letter's first page, in place of the number."""
    rule = paragraph_border("bottom", "thinThickSmallGap", 3, 1)
    wide = element("w:ind", left=-twips(8), right=-twips(6))
    return element("w:p", element("w:pPr", element("w:pStyle", val="Footer"), rule, wide))


def _copy(one: Any) -> Any:
    return one.__deepcopy__({})
