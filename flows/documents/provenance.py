"""Where every number of a document comes from (数据出处): facts, and text that carries its sources to the page.

A template prints facts, never bare numbers. What prints one encloses it in an annotation: invisible characters
that name the fact and travel with the text through macros, joins and line breaking. `flows.documents.print_record` reads
them back from the rendered page, and `plain` removes them from whatever is set, written to a workbook or compared.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, Self, TypeVar

# An annotation is START data SEPARATOR text END: the interlinear annotation characters of Unicode, and data in a
# private plane, one character a byte, so that it holds no digit, no space and nothing that HTML would escape.
T = TypeVar("T")
START, SEPARATOR, END = "\ufff9", "\ufffa", "\ufffb"
_PLANE = 0xF0000
_ANNOTATION = re.compile(f"[{START}{SEPARATOR}{END}\U000f0000-\U000f00ff]")
_PIECE = re.compile(f"{START}[^{SEPARATOR}]*{SEPARATOR}|{END}")
_HAS_DIGIT = re.compile(r"\d")


class UnsourcedNumberError(ValueError):
    """A template printed a bare number: nobody could say where it comes from."""

    def __init__(self, value: object) -> None:
        super().__init__(f"模板印了没有出处的数 {value!r}：只能印事实（Fact、Count），不能印算出来的数")
        self.value = value


class Source(NamedTuple):
    """What a number is: the column of a county's indicator in a period; of a derived one, the `parts` it is made of.

    `county` is the id of a county, a department or the city, empty where a number belongs to none of them.
    """

    period: str = ""
    county: str = ""
    indicator: str = ""
    column: str = ""
    parts: tuple[tuple[str, float], ...] = ()


class Fact(float):
    """A number with its source. Arithmetic on it yields a bare number, which cannot be printed."""

    source: Source

    def __new__(cls, value: float, source: Source) -> Self:
        """The number itself; equal to it and sorted like it."""
        fact = super().__new__(cls, value)
        fact.source = source
        return fact

    def __abs__(self) -> "Fact":
        return Fact(abs(float(self)), self.source)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (float(self), self.source)


class Count(int):
    """A whole number with its source. Written into a text, by a template or an f-string, it is annotated."""

    source: Source

    def __new__(cls, value: int, source: Source) -> Self:
        """The number itself; equal to it and sorted like it."""
        count = super().__new__(cls, value)
        count.source = source
        return count

    def __abs__(self) -> "Count":
        return Count(abs(int(self)), self.source)

    def __str__(self) -> str:
        return annotate(repr(int(self)), "count", self)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (int(self), self.source)


def count(items: Iterable[object]) -> Count:
    """How many there are; the source lists them by name."""
    names = tuple((_name(item), 1.0) for item in items)
    return Count(len(names), Source(column="count", parts=names))


def total(counts: Mapping[str, int]) -> Count:
    """The sum of several counts, by what was counted."""
    parts = tuple((name, float(number)) for name, number in counts.items())
    return Count(sum(counts.values()), Source(column="count", parts=parts))


def derived(value: float, source: Source, **parts: float) -> Fact:
    """A number worked out for a sentence, with what it was made of; `flows.documents.gate` works it out again."""
    return Fact(value, source._replace(parts=tuple((name, float(part)) for name, part in parts.items())))


def fact(value: Any, source: Source) -> Any:
    """A number as a fact; whatever else it is, unchanged."""
    if isinstance(value, bool | Fact | Count) or not isinstance(value, int | float):
        return value
    return Count(value, source) if isinstance(value, int) else Fact(value, source)


def facts_of(row: T, period: str, county: str = "", indicator: str = "") -> T:
    """A data class or a mapping whose numbers are facts, each with its field as the column."""

    def sourced(column: str, value: Any) -> Any:
        return fact(value, Source(period, county, indicator, column))

    if isinstance(row, Mapping):
        return {column: sourced(column, value) for column, value in row.items()}  # type: ignore[return-value]
    columns = {f.name: sourced(f.name, getattr(row, f.name)) for f in fields(row)}  # type: ignore[arg-type]
    return replace(row, **columns)  # type: ignore[type-var]


class Sourced:
    """A record of the plan, the policy or a ledger as templates read it: numbers as facts, text with digits quoted."""

    def __init__(self, record: object, path: str) -> None:
        self._record, self._path = record, path

    def __getattr__(self, name: str) -> Any:
        return sourced(getattr(self._record, name), f"{self._path}.{name}")


def sourced(value: Any, path: str) -> Any:
    """A value of such a record, `path` being its column: policy.marks.blue_at_least_pp."""
    if isinstance(value, str):
        return quoted(value, path)
    if isinstance(value, Mapping):
        return {key: sourced(part, f"{path}.{key}") for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(sourced(part, path) for part in value)
    if is_dataclass(value):
        return Sourced(value, path)
    return fact(value, Source(column=path))


def quoted(text: str, column: str, county: str = "") -> str:
    """A text as somebody else wrote it: its digits are theirs. Unchanged where it has none."""
    return (
        annotate(text, "quotation", Source(column=column, county=county)) if _HAS_DIGIT.search(text) else text
    )


def annotate(text: str, kind: str, of: float | Source, unit: str = "", value: object = None) -> str:
    """The text with its source; `kind` is how it was printed, `value` what, if not the number of the fact `of`."""
    if isinstance(of, Source):
        source = of
    elif isinstance(of, Fact | Count):
        source, value = of.source, float(of) if isinstance(of, Fact) else int(of)
    else:
        raise UnsourcedNumberError(of)
    data = json.dumps([kind, value, unit, *source], ensure_ascii=False, separators=(",", ":"))
    return f"{START}{_hidden(data)}{SEPARATOR}{text}{END}"


def subject(text: str, county: str = "", indicator: str = "", *, is_named: bool = True) -> str:
    """The text as one that speaks of this county or indicator: no figure of another may stand in it, and where
    `is_named` its name must."""
    data = json.dumps(["subject" if is_named else "unnamed", county, indicator], separators=(",", ":"))
    return f"{START}{_hidden(data)}{SEPARATOR}{text}{END}"


def annotations(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The plain text, and the pieces of annotation with the place in it before which each stands."""
    words, found, at = "", [], 0
    for piece in _PIECE.finditer(text):
        words += text[at : piece.start()]
        found.append((len(words), piece[0]))
        at = piece.end()
    return words + text[at:], found


def plain(text: str) -> str:
    """The text without annotations, as it is set."""
    return _ANNOTATION.sub("", text)


def revealed(hidden: str) -> list[Any]:
    """The data of an annotation."""
    data: list[Any] = json.loads(bytes(ord(c) - _PLANE for c in hidden))
    return data


def _hidden(data: str) -> str:
    return "".join(chr(_PLANE + byte) for byte in data.encode())


def _name(item: object) -> str:
    if isinstance(item, str):
        return plain(item)
    if isinstance(item, tuple):
        return _name(item[0])
    return str(getattr(item, "name", type(item).__name__))
