"""Personal data (个人信息) is taken out before anything reads a sheet, and texts are made fit to be repeated.

A row of a list of persons is emptied whole, be it a name beside the number or a telephone: any row with an identity
number, and below a column headed 身份证号, or a head with 姓名 and what else lists of persons have, every row down to
the sheet's end or the next table of figures, masked numbers included. An identity number in a remark beside a labelled
figure takes its cell alone, and so do the name and telephone of a contact above or beside the figures. Control characters,
direction marks and telephone numbers are in no text that is repeated."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from flows.plan.file_name import IDENTITY, OLD_IDENTITY
from flows.submissions.form.layout import LABELS, Field
from flows.submissions.formats.grid import Broken, Grid, Place, Raw, bare, written

NO_IDENTITY = "（含身份证号，略）"
_HEADS = frozenset(
    {
        "身份证", "身份证号", "身份证号码", "公民身份号码", "公民身份证号", "居民身份证号", "居民身份证号码", "证件号码",
    }
)  # fmt: skip
_NAMED = frozenset({"姓名", "人员姓名", "职工姓名", "学员姓名", "户主姓名"})
_CONTACTS = frozenset(
    {
        *_NAMED, "联系人", "联系人姓名", "联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "电子邮箱", "邮箱",
    }
)  # fmt: skip
_OF_PERSONS = frozenset(
    {
        "性别", "年龄", "民族", "出生年月", "出生日期", "学历", "文化程度", "联系电话", "电话", "手机", "手机号", "手机号码",
        "家庭住址", "住址", "户籍地址", "户籍", "银行卡号", "银行账号", "社保卡号", "社会保障号", "社会保障号码",
    }
)  # fmt: skip
_FIGURES = frozenset(
    bare(label)
    for f in (Field.INDICATOR, Field.IN_MONTH, Field.RUNNING_TOTAL, Field.LEVEL, Field.TARGET, Field.REPORTER, Field.MONTH)
    for label in LABELS[f]
)  # fmt: skip
_LABELS = frozenset(bare(label) for labels in LABELS.values() for label in labels)
_MIN_LABEL = 5  # characters of an indicator's name; names of persons are shorter
_IN_BYTES = re.compile(IDENTITY.pattern.replace(r"(?<!\d)", r"(?<![\d.])").encode())
_LONG_NUMBER, _MANY_DIGITS = (
    re.compile(rb"[0-9]{17}"),
    re.compile(r"(?:\d[\s-]*){15}"),
)  # rare, and found fast
_MAX_PART = 100_000_000


def without_persons(grid: Grid) -> Grid:
    """The sheet without personal data; `withheld` says how many rows were emptied or changed, `contacts` how many
    cells of contacts."""
    if any(identifies(text) for text in (*grid.comments.values(), *(text for _, text in grid.notes))):
        comments = {place: text for place, text in grid.comments.items() if not identifies(text)}
        grid = replace(grid, comments=comments, notes=tuple(n for n in grid.notes if not identifies(n[1])))
    contacts = set(_contacts(grid))
    listed, withheld, rows = False, 0, list[list[Raw]]()
    for r, row in enumerate(grid.rows):
        listed = (listed and not _is_of_figures(row)) or (_heads_a_list(row) and not _is_of_figures(row))
        if listed and not _heads_a_list(row):
            kept: list[Raw] = [] if any(row) else row
        elif any(identifies(value) for value in row):
            kept = _labelled(row)
        else:
            kept = ["" if (r, c) in contacts else value for c, value in enumerate(row)] if contacts else row
            rows.append(kept)
            continue
        withheld += kept is not row
        rows.append(kept)
    if not withheld and not contacts:
        return grid
    return replace(grid, rows=rows, withheld=withheld, contacts=len(contacts))


def _labelled(row: list[Raw]) -> list[Raw]:
    """The row with its cells that identify somebody left out, where its first text is a label; else nothing of it."""
    first = next((value for value in row if isinstance(value, str) and len(value.strip()) > 1), "")
    name = bare(str(first).partition("：")[0])
    if identifies(first) or (len(re.sub(r"\W|\d", "", name)) < _MIN_LABEL and name not in _LABELS):
        return []
    return [NO_IDENTITY if identifies(value) else value for value in row]


def _contacts(grid: Grid) -> Iterator[Place]:
    """The cells that hold a contact's name or telephone: right of their label, or below it in a table of figures.
    What stands behind 填报人 and 联系电话 at the form's foot is read by nobody and stays."""
    for r, row in enumerate(grid.rows):
        heads = {c: bare(v) for c, v in enumerate(row) if isinstance(v, str) and bare(v) in _CONTACTS}
        is_named = any(name in _NAMED or name.startswith("联系人") for name in heads.values())
        if not is_named or (_heads_a_list(row) and not _is_of_figures(row)):
            continue
        of_figures = _is_of_figures(row)
        for c in heads:
            at = next((n for n in range(c + 1, len(row)) if row[n] != ""), None)
            beside = row[at] if at is not None else ""
            label = bare(beside.partition("：")[0]) if isinstance(beside, str) else ""
            if at is not None and label not in _LABELS | _CONTACTS | _OF_PERSONS:
                yield r, at
            elif of_figures:
                yield from ((b, c) for b in range(r + 1, len(grid.rows)) if grid.raw((b, c)) != "")


def _is_of_figures(row: list[Raw]) -> bool:
    return any(isinstance(v, str) and bare(v.replace(":", "：").partition("：")[0]) in _FIGURES for v in row)


def carries_identity(content: bytes) -> bool:
    """Whether an identity number stands anywhere in a file's bytes, packed or not: in a comment, a drawing, a
    property, a sheet not read. Numbers in cells that were typed apart or rounded, and those of fifteen digits, are found in
    the grid alone: among bytes, fifteen digits are too often something else."""
    if _found(content):
        return True
    try:
        with ZipFile(BytesIO(content)) as packed:
            parts = [part for part in packed.infolist() if not part.is_dir() and part.file_size <= _MAX_PART]
            return any(_found(packed.read(part)) for part in parts)
    except (BadZipFile, OSError):
        return False


def _found(content: bytes) -> bool:
    """In bytes as they are, or as the two bytes a character that an .xls writes."""
    wide = content.replace(b"\0", b"") if b"\0" in content else b""
    return any(_LONG_NUMBER.search(one) and _IN_BYTES.search(one) for one in (content, wide))


def _heads_a_list(row: list[Raw]) -> bool:
    """Whether the row heads a list of persons: its heads stand side by side, with no value between them."""
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


NO_TELEPHONE = "（电话略）"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TELEPHONE = re.compile(
    r"(?<![\d.,-])(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|[(（]?0\d{2,3}[)）]?[-—－ ]?\d{7,8})(?![\d.,])"
)


def legible(grid: Grid) -> Grid:
    """The sheet with its texts made fit to be repeated."""
    rows = [[_legible(value) for value in row] for row in grid.rows]
    comments = {place: repeatable(text) for place, text in grid.comments.items()}
    notes = tuple((where, repeatable(text)) for where, text in grid.notes)
    return replace(grid, name=repeatable(grid.name), rows=rows, comments=comments, notes=notes)


def repeatable(text: str) -> str:
    """One text, fit to be repeated."""
    seen = _UNSEEN.sub("", text)
    return _TELEPHONE.sub(NO_TELEPHONE, seen) if len(seen) > 7 else seen


def _legible(value: Raw) -> Raw:
    if isinstance(value, str):
        return repeatable(value)
    return replace(value, text=repeatable(value.text)) if isinstance(value, Broken) else value
