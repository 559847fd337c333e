"""Real workbooks spoilt at random (变异): bytes, members, XML, cell contents. Used by a test and by bench/fuzz_reader."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from hypothesis import strategies as st

CASES = Path(__file__).parent / "cases"
SEEDS = sorted(p for p in CASES.glob("*/*") if p.name != "case.json" and 0 < p.stat().st_size < 200_000)
NASTY = (
    b"", b"0", b"-0", b"-1", b"1e999", b"1e-999", b"NaN", b"inf", b"9" * 400, b"0.1" + b"0" * 300 + b"1", b"1048577",
    b"4294967296", b"99999999999", b"-2147483649", b"=1/0", b"#REF!", b"A1048577", b"XFE1", b"A0", b"AAAA1",
    b"2025.10", b"2025-13-45", b"45838", b"-45838", b"2958466", b"TRUE", b"{{ 7*7 }}", b"{% include '/etc/passwd' %}",
    b"&lt;img src=x&gt;", b"&amp;#0;", b"&#x1F4A9;", b"&#0;", b"&unknown;", b"<![CDATA[<c r=]]>", b"<!-- <c> -->",
    "１２３".encode(), "壹佰".encode(), "②".encode(), "⑽½²".encode(), "\u202e\u200b\ufeff".encode(),
    "٣٤٥".encode(), "𝟙𝟚".encode(), "填报单位：".encode(), "报告期：2025年13月".encode(), "指标".encode(), "累计".encode(),
    "本月".encode(), "合计".encode(), "姓名".encode(), "身份证号".encode(), b"\xff\xfe", b"\x00", b"_x0000_",
)  # fmt: skip
_TEXT = re.compile(rb">([^<>]{1,200})<")
_ATTRIBUTE = re.compile(rb'="([^"<>]{0,80})"')
_TAG = re.compile(rb"<[^<>]{1,200}>")
Spoil = Callable[[bytes], bytes]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file's name and its bytes after one to four faults."""
    seed = draw(st.sampled_from(SEEDS))
    content = seed.read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        change = draw(st.sampled_from((_bytes, _members, *[_inside] * 8)))
        content = change(draw, content)
    return seed.name, content


def _bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """Bytes flipped, cut out, doubled or put in, anywhere."""
    at = draw(st.integers(min(8, len(content)), len(content)))
    length = draw(st.sampled_from((1, 1, 2, 4, 8, 64, 512, 4096)))
    kind = draw(st.sampled_from(("flip", "flip", "cut", "double", "put", "end")))
    piece = content[at : at + length]
    match kind:
        case "flip":
            put = draw(
                st.binary(min_size=len(piece), max_size=len(piece)) if length < 9 else st.just(bytes(length))
            )
            return content[:at] + put + content[at + length :]
        case "cut":
            return content[:at] + content[at + length :]
        case "double":
            return content[:at] + piece * 2 + content[at + length :]
        case "put":
            return content[:at] + draw(st.sampled_from(NASTY)) + content[at:]
    return content[:at]


def _members(draw: st.DrawFn, content: bytes) -> bytes:
    """Parts of the zip left out, doubled, exchanged, or taken from another workbook."""
    parts = _unzipped(content)
    if not parts:
        return _bytes(draw, content)
    name = draw(st.sampled_from(sorted(parts)))
    match draw(st.sampled_from(("drop", "exchange", "other", "empty", "rename"))):
        case "drop":
            del parts[name]
        case "exchange":
            other = draw(st.sampled_from(sorted(parts)))
            parts[name], parts[other] = parts[other], parts[name]
        case "other":
            foreign = _unzipped(draw(st.sampled_from(SEEDS)).read_bytes())
            parts |= {name: foreign[draw(st.sampled_from(sorted(foreign)))]} if foreign else {}
        case "empty":
            parts[name] = b""
        case "rename":
            parts[draw(st.sampled_from(("../../x.xml", "/etc/passwd", "xl/workbook.xml", "content.xml")))] = (
                parts.pop(name)
            )
    return _zipped(parts)


def _inside(draw: st.DrawFn, content: bytes) -> bytes:
    """A text, an attribute or a tag of one XML part replaced, left out or doubled; in text files likewise."""
    parts = _unzipped(content)
    names = [name for name in sorted(parts) if name.endswith(".xml")]
    if not names:
        return _in_text(draw, content)
    likely = [
        n for n in names if "sheet" in n or n == "content.xml" or "workbook" in n or "sharedStrings" in n
    ]
    name = draw(st.sampled_from((likely or names) if draw(st.booleans()) else names))
    return _zipped(parts | {name: _in_text(draw, parts[name])})


def _in_text(draw: st.DrawFn, content: bytes) -> bytes:
    pattern = draw(st.sampled_from((_TEXT, _TEXT, _ATTRIBUTE, _TAG)))
    found = list(pattern.finditer(content))
    if not found:
        return _bytes(draw, content)
    for _ in range(draw(st.integers(1, 3))):
        one = draw(st.sampled_from(found))
        group = 0 if pattern is _TAG else 1
        nasty = draw(st.sampled_from(NASTY))
        put = draw(st.sampled_from((b"", one[0] * 2))) if pattern is _TAG else nasty
        content = content[: one.start(group)] + put + content[one.end(group) :]
        found = list(pattern.finditer(content)) or found
    return content


def _unzipped(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return {i.filename: packed.read(i) for i in packed.infolist() if i.file_size < 2_000_000}
    except Exception:  # no zip, or no longer one
        return {}


def _zipped(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()
