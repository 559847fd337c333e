"""Read one file of a plan folder, TOML or CSV, strictly: a misspelt key must not become a silent default.

Every refusal is a PlanError with file, key, what was expected and what stands there.
"""

import csv
import dataclasses
import tomllib
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

T = TypeVar("T")
_TYPE_LABELS = {
    str: "文字",
    int: "整数",
    float: "数",
    Decimal: "数",
    bool: "true 或 false",
    date: "日期（2025-02-26）",
}


class PlanError(ValueError):
    """A plan that must not be used: which file, which key, what was expected, what was found."""

    def __init__(self, file: Path | str, key: str, expected: str, found: object) -> None:
        self.file, self.key, self.expected, self.found = Path(file).name, key, expected, found
        super().__init__(f"{self.file} · {key}：应为{expected}，实为 {found}")


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables, numbers as Decimal; PlanError for a missing or broken file."""
    try:
        return tomllib.loads(_text(path), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(path, "文件", "UTF-8 的 TOML 文本", error) from None


def read_csv(path: Path, columns: tuple[str, ...] | None = None) -> list[dict[str, str]]:
    """The file's rows by column name, in file order; PlanError for other `columns` or a row of another width."""
    head, *lines = list(csv.reader(_text(path).removeprefix("\ufeff").splitlines())) or [[]]
    if columns is not None and tuple(head) != columns:
        raise PlanError(path, "表头", "、".join(columns), "、".join(head))
    for number, line in enumerate(lines, 2):
        if len(line) != len(head):
            raise PlanError(path, f"第 {number} 行", f"{len(head)} 列", f"{len(line)} 列")
    return [dict(zip(head, line, strict=True)) for line in lines]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PlanError(path, "文件", f"在 {path.parent} 里", "没有这个文件") from None


def build(kind: type[T], table: object, file: Path, key: str) -> T:
    """Build the dataclass `kind` from a table: no unknown key, no missing key, every value of its annotated type."""
    if not isinstance(table, Mapping):
        raise PlanError(file, key, "一个表", table)
    hints = typing.get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]  # called on dataclasses only
    path = {name: f"{key}.{name}".lstrip(".") for name in (*table, *fields)}
    for name in table:
        if name not in fields:
            raise PlanError(file, path[name], f"已知的键（{'、'.join(fields)}）之一", "未知的键")
    for name, f in fields.items():
        if name not in table and f.default is f.default_factory is dataclasses.MISSING:
            raise PlanError(file, path[name], "有这个键", "没有")
    return kind(**{name: _convert(hints[name], value, file, path[name]) for name, value in table.items()})


def _convert(hint: Any, value: object, file: Path, key: str) -> Any:
    """One value as its annotated type, or a PlanError naming the key."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is types.UnionType and isinstance(value, str) and str in arguments:
        return value
    if origin is types.UnionType:
        return _convert(next(a for a in arguments if a is not type(None)), value, file, key)
    if origin is tuple:
        if not isinstance(value, list):
            raise PlanError(file, key, "一个数组", value)
        return tuple(_convert(arguments[0], v, file, f"{key}[{n}]") for n, v in enumerate(value, 1))
    if origin is Mapping:
        if not isinstance(value, Mapping):
            raise PlanError(file, key, "一个表", value)
        return {k: _convert(arguments[1], v, file, f"{key}.{k}") for k, v in value.items()}
    if dataclasses.is_dataclass(hint):
        return build(typing.cast(type[Any], hint), value, file, key)
    return _convert_scalar(hint, value, file, key)


def _convert_scalar(hint: Any, value: object, file: Path, key: str) -> Any:
    if issubclass(hint, StrEnum):
        if value not in {str(m) for m in hint}:
            raise PlanError(file, key, "、".join(str(m) for m in hint) + " 之一", value)
        return hint(value)
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if hint in (float, Decimal) and is_number:
        return hint(value)
    if type(value) is not hint:
        raise PlanError(file, key, _TYPE_LABELS[hint], repr(value))
    return value
