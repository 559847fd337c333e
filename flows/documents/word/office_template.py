"""The office's own .docx (本单位模板) in templates/docx: its styles, and its red head in place of the program's.

`document.docx` is taken for documents with a red head, `letter.docx` for letters. Styles are known by name (发文机关标志, Title, Body Text,
heading 1 …); those that every word processor brings along count where their Chinese font is named, and the default style
stays the program's, which gives the page its measure. What stands in the body is the head, 〔文号〕
and 〔签发人〕 in it are replaced. Raises TemplateError with a sentence for the user.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from flows.documents.word.reader import DocxError, check_package
from flows.documents.word.xml import element

NUMBER, SIGNATORY = "〔文号〕", "〔签发人〕"
_KEPT = frozenset(("normal", "default paragraph font", "normal table", "header", "footer"))
_BUILT_IN = frozenset(("title", "heading 1", "heading 2", "heading 3", "body text", "caption"))
_REFERENCES = ("w:pStyle", "w:rStyle", "w:tblStyle", "w:basedOn", "w:next", "w:link")


class TemplateError(DocxError):
    """A template that cannot be used: which, why, and what to do."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"本单位的模板 templates/docx/{file.name} 不能用：{why}。改好后重新出可编辑稿；移走它，就用程序自带的版式。PDF 不受影响"
        )


def open_template(file: Path | None) -> Any:
    """The template as a document, or python-docx's own where there is no such file."""
    if file is None or not file.is_file():
        return docx.Document()
    content = file.read_bytes()
    try:
        check_package(content)
        document = docx.Document(io.BytesIO(content))
        words = "".join(document.element.body.itertext())
        _ = document.styles.element
    except DocxError as fault:
        raise TemplateError(file, str(fault)) from None
    except (OpcError, etree.XMLSyntaxError, KeyError, ValueError, AttributeError):
        raise TemplateError(file, "不是完整的 .docx，请用 WPS 或 Word 重新存盘") from None
    if words.strip() and NUMBER not in words:
        raise TemplateError(file, f"红头里没有写{NUMBER}，不知道文号印在哪里")
    return document


def merge_styles(sheet: Any, own: list[Any], head: list[Any]) -> None:
    """Put the program's styles into a sheet: each but those that the office has by the same name. Ids become the program's, in
    the sheet and in the head."""
    ids = {_name(one): one.get(qn("w:styleId")) for one in own if one.tag == qn("w:style")}
    renamed: dict[str, str] = {}
    for style in list(sheet):
        name, old = _name(style), style.get(qn("w:styleId"))
        is_untouched = name in _BUILT_IN and not style.xpath("w:rPr/w:rFonts[@w:eastAsia]")
        if style.tag != qn("w:style") or name in _KEPT or is_untouched:
            sheet.remove(style)
            if name in ids:
                renamed[old] = ids[name]
            continue
        renamed[old] = ids.get(name) or (f"Office{old}" if old in ids.values() else old)
        style.set(qn("w:styleId"), renamed[old])
        if style.get(qn("w:type")) == "paragraph" and style.find(qn("w:basedOn")) is None:
            style.insert(
                1, element("w:basedOn", val="Normal")
            )  # without it LibreOffice sets type by the grid
    theirs = {_name(one) for one in sheet}
    for root in (sheet, *head):
        for reference in root.iter(*map(qn, _REFERENCES)):
            value = reference.get(qn("w:val"))
            reference.set(qn("w:val"), renamed.get(value, value))
    kept = [one for one in own if _name(one) not in theirs or one.tag != qn("w:style")]
    for at, one in enumerate(kept):
        sheet.insert(at, one)


def fill(head: list[Any], values: Mapping[str, str]) -> None:
    """Replace the places of a head, also where a word processor cut one into several runs."""
    for paragraph in (one for root in head for one in root.iter(qn("w:p"))):
        texts = list(paragraph.iter(qn("w:t")))
        whole = "".join(text.text or "" for text in texts)
        places = [place for place in values if place in whole]
        if not all(any(place in (text.text or "") for text in texts) for place in places):
            for text in texts[1:]:
                text.text = ""
            texts[0].text = whole
        for text in texts:
            for place, value in values.items():
                text.text = (text.text or "").replace(place, value)


def _name(style: Any) -> str:
    name = style.find(qn("w:name"))
    return str(name.get(qn("w:val"))).lower() if name is not None else ""
