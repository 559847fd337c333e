"""The bulletin as .docx by python-docx: the standard's margins, lines and type, as a clerk's own template has them."""

from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bench.speed.pdf_words import Block

BODY, TITLE = "FandolFang", "FandolSong"
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}


def written(blocks: list[Block]) -> bytes:
    """The whole document."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(16)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.line_spacing, style.paragraph_format.space_after = Mm(10.447), Pt(0)
    _page(document.sections[0], turned=False)
    for block in blocks:
        _add(document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(section: object, turned: bool) -> None:
    width, height = (297, 210) if turned else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for name, size in MARGINS.items():
        setattr(section, name, Mm(size))


def _add(document: object, block: Block) -> None:
    if block["kind"] == "table":
        _table(document, block["rows"])
    elif block["kind"] in ("landscape", "portrait"):
        _page(document.add_section(WD_SECTION.NEW_PAGE), turned=block["kind"] == "landscape")
    else:
        line = document.add_paragraph(block["text"])
        if block["kind"] in ("title", "caption"):
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            line.paragraph_format.first_line_indent = Pt(32)
        if block["kind"] == "title":
            line.runs[0].font.size, line.runs[0].font.name = Pt(22), TITLE


def _table(document: object, rows: list[list[Block]]) -> None:
    width = sum(cell["across"] for cell in rows[0])
    table = document.add_table(len(rows), width)
    table.style = "Table Grid"
    grid = [list(row.cells) for row in table.rows]
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            last = y + cell["down"] - 1, x + cell["across"] - 1
            taken |= {(i, j) for i in range(y, last[0] + 1) for j in range(x, last[1] + 1)}
            _fill(grid[y][x].merge(grid[last[0]][last[1]]) if last != (y, x) else grid[y][x], cell["text"])


def _fill(cell: object, text: str) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.line_spacing = Pt(11)
    line.add_run(text).font.size = Pt(8)
