"""The parts of a message (信件格式) as the mail programs of offices read them.

QQ mail, Foxmail and Outlook show an attachment as `tcmime.bin` or `ATT00001.dat` where its name is only given as RFC 2231
has it, in pieces. So every name is given twice, whole: `filename*` (RFC 2231) and, as they all understand, `name` in
encoded words (RFC 2047). The standard library's modern message class writes neither, hence the classic one here.
"""

from base64 import b64encode, encodebytes
from collections.abc import Sequence
from email.header import Header
from email.message import Message
from email.policy import Compat32
from email.utils import formataddr
from urllib.parse import quote

WIRE = Compat32(linesep="\r\n", max_line_length=0)  # headers are folded here, and nowhere again
_TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LONGEST_WORD = 75  # RFC 2047
_MIXED, _ALTERNATIVE = "m", "a"


def composed(text: str, page: str, files: Sequence[tuple[str, bytes]], letter_id: str) -> Message:
    """A message of a text, the same as a page (empty for none), and attachments; its boundaries come from the letter's id,
    so that it is the same bytes whenever it is made."""
    body = _text_part(text, "plain")
    if page:
        body = _multipart(
            "alternative", [body, _text_part(page, "html")], f"=_{_ALTERNATIVE}{letter_id[1:41]}"
        )
    if files:
        parts = [body, *(_file_part(name, content) for name, content in files)]
        body = _multipart("mixed", parts, f"=_{_MIXED}{letter_id[1:41]}")
    body["MIME-Version"] = "1.0"
    return body


def encoded_text(text: str) -> str:
    """Text of a header in encoded words, folded; plain ASCII as it is."""
    if text.isascii() and len(text) < 900:
        return text
    return Header(text, "utf-8", maxlinelen=70, header_name="Subject").encode(linesep="\r\n")


def encoded_address(name: str, address: str) -> str:
    """An address with the name of whose it is; names beyond ASCII as encoded words."""
    if not name:
        return address
    if name.isascii() and len(name) < 60:
        return formataddr((name, address))
    word = f"=?utf-8?B?{b64encode(name.encode('utf-8', 'replace')).decode()}?="  # split, some readers see a space in it
    return f"{word if len(word) <= _LONGEST_WORD else encoded_text(name)}\r\n <{address}>"


def encoded_name(name: str) -> str:
    """A file's name in encoded words on one line, as it stands between quotes."""
    words = Header(name, "utf-8", maxlinelen=70).encode(linesep="")
    return " ".join(words.split()) if not name.isascii() else name.replace("\\", "_").replace('"', "'")


def _text_part(text: str, kind: str) -> Message:
    part = Message(policy=WIRE)
    part["Content-Type"] = f'text/{kind}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(_base64(text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")))
    return part


def _file_part(name: str, content: bytes) -> Message:
    part, kind = Message(policy=WIRE), _TYPES.get(name[name.rfind(".") :].lower(), "application/octet-stream")
    words = encoded_name(name)
    part["Content-Type"] = f'{kind};\r\n name="{words}"'
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = (
        f"attachment;\r\n filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
    )
    part.set_payload(_base64(content))
    return part


def _multipart(kind: str, parts: Sequence[Message], boundary: str) -> Message:
    whole = Message(policy=WIRE)
    whole["Content-Type"] = (
        f'multipart/{kind}; boundary="{boundary}"'  # base64 has no `_`: it cannot stand in a part
    )
    whole.preamble = ""
    for part in parts:
        whole.attach(part)
    return whole


def _base64(content: bytes) -> str:
    return encodebytes(content).decode("ascii")
