"""Text of message headers (信头文字) as mail programs really write it, standards or not."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from email.message import Message
from itertools import groupby
from quopri import decodestring
from urllib.parse import unquote_to_bytes

_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_PERCENT = re.compile(r"(?:[^%\s]*%[0-9A-Fa-f]{2}){3,}[^%\s]*")
_SPOILT = re.compile(r"(?i)tcmime.*|att\d+\.(dat|bin)|winmail\.dat|noname")
_SUPERSET = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
}


def decoded_header(message: Message, name: str) -> str:
    """The first header of that name as one line of text; empty where there is none."""
    return decode_words(_unfolded(message, name)).strip()


def parameter(part: Message) -> str:
    """The name of an attachment; of the several that a mail program may give, the first that can be read. Empty for
    none."""
    names = [
        _parameter(part, *where) for where in (("Content-Disposition", "filename"), ("Content-Type", "name"))
    ]
    readable = [name for name in names if name and "�" not in name and not _SPOILT.fullmatch(name)]
    return next(iter([*readable, *filter(None, names)]), "")


def decode_words(text: str) -> str:
    """Encoded words (RFC 2047) as text, also within quotes and where a character is split between two words."""
    pieces: list[tuple[str, bytes | str]] = []
    position, text = 0, _BETWEEN_WORDS.sub(r"\1", text)
    for word in _WORD.finditer(text):
        pieces.append(("", text[position : word.start()]))
        pieces.append((word[1].split("*")[0].lower(), _bytes_of(word[2].lower(), word[3])))
        position = word.end()
    pieces = [piece for piece in (*pieces, ("", text[position:])) if piece[1]]
    return "".join(
        _joined(charset, [content for _, content in same])
        for charset, same in groupby(pieces, lambda one: one[0])
    )


def text_of(content: bytes, charset: str = "") -> str:
    """Bytes as text: in the charset named, read as the larger set that contains it; without one, or a wrong one, UTF-8
    where they are that, else GB 18030."""
    charset = _SUPERSET.get(charset.lower(), charset)
    for encoding in filter(None, (charset, "utf-8")):
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return content.decode("gb18030", "replace")


def _unfolded(message: Message, name: str) -> str:
    """The header's value in one line; bytes beyond ASCII, which no standard allows, read as text."""
    value = next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")
    return re.sub(r"\r?\n(?=[ \t])", "", _raw_text(value))


def _raw_text(value: str) -> str:
    try:
        return value if value.isascii() else text_of(value.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()


def _parameter(part: Message, header: str, name: str) -> str:
    """A parameter of a header, whether RFC 2231, encoded words, percent signs or bare bytes."""
    read = Message()
    read["X"] = _unfolded(part, header)
    value = read.get_param(name, header="X")
    if isinstance(value, tuple):  # RFC 2231: the bytes as characters of the same number
        return text_of(value[2].encode("latin-1", "replace"), value[0] or "")
    text = decode_words(value or "").strip()
    return text_of(unquote_to_bytes(text)) if _PERCENT.fullmatch(text) else text


def _bytes_of(encoding: str, content: str) -> bytes:
    if encoding == "q":
        return decodestring(content.replace("_", " ").encode("utf-8", "replace"))
    try:
        return b64decode(content + "=" * (-len(content) % 4))
    except (Base64Error, ValueError):
        return b""


def _joined(charset: str, contents: list[bytes | str]) -> str:
    if not charset:
        return "".join(str(content) for content in contents)
    return text_of(b"".join(content for content in contents if isinstance(content, bytes)), charset)
