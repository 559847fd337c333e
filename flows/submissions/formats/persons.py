"""Personal data (个人信息): rows that carry identity numbers are emptied before anything reads them.

Nothing of such a row is loaded, stored, logged or printed, be it a name beside the number or a telephone;
below a column headed 身份证号, or a head with 姓名 and what else lists of persons have, that is every row to
the end of the sheet, masked numbers included.
"""

import re
import unicodedata
from dataclasses import replace
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from flows.plan.file_name import IDENTITY, OLD_IDENTITY
from flows.submissions.formats.grid import Broken, Grid, Raw, bare, written

_HEADS = frozenset(
    {
        "身份证",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号",
        "居民身份证号",
        "居民身份证号码",
        "证件号码",
    }
)
_NAMED = frozenset({"姓名", "人员姓名", "职工姓名", "学员姓名", "户主姓名"})
_OF_PERSONS = frozenset(
    {
        "性别", "年龄", "民族", "出生年月", "出生日期", "学历", "文化程度", "联系电话", "电话", "手机", "手机号", "手机号码",
        "家庭住址", "住址", "户籍地址", "户籍", "银行卡号", "银行账号", "社保卡号", "社会保障号", "社会保障号码",
    }
)  # fmt: skip
_IN_BYTES = re.compile(IDENTITY.pattern.replace(r"(?<!\d)", r"(?<![\d.])").encode())
_LONG_NUMBER, _MANY_DIGITS = (
    re.compile(rb"[0-9]{17}"),
    re.compile(r"(?:\d[\s-]*){15}"),
)  # rare, and found fast
_MOST_PART = 100_000_000


def without_persons(grid: Grid) -> Grid:
    """The sheet without its rows about persons; `withheld` says how many they were."""
    listed = False
    rows: list[list[Raw]] = []
    withheld = 0
    for row in grid.rows:
        personal = any(row) if listed else any(identifies(value) for value in row)
        listed = listed or _heads_a_list(row)
        withheld += personal
        rows.append([] if personal else row)
    return replace(grid, rows=rows, withheld=withheld) if withheld else grid


def carries_identity(content: bytes) -> bool:
    """Whether an identity number stands anywhere in a file's bytes, packed or not: in a comment, a drawing, a
    property, a sheet not read. Numbers in cells that were typed apart or rounded, and those of fifteen digits, are found in
    the grid alone: among bytes, fifteen digits are too often something else."""
    if _found(content):
        return True
    try:
        with ZipFile(BytesIO(content)) as packed:
            parts = [part for part in packed.infolist() if not part.is_dir() and part.file_size <= _MOST_PART]
            return any(_found(packed.read(part)) for part in parts)
    except (BadZipFile, OSError):
        return False


def _found(content: bytes) -> bool:
    """In bytes as they are, or as the two bytes a character that an .xls writes."""
    wide = content.replace(b"\0", b"") if b"\0" in content else b""
    return any(_LONG_NUMBER.search(one) and _IN_BYTES.search(one) for one in (content, wide))


def _heads_a_list(row: list[Raw]) -> bool:
    heads = {bare(value) for value in row if isinstance(value, str) and 0 < len(value) < 40}
    return not heads.isdisjoint(_HEADS) or bool(heads & _NAMED and heads & _OF_PERSONS)


def identifies(value: Raw) -> bool:
    """Whether an identity number stands in the cell, written with blanks or as a number too."""
    if not isinstance(value, str | int | float | Broken) or isinstance(value, bool):
        return False
    text = f"{value:.0f}" if isinstance(value, float) and abs(value) < 1e20 else written(value)
    if not _MANY_DIGITS.search(text):
        return False
    folded = unicodedata.normalize("NFKC", text)
    joined = re.sub(r"(?<=\d)[\s-]+(?=[\dXx])", "", folded)
    return any(kind.search(joined) for kind in (IDENTITY, OLD_IDENTITY))
