"""The words of a letter (信文), written once and put down twice: as plain text and as a simple page.

The page has its styles inline and loads nothing, so that every mail program shows it and none asks before it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_FONT = (
    "font-family:'Microsoft YaHei','PingFang SC',SimSun,sans-serif;font-size:15px;line-height:1.7;color:#222"
)
_CELL = "border:1px solid #bbb;padding:4px 8px;text-align:{align};vertical-align:top"
_SHORT = 8  # characters that a cell keeps on one line
_INDENT = "　　"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads, and rows of as many cells. `is_numeric` sets all but the first column to the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_numeric: bool = True


@dataclass(frozen=True, slots=True)
class Lines:
    """Text whose lines stay as they are, under a line of its own."""

    title: str
    text: str


Block = str | Table | Lines


def as_text(greeting: str, blocks: Sequence[Block], closing: str) -> str:
    """The letter as plain text: paragraphs indented, of a table one line a row."""
    return (
        "\n".join([greeting, "", *(_text(block) for block in blocks), *(["", closing] if closing else [])])
        + "\n"
    )


def as_page(greeting: str, blocks: Sequence[Block], closing: str) -> str:
    """The letter as a page of HTML."""
    body = "".join(map(_page, blocks))
    end = f'<p style="margin:16px 0 0">{escape(closing)}</p>' if closing else ""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"></head><body><div style="{_FONT}">'
        f'<p style="margin:0 0 12px">{escape(greeting)}</p>{body}{end}</div></body></html>'
    )


def _text(block: Block) -> str:
    if isinstance(block, str):
        return f"{_INDENT}{block}"
    if isinstance(block, Lines):
        return f"\n{block.title}\n{block.text.rstrip()}\n"
    if not block.is_numeric:
        rows = (
            "\n".join(f"{_INDENT}{head}：{cell}" for head, cell in zip(block.heads, row, strict=True) if cell)
            for row in block.rows
        )
        return "\n\n".join(rows)
    rows = (
        f"{_INDENT}{row[0]}："
        + "，".join(f"{head}{cell}" for head, cell in zip(block.heads[1:], row[1:], strict=True) if cell)
        for row in block.rows
    )
    return "\n".join(rows)


def _page(block: Block) -> str:
    if isinstance(block, str):
        return f'<p style="margin:0 0 10px;text-indent:2em">{escape(block)}</p>'
    if isinstance(block, Lines):
        lines = escape(block.text.rstrip()).replace("\n", "<br>")
        return (
            f'<p style="margin:16px 0 4px;font-weight:bold">{escape(block.title)}</p>'
            f'<div style="border-left:3px solid #ccc;padding-left:12px;font-size:14px">{lines}</div>'
        )
    heads = "".join(_cell("th", head, "background:#f2f2f2", "center") for head in block.heads)
    rows = "".join(f"<tr>{''.join(_row(row, block.is_numeric))}</tr>" for row in block.rows)
    return f'<table style="border-collapse:collapse;margin:8px 0 14px"><tr>{heads}</tr>{rows}</table>'


def _row(row: Sequence[str], is_numeric: bool) -> list[str]:
    return [_cell("td", cell, "", "right" if is_numeric and n else "left") for n, cell in enumerate(row)]


def _cell(tag: str, text: str, style: str, align: str) -> str:
    inner = escape(text).replace("\n", "<br>")
    style += ";white-space:nowrap" if len(text) <= _SHORT else ""
    return f'<{tag} style="{_CELL.format(align=align)};{style}">{inner}</{tag}>'
