"""A package (压缩包) of several reports, taken apart: within limits, names decoded, nothing written to a disk."""

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from flows.submissions.formats.grid import Member, UnreadableError

ZIP = b"PK\x03\x04"
MAX_BYTES = 20_000_000  # one file
MAX_UNPACKED = 60_000_000  # a workbook's parts; a report's are a few hundred kilobytes
MAX_PARTS = 2_000
MAX_MEMBERS, MAX_TOGETHER = 60, 40_000_000  # files in a package, and their bytes
BINARY_WORKBOOK = "xl/workbook.bin"  # of an .xlsb
_WORKBOOKS = frozenset(
    {"xl/workbook.xml", BINARY_WORKBOOK, "content.xml", "word/document.xml", "[Content_Types].xml"}
)
_MAIN_PART = re.compile(rb"""Type=["'][^"']*/officeDocument["'][^>]*?Target=["']/?([^"']+)["']""")
_MAIN_PART_TURNED = re.compile(rb"""Target=["']/?([^"']+)["'][^>]*?Type=["'][^"']*/officeDocument["']""")
_END, _LONGEST_END = b"PK\x05\x06", 70_000
_CHAFF = re.compile(r"^__MACOSX/|(?:^|[/\\])(?:\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/\\]*)$")
_IN_UTF_8, _ENCRYPTED = 0x800, 1
_MAX_RELATIONS = 100_000
_APART = "请解压后把每份报表作为一个文件分别报送。"


def unpack(content: bytes) -> list[Member]:
    """The files of a package; none where it is a workbook, no zip at all, or holds a single report (which is
    read as that report). UnreadableError for one that is encrypted, nested, or larger than any."""
    if (count := _counted(content)) > MAX_PARTS:
        raise UnreadableError(f"压缩包里有 {count} 个以上的文件，不像月报表", _APART)
    if not is_zip(content) or is_workbook(content):
        return []
    try:
        with ZipFile(BytesIO(content)) as packed:
            parts = _parts(packed)
            return _members(packed, parts) if len(parts) > 1 else []
    except (
        BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as fault:
        if isinstance(fault, UnreadableError):
            raise
        raise UnreadableError("压缩包已损坏，解不开", _APART) from None


def _counted(content: bytes) -> int:
    """How many files the end of a zip says it holds (65,535 for more), before their list is read."""
    end = content.rfind(_END, max(0, len(content) - _LONGEST_END))
    return int.from_bytes(content[end + 10 : end + 12], "little") if end >= 0 else 0


def is_zip(content: bytes) -> bool:
    """Whether it is a zip whose list of files can be read at all."""
    try:
        ZipFile(BytesIO(content)).close()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return content.startswith(ZIP)


def only_member(content: bytes) -> Member:
    """The one report in a zip; UnreadableError where it holds none, or several (which come apart elsewhere)."""
    with ZipFile(BytesIO(content)) as packed:
        parts = _parts(packed)
        if len(parts) != 1:
            reason = f"这是压缩包，里面有 {len(parts)} 个文件，不是一份报表"
            raise UnreadableError(reason, _APART)
        return _members(packed, parts)[0]


def is_workbook(content: bytes) -> bool:
    """Whether a zip is a document of its own and no package; a broken one is neither."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            return not _WORKBOOKS.isdisjoint(name.replace("\\", "/") for name in packed.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def with_usual_names(content: bytes) -> bytes:
    """A workbook whose parts have the names that readers look for: some programs write backslashes, another case,
    or call the main part otherwise, as its relations say. Spreadsheet programs open those too."""
    with ZipFile(BytesIO(content)) as packed:
        names = {part.filename: part.filename.replace("\\", "/") for part in packed.infolist()}
        by_lower = {name.lower(): old for old, name in names.items()}
        relations = by_lower.get("_rels/.rels")
        if relations is None or packed.getinfo(relations).file_size > _MAX_RELATIONS:
            return content
        xml = packed.read(relations)
        main = _MAIN_PART.search(xml) or _MAIN_PART_TURNED.search(xml)
        folder, _, last = main[1].decode("utf-8", "replace").rpartition("/") if main else ("", "", "")
        if folder.lower() == "xl" and last.lower().endswith(".xml"):
            wanted = {f"xl/{last}": "xl/workbook.xml", f"xl/_rels/{last}.rels": "xl/_rels/workbook.xml.rels"}
            usual = ("xl/styles.xml", "xl/sharedStrings.xml", *wanted.values())
            known = {k.lower(): v for k, v in wanted.items()} | {n.lower(): n for n in usual}
            names = {old: known.get(name.lower(), name) for old, name in names.items()}
        if all(old == name for old, name in names.items()) or len(set(names.values())) < len(names):
            return content
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            return content
        buffer = BytesIO()
        with ZipFile(buffer, "w") as renamed:
            for old, name in names.items():
                renamed.writestr(name, packed.read(old))
        return buffer.getvalue()


def _parts(packed: ZipFile) -> list[ZipInfo]:
    parts = [part for part in packed.infolist() if not part.is_dir() and not _CHAFF.search(part.filename)]
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnreadableError("压缩包加了密码，打不开", "请解压后逐个报送报表。")
    return parts


def _members(packed: ZipFile, parts: list[ZipInfo]) -> list[Member]:
    if len(parts) > MAX_MEMBERS:
        raise UnreadableError(f"压缩包里有 {len(parts)} 个文件，超过 {MAX_MEMBERS} 个", _APART)
    if any(part.file_size > MAX_BYTES for part in parts) or sum(p.file_size for p in parts) > MAX_TOGETHER:
        raise UnreadableError("压缩包展开后过大，不像月报表", _APART)
    members = [Member(_decoded(part), packed.read(part)) for part in parts]  # never more than it declares
    if any(m.content.startswith(ZIP) and not is_workbook(m.content) for m in members):
        raise UnreadableError("压缩包里还是压缩包", "请解压后逐个报送报表。")
    return members


def _decoded(part: ZipInfo) -> str:
    """The member's name. Without its flag the zip does not say the encoding: Chinese Windows writes GBK."""
    if part.flag_bits & _IN_UTF_8:
        return part.filename
    raw = part.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename
