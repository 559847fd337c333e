"""Read back a .docx that somebody edited (读回可编辑稿): its paragraphs and table rows, locked numbers, tracked changes, comments.

The file comes from outside: only its text parts are unpacked, within limits, and parsed without entities, DTDs or network.
Raises DocxError with a sentence for the user.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from flows.documents.word.xml import NO_KEY

MAX_BYTES, MAX_PARTS, MAX_PART, MAX_PARAGRAPHS = 20 * 2**20, 500, 16 * 2**20, 5000
KEY_END = " "  # in a control's tag: the number's key, then its fact
_HYPERLINK = "/hyperlink"
_CONTAINERS = frozenset(
    map(qn, ("w:ins", "w:moveTo", "w:hyperlink", "w:smartTag", "w:fldSimple", "w:sdtContent", "w:customXml"))
)
_TRACKED = frozenset(map(qn, ("w:ins", "w:del", "w:moveFrom", "w:moveTo")))
_DELETED = frozenset(map(qn, ("w:del", "w:moveFrom")))


class DocxError(RuntimeError):
    """The file cannot be read as a document: why, and what to do."""


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """Somebody's insertion or deletion that Word or WPS has kept track of."""

    author: str
    is_insertion: bool
    text: str

    def __str__(self) -> str:
        return f"{self.author or '未署名'} {'插入' if self.is_insertion else '删去'}“{self.text}”"


@dataclass(slots=True)
class ReadParagraph:
    """A paragraph, or a row of a table, with all tracked changes accepted. Locked numbers whose key is known are tokens in
    `text`; `bookmarks` are the names that begin in it."""

    text: str = ""
    bookmarks: tuple[str, ...] = ()
    is_row: bool = False
    changes: list[TrackedChange] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read_docx(content: bytes) -> list[ReadParagraph]:
    """The paragraphs and rows of a document in order, without its headers and footers."""
    parts = _unpacked(content)
    body = _parsed(parts["word/document.xml"]).find(qn("w:body"))
    if body is None:
        raise DocxError("这个 .docx 里没有正文，多半已损坏；请用 WPS 或 Word 重新存盘")
    if sum(1 for _ in body.iter(qn("w:p"))) > MAX_PARAGRAPHS:
        raise DocxError(f"这个文件有 {MAX_PARAGRAPHS} 段以上，不是送出的可编辑稿")
    comments = _comments(parts.get("word/comments.xml"))
    return list(_merged(_Reader(comments).blocks(body)))


def check_package(content: bytes) -> None:
    """Raise DocxError for a file that is no .docx, is too large, has macros or leads out of itself."""
    _unpacked(content)


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts that are read; DocxError for what is no .docx, or more than one."""
    if len(content) > MAX_BYTES:
        raise DocxError(f"文件超过 {MAX_BYTES // 2**20} MB，不像可编辑稿")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            wanted = [
                e
                for e in entries
                if e.filename.endswith(".rels") or e.filename in ("word/document.xml", "word/comments.xml")
            ]
            parts = {entry.filename: _part(archive, entry) for entry in wanted}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as fault:
        if isinstance(fault, DocxError):
            raise
        raise DocxError(
            "这个文件不是 .docx，或者已损坏、加了密码；请用 WPS 或 Word 打开，另存为 .docx"
        ) from None
    if "word/document.xml" not in parts:
        raise DocxError("这个文件不是 .docx（.doc、.wps 的请另存为 .docx）")
    for name, part in parts.items():
        if name.endswith(".rels"):
            _check_relations(part)
    return parts


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > 4 * MAX_PART:
        raise DocxError("这个文件解开后过大，不予读取")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise DocxError("这个文件带有宏，不予读取；请另存为不带宏的 .docx")


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a part, never more than it says it has."""
    with archive.open(entry) as part:
        content = part.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise DocxError("这个文件解开后过大，不予读取")
    return content


def _check_relations(part: bytes) -> None:
    """Nothing but a hyperlink, which nobody follows, leads out of the file."""
    for relation in _parsed(part):
        if relation.get("TargetMode") == "External" and not str(relation.get("Type")).endswith(_HYPERLINK):
            raise DocxError("这个文件引用了外部的内容（模板、图片或对象），不予读取；请粘贴成文字后另存")


def _parsed(part: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(part, parser).getroottree()
    except etree.XMLSyntaxError:
        raise DocxError("这个 .docx 的内容读不出来，多半已损坏；请用 WPS 或 Word 重新存盘") from None
    if tree.docinfo.doctype:
        raise DocxError("这个文件里有实体声明，不予读取")
    return tree.getroot()


def _comments(part: bytes | None) -> dict[str, str]:
    """The words of each comment with its author, by id."""
    if part is None:
        return {}
    return {
        str(
            one.get(qn("w:id"))
        ): f"{one.get(qn('w:author')) or '未署名'}批注：{''.join(t.text or '' for t in one.iter(qn('w:t')))}"
        for one in _parsed(part).iter(qn("w:comment"))
    }


class _Reader:
    def __init__(self, comments: dict[str, str]) -> None:
        self._comments = comments
        self._one = ReadParagraph()

    def blocks(self, parent: Any) -> Iterator[tuple[ReadParagraph, bool]]:
        """Paragraphs and rows below a body or content control, and whether the end of each was deleted."""
        for child in parent:
            if child.tag == qn("w:p"):
                yield (
                    self._paragraph(child),
                    child.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None,
                )
            elif child.tag == qn("w:tbl"):
                yield from ((self._row(row), False) for row in child.iter(qn("w:tr")))
            elif child.tag == qn("w:sdt"):
                yield from self.blocks(
                    child.find(qn("w:sdtContent")) if child.find(qn("w:sdtContent")) is not None else ()
                )

    def _paragraph(self, source: Any) -> ReadParagraph:
        self._one = ReadParagraph()
        self._one.text = self._text(source)
        return self._one

    def _row(self, source: Any) -> ReadParagraph:
        cells = []
        found = ReadParagraph(is_row=True)
        for cell in source.iter(qn("w:tc")):
            parts = [self._paragraph(one) for one in cell.iter(qn("w:p"))]
            cells.append("".join(one.text for one in parts))
            for one in parts:
                found.changes += one.changes
                found.comments += one.comments
        found.text = "｜".join(cells)
        return found

    def _text(self, parent: Any) -> str:
        return "".join(self._part(child) for child in parent)

    def _part(self, child: Any) -> str:
        """The text of what stands in a paragraph."""
        tag = child.tag
        if tag == qn("w:r"):
            return self._run(child)
        if tag == qn("w:sdt"):
            return self._control(child)
        if tag in _CONTAINERS:
            inner = self._text(child)
            self._note(child, inner)
            return inner
        if tag in _DELETED:
            self._note(child, "".join(t.text or "" for t in child.iter(qn("w:delText"), qn("w:t"))))
            self._mark(child)  # LibreOffice counts a paragraph's bookmark as deleted with its first words
        elif tag == qn("w:bookmarkStart"):
            self._mark(child)
        elif tag == qn("w:commentRangeStart"):
            self._comment(child)
        return ""

    def _mark(self, source: Any) -> None:
        names = (str(one.get(qn("w:name"))) for one in source.iter(qn("w:bookmarkStart")))
        self._one.bookmarks += tuple(names)

    def _run(self, run: Any) -> str:
        text = ""
        for child in run:
            if child.tag == qn("w:t"):
                text += child.text or ""
            elif child.tag in (qn("w:br"), qn("w:cr")) and child.get(qn("w:type")) is None:
                text += "\n"
            elif child.tag == qn("w:noBreakHyphen"):
                text += "-"
            elif child.tag == qn("w:commentReference"):
                self._comment(child)
        return text

    def _control(self, control: Any) -> str:
        """The text of a control: a token where its tag has the number's key."""
        content = control.find(qn("w:sdtContent"))
        inner = self._text(content) if content is not None else ""
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        key, gap, _ = (tag.get(qn("w:val")) or "" if tag is not None else "").partition(KEY_END)
        return f"{{{key}:{inner}}}" if gap and key != NO_KEY and inner else inner

    def _note(self, change: Any, text: str) -> None:
        if text and change.tag in _TRACKED:
            author, before = change.get(qn("w:author")) or "", change.getprevious()
            # A word processor cuts one insertion into several.
            if before is not None and (before.tag, before.get(qn("w:author"))) == (change.tag, author):
                text = self._one.changes.pop().text + text
            self._one.changes.append(TrackedChange(author, change.tag not in _DELETED, text))

    def _comment(self, mark: Any) -> None:
        words = self._comments.get(str(mark.get(qn("w:id"))))
        if words and words not in self._one.comments:
            self._one.comments.append(words)


def _merged(blocks: Iterator[tuple[ReadParagraph, bool]]) -> Iterator[ReadParagraph]:
    """Paragraphs whose end was deleted run on into the next."""
    open_one: ReadParagraph | None = None
    for one, runs_on in blocks:
        if open_one is not None and not one.is_row:
            one.text = open_one.text + one.text
            one.bookmarks = open_one.bookmarks + one.bookmarks
            one.changes, one.comments = open_one.changes + one.changes, open_one.comments + one.comments
            open_one = None
        elif open_one is not None:
            yield open_one
            open_one = None
        if runs_on:
            open_one = one
        else:
            yield one
    if open_one is not None:
        yield open_one
