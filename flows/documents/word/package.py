"""The file of a .docx: its parts put together by python-docx, packed so that equal documents are equal bytes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn

from flows.documents.word.office_template import merge_styles, open_template
from flows.documents.word.styles import styles
from flows.documents.word.xml import FONTS, element

_PACKED_AT = (1980, 1, 1, 0, 0, 0)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
# What stands in for each font where it is not installed, the free ones last.
_FALLBACKS = {
    "仿宋_GB2312": "仿宋,FangSong,STFangsong,华文仿宋,FandolFang R,FandolFang",
    "楷体_GB2312": "楷体,KaiTi,STKaiti,华文楷体,FandolKai",
    "黑体": "SimHei,STHeiti,华文黑体,FandolHei",
    "方正小标宋简体": "方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,华文中宋,STZhongsong,FandolSong",
    "宋体": "SimSun,STSong,FandolSong",
}


class Package:
    """A .docx under way: its body, headers, footers and pictures."""

    def __init__(self, template: Path | None = None) -> None:
        """An empty one; `template` is the office's own, whose `head` stands in place of the program's."""
        self._document = open_template(template)
        self.body: Any = self._document.element.body
        self.head = [child for child in self.body if not child.tag.endswith("}sectPr")]
        for child in list(self.body):
            self.body.remove(child)
        if not "".join(text for one in self.head for text in one.itertext()).strip():
            self.head = []
        sheet = self._document.styles.element
        if template is None or not template.is_file():  # the library's own styles are not wanted
            for child in list(sheet):
                sheet.remove(child)
        merge_styles(sheet, styles(), self.head)
        self._add_fonts()
        for name in ("customXml", "stylesWithEffects", "thumbnail"):
            self._drop(name)

    def margin(self, kind: str, which: str, paragraphs: Sequence[Any]) -> Any:
        """Add a header or footer for `default`, `even` or `first` pages; the reference that a section takes."""
        root = element(f"w:{'hdr' if kind == 'header' else 'ftr'}", *paragraphs)
        place = self._document.part.package.next_partname(f"/word/{kind}%d.xml")
        part = self._part(place, _TYPE.format(kind), root)
        relation = self._document.part.relate_to(part, f"{_RELATIONS}/{kind}")
        reference = element(f"w:{kind}Reference", type=which)
        reference.set(qn("r:id"), relation)
        return reference

    def picture(self, png: bytes, description: str, width: int, height: int) -> Any:
        """A picture in the line of text, as a run; its size in EMU, its description for whoever cannot see it."""
        inline = self._document.part.new_pic_inline(io.BytesIO(png), width, height)
        inline.docPr.set("descr", description)
        for side in ("distT", "distB", "distL", "distR"):  # LibreOffice keeps 3 mm free where none is given
            inline.set(side, "0")
        return element("w:r", element("w:drawing", inline))

    def settings(self, *parts: Any) -> None:
        """Replace the settings."""
        root = self._document.settings.element
        for child in list(root):
            root.remove(child)
        root.extend(parts)

    def describe(self, title: str, author: str, subject: str, at: datetime) -> None:
        """The properties of the file."""
        properties = self._document.core_properties
        properties.title, properties.author, properties.subject = title, author, subject
        properties.created = properties.modified = at
        properties.comments = properties.keywords = properties.last_modified_by = ""
        properties.language, properties.revision = "zh-CN", 1

    def as_bytes(self) -> bytes:
        """The file, the same bytes for the same content."""
        written, packed = io.BytesIO(), io.BytesIO()
        self._document.save(written)
        with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as whole:
            for name in parts.namelist():
                whole.writestr(zipfile.ZipInfo(name, _PACKED_AT), parts.read(name), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    def _add_fonts(self) -> None:
        listed = [
            element(
                "w:font",
                element("w:altName", val=_FALLBACKS[name]),
                element("w:charset", val="86"),
                element("w:family", val="auto"),
                name=name,
            )
            for name in FONTS.values()
        ]
        self._drop("fontTable")
        part = self._part("/word/fontTable.xml", _TYPE.format("fontTable"), element("w:fonts", *listed))
        self._document.part.relate_to(part, f"{_RELATIONS}/fontTable")

    def _part(self, place: str, content_type: str, root: Any) -> Part:
        from lxml import etree

        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return Part(PackURI(place), content_type, content, self._document.part.package)

    def _drop(self, name: str) -> None:
        """Leave out what the library's own template brings along."""
        for owner in (self._document.part, self._document.part.package):
            for relation in [r for r in owner.rels.values() if r.reltype.endswith(f"/{name}")]:
                owner.rels.pop(relation.rId)


_RELATIONS = RELATIONSHIP_TYPE.FONT_TABLE.rpartition("/")[0]
