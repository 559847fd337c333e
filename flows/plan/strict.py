"""TOML tables into dataclasses, refusing what it does not know: a misspelt key must not be a silent default."""

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

from flows.plan.errors import PlanError

Made = TypeVar("Made")
_WORDS = {
    str: "文字",
    int: "整数",
    float: "数",
    Decimal: "数",
    bool: "true 或 false",
    date: "日期（2025-02-26）",
}


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables, numbers exact; a PlanError for a missing or broken file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except FileNotFoundError:
        raise PlanError(path, "文件", f"在 {path.parent} 里", "没有这个文件") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise PlanError(path, "文件", "UTF-8 的 TOML 文本", fault) from None


def make(kind: type[Made], table: object, file: Path, key: str) -> Made:
    """Build the dataclass `kind` from a table: every key known, every needed key there, every type right."""
    if not isinstance(table, Mapping):
        raise PlanError(file, key, "一个表", table)
    hints = typing.get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]  # only dataclasses come here
    for name in table:
        if name not in fields:
            raise PlanError(
                file, f"{key}.{name}".lstrip("."), f"已知的键（{'、'.join(fields)}）之一", "未知的键"
            )
    for name, f in fields.items():
        if name not in table and f.default is f.default_factory is dataclasses.MISSING:
            raise PlanError(file, f"{key}.{name}".lstrip("."), "有这个键", "没有")
    made = {
        name: convert(hints[name], value, file, f"{key}.{name}".lstrip(".")) for name, value in table.items()
    }
    return kind(**made)


def convert(hint: Any, value: object, file: Path, key: str) -> Any:
    """One value as its annotated type, or a PlanError naming the key."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is types.UnionType:
        return convert(next(a for a in arguments if a is not type(None)), value, file, key)
    if origin is tuple:
        if not isinstance(value, list):
            raise PlanError(file, key, "一个数组", value)
        return tuple(convert(arguments[0], v, file, f"{key}[{n}]") for n, v in enumerate(value, 1))
    if origin is Mapping:
        if not isinstance(value, Mapping):
            raise PlanError(file, key, "一个表", value)
        return {k: convert(arguments[1], v, file, f"{key}.{k}") for k, v in value.items()}
    if dataclasses.is_dataclass(hint):
        return make(typing.cast(type[Any], hint), value, file, key)
    return _scalar(hint, value, file, key)


def _scalar(hint: Any, value: object, file: Path, key: str) -> Any:
    if issubclass(hint, StrEnum):
        if value not in {str(m) for m in hint}:
            raise PlanError(file, key, "、".join(str(m) for m in hint) + " 之一", value)
        return hint(value)
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if hint in (float, Decimal) and number:
        return hint(value)
    if type(value) is not hint:
        raise PlanError(file, key, _WORDS[hint], repr(value))
    return value
