"""The name a file came under (文件名), fit to be shown, printed and made part of another name."""

import os
import re
import unicodedata

LONGEST_NAME = 80  # characters: a disk takes 255 bytes, and receipts are named after the file
NAMELESS = "无名文件"
IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)  # 公民身份号码 (GB 11643), its check digit not looked at: a mistyped one is somebody's too
OLD_IDENTITY = re.compile(
    r"(?<!\d)(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{4}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
)  # the fifteen digits of before 1999: a province, a birthday without its century
_LEFT_OUT = "（身份证号略）"
_UNSEEN = frozenset(
    {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
)  # control, direction, half a character, none at all


def shown_name(name: str) -> str:
    """The name without its folders, without characters that are not seen or turn the text around, without an
    identity number, and of bearable length. Names in any script stay as they are; one in no encoding that the
    system knows is read as GBK."""
    text = _decoded(name)
    last = text.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _UNSEEN)
    plain = OLD_IDENTITY.sub(_LEFT_OUT, IDENTITY.sub(_LEFT_OUT, " ".join(seen.split())))
    return _shortened(plain) or NAMELESS


def _decoded(name: str) -> str:
    if all(not "\ud800" <= c <= "\udfff" for c in name):
        return name
    try:
        return os.fsencode(name).decode("gb18030", "replace")
    except UnicodeEncodeError:  # half a character that came from no disk
        return name.encode("utf-8", "replace").decode()


def _shortened(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not stem or len(suffix) > 8:
        return name[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(suffix) - 2] + "…" + dot + suffix
