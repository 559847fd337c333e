"""The bulletin in Typst's markup: the page, type and lines of GB/T 9704-2012 as far as a few settings give them."""

from bench.speed.pdf_words import Block

HEAD = """#set document(title: "通报", author: "通辽市人力资源和社会保障局")
#set page(width: 210mm, height: 297mm, margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —")
#set text(font: ("FandolFang", "FandolHei", "FandolSong"), size: 15.75pt, lang: "zh", region: "cn", top-edge: 0.8em, bottom-edge: -0.2em)
#set par(leading: 4.891mm, spacing: 4.891mm, justify: true, first-line-indent: (amount: 2em, all: true))
#show heading: it => block(it.body)
#set table(stroke: 0.15mm, inset: 0.7mm)
#show table: it => { set text(size: 9pt); set par(leading: 1mm, first-line-indent: 0em, justify: false); it }
"""
TURNED = "#set page(flipped: true, margin: (top: 28mm, bottom: 26mm, left: 35mm, right: 37mm))\n"
UPRIGHT = "#set page(flipped: false, margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm))\n"

FORMS = {
    "title": '#align(center, text(font: "FandolSong", weight: "bold", size: 22pt, {}))\n',
    "heading": "#heading({})\n",
    "caption": "#align(center, {})\n",
}


def markup(blocks: list[Block]) -> str:
    """The whole document."""
    return HEAD + "\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    if block["kind"] == "table":
        return _table(block["rows"])
    if block["kind"] in ("landscape", "portrait"):
        return TURNED if block["kind"] == "landscape" else UPRIGHT
    return FORMS.get(block["kind"], "#par({})\n").format(_text(block["text"]))


def _table(rows: list[list[Block]]) -> str:
    width = sum(cell["across"] for cell in rows[0])
    heads = [row for row in rows if all(cell["head"] for cell in row)]
    head = f"table.header({', '.join(_cell(c) for row in heads for c in row)})," if heads else ""
    body = ",\n".join(_cell(c) for row in rows[len(heads) :] for c in row)
    return f"#table(columns: {width},\n{head}\n{body})\n"


def _cell(cell: Block) -> str:
    return f"table.cell(colspan: {cell['across']}, rowspan: {cell['down']}, {_text(cell['text'])})"


def _text(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'[#"{quoted}"]'
