"""The bulletin set by one program, twice: python -m bench.speed.pdf_made ours|weasyprint|typst|docx FOLDER OUT.

The first time is what a command waits for, after its imports; the second is what each further document costs.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path

from bench.speed.measure import ROOT, clocked, say
from bench.speed.pdf_words import Block, read

FONTS = ROOT / "build" / "faces"
BODY = "FandolFang-Regular.otf"
PLAIN = """@font-face {{ font-family: fang; src: url({font}) }}
@page {{ size: A4; margin: 37mm 26mm 35mm 28mm }}
body {{ font: 16pt/1.8 fang }} table {{ border-collapse: collapse; font-size: 7pt; line-height: 1.2 }} th, td {{ border: 1px solid }}"""


def ours(folder: Path) -> Callable[[], bytes]:
    """As the program does it: styles and fonts read once, PDF/A-3, enclosures."""
    from flows.documents.pdf.fonts import find_fonts
    from flows.documents.pdf.typeset import Enclosure, Typesetter

    made = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    at = datetime.fromisoformat(made["made_at"])
    inside = [Enclosure(name, text.encode(), about) for name, text, about in made["enclosures"]]
    setters: list[Typesetter] = []

    def pdf() -> bytes:
        setters.extend([] if setters else [Typesetter(find_fonts(FONTS), [folder])])
        return setters[0].pdf(setters[0].render("bulletin.html", {}), at, inside)

    return pdf


def weasyprint(folder: Path) -> Callable[[], bytes]:
    """As its first page of documentation has it: HTML in, PDF out, a plain style."""
    from weasyprint import HTML

    style = PLAIN.format(font=(FONTS / BODY).as_uri())
    html = f"<meta charset=utf-8><style>{style}</style>" + "".join(map(_html, read(folder)))
    return lambda: HTML(string=html).write_pdf()


def typst(folder: Path) -> Callable[[], bytes]:
    """Typst from its own markup, with the standard's page and PDF/A-3a."""
    from typst import compile as compiled

    from bench.speed.pdf_typst import markup

    source = markup(read(folder)).encode()
    return lambda: compiled(
        source,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["a-3a"],
        timestamp=1752000000,
    )


def docx(folder: Path) -> Callable[[], bytes]:
    """The .docx that LibreOffice is given, by python-docx."""
    from bench.speed.pdf_docx import written

    return lambda: written(read(folder))


def _html(block: Block) -> str:
    if block["kind"] == "table":
        rows = ("".join(map(_cell, row)) for row in block["rows"])
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
    tag = {"title": "h1", "heading": "h2"}.get(block["kind"], "p")
    return f"<{tag}>{escape(block['text'])}</{tag}>" if block["text"] else ""


def _cell(cell: Block) -> str:
    tag = "th" if cell["head"] else "td"
    return f'<{tag} colspan="{cell["across"]}" rowspan="{cell["down"]}">{escape(cell["text"])}</{tag}>'


if __name__ == "__main__":
    setting = {"ours": ours, "weasyprint": weasyprint, "typst": typst, "docx": docx}[sys.argv[1]](
        Path(sys.argv[2])
    )
    document, first = clocked(setting)
    further = clocked(setting)[1]
    Path(sys.argv[3]).write_bytes(document)
    say(first=first["seconds"], further=further["seconds"], further_processor=further["processor"])
