"""What a head or a row's name says (栏头、行名): which line, county, column and unit, and what of it is not understood."""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flows.plan.catalogue import Catalogue, County, normalize_name
from flows.plan.terms import CITY
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import NAME_ENDINGS, STEMS, SUMS_UP, Field
from flows.submissions.formats.grid import bare
from flows.submissions.reading.labels import exact_field, named_reporter
from flows.submissions.reading.units import parse_unit
from flows.submissions.reading.vocabulary import Meaning, scan, without_marks

_UNTIL = r"(截[至止]到?|到|至)?"
_SPAN = re.compile(
    r"(?:(20\d\d)年)?(?<!\d)(?:1|一|元)月?(?:份)?(?:[-—–―~～]+|至|到)(?:(\d{1,2})|本)月(?:份|底|末)?(?:(\d{1,2})日)?"
)
_MONTH = re.compile(_UNTIL + r"(?:(20\d\d)[年./-])?(?<!\d)(\d{1,2})月(份|底|末)?(?:(\d{1,2})日)?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年?度?(?!\d)")
_YEAR_PARTS = {
    "上半年": 6,
    "第一季度": 3,
    "一季度": 3,
    "前三季度": 9,
    "前三个季度": 9,
    "二季度": 0,
    "第二季度": 0,
    "下半年": 0,
}
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_COLUMN_NUMBER = re.compile(rf"[{STEMS}]|\d{{1,2}}(?:=[\d+\-×÷*/()]+)?")
_FOLLOWED = ("单位:", "计量单位:")
_LONGEST = 80
_MIN_NAME = 4  # characters of a name that may stand inside a longer text
_OF_FIELD: Mapping[Field, frozenset[Meaning]] = {
    Field.IN_MONTH: frozenset({Meaning.MONTH}),
    Field.RUNNING_TOTAL: frozenset({Meaning.TOTAL}),
    Field.PREVIOUS: frozenset({Meaning.PREVIOUS}),
    Field.LEVEL: frozenset({Meaning.CURRENT}),
    Field.PREVIOUS_LEVEL: frozenset({Meaning.OTHER_TIME}),
    Field.TARGET: frozenset({Meaning.PLAN}),
}
_SPANS = {  # 1至上月累计 says both: it is the month before's
    Meaning.PREVIOUS: Field.PREVIOUS, Meaning.MONTH: Field.IN_MONTH, Meaning.TOTAL: Field.RUNNING_TOTAL,
}  # fmt: skip
_FIXED = frozenset(
    {
        Field.NUMBER, Field.INDICATOR, Field.UNIT, Field.KIND, Field.DONE, Field.DONE_ON, Field.CHOICE, Field.REASON,
        Field.CHECK,
    }
)  # fmt: skip
_NOT_IN_A_NAME = frozenset({Meaning.TOPIC})


@dataclass(frozen=True, slots=True)
class ParsedHeading:
    """One text understood. `field` is a column that a whole label names; `rest` is what no known word covers."""

    text: str
    line: Line | None = None
    county: str | None = None
    field: Field | None = None
    unit: str = ""
    meanings: frozenset[Meaning] = frozenset()
    rest: str = ""

    @property
    def is_named(self) -> bool:
        """Whether a line or a county is named."""
        return self.line is not None or self.county not in (None, CITY)

    @property
    def says_something(self) -> bool:
        """Whether it is more than a column's number."""
        return bool(self.is_named or self.field or self.unit or self.meanings or self.rest)

    @property
    def differs(self) -> bool:
        """Whether it says that the numbers are another year's, planned, worked out or of a part."""
        planned = Meaning.PLAN in self.meanings and Meaning.ACTUAL not in self.meanings
        return planned or bool(
            self.meanings & {Meaning.OTHER_TIME, Meaning.DERIVED, Meaning.PART, Meaning.PREVIOUS}
        )

    @property
    def span(self) -> Field | None:
        """本月, 累计 or 上月累计, where it says one of them."""
        return next((field for meaning, field in _SPANS.items() if meaning in self.meanings), None)


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """All texts over a column together. `foreign`: it is of something nobody asked for; `doubts` are its texts that are
    not understood, with what is left of each; `texts` reads from the top."""

    line: Line | None = None
    county: str | None = None
    field: Field | None = None
    unit: str = ""
    foreign: bool = False
    is_part: bool = False
    says_actual: bool = False
    doubts: tuple[tuple[str, str], ...] = ()
    texts: str = ""


@dataclass(frozen=True)
class HeadingParser:
    """The plan's names and the month of one form, for understanding its heads and names of rows."""

    form: FormSpec
    catalogue: Catalogue

    @cached_property
    def _lines(self) -> Mapping[str, Line]:
        names: dict[str, Line] = {}
        for line in self.form.lines:
            for name in (line.label, self.catalogue.indicator[line.indicator].annex, line.indicator):
                for short in (normalize_name(name), _stripped(name), _without_ending(_stripped(name))):
                    names.setdefault(short, line)
        by_name = {self.catalogue.indicator[n.indicator].name: n for n in reversed(self.form.lines)}
        for written, means in self.catalogue.spellings.items():
            if means in by_name:
                names.setdefault(_without_ending(_stripped(written)), by_name[means])
        names.pop("", None)
        return names

    @cached_property
    def _by_length(self) -> list[tuple[str, Line]]:
        return sorted(
            ((name, line) for name, line in self._lines.items() if len(name) >= _MIN_NAME),
            key=lambda p: -len(p[0]),
        )

    @cached_property
    def _parsed(self) -> dict[str, ParsedHeading]:
        return {}

    def parse(self, text: str) -> ParsedHeading:
        """What one text says."""
        found = self._parsed.get(text)
        if found is None:
            found = self._parsed[text] = self._parse(text)
        return found

    def _parse(self, text: str) -> ParsedHeading:
        whole = normalize_name(text)
        if len(whole) > _LONGEST:
            return ParsedHeading(text, rest=whole[:_LONGEST])
        label = without_marks(whole)
        outside = _BRACKET.sub("", label).strip(":：")
        field = exact_field(whole) or exact_field(label) or exact_field(outside)
        if field in _FIXED:
            done = frozenset({Meaning.ACTUAL}) if field is Field.DONE else frozenset[Meaning]()
            return ParsedHeading(text, field=field, meanings=done)
        if is_number_or_unit(whole) or whole.startswith(_FOLLOWED):
            return ParsedHeading(text, unit=unit_in(whole))
        line, left = self._line_in(whole, label)
        county = None if line else self.county(label)
        if county:
            return ParsedHeading(text, county=county)
        meanings, rest, unit = self._qualifiers(label if line is None else left, named=line is not None)
        if line:
            line, meanings, rest = self._whole_or_part(line, whole, meanings, rest)
        if field and field in _OF_FIELD and exact_field(outside) is field:
            inside, rest, _ = self._qualifiers(
                "".join(f"({b})" for b in _BRACKET.findall(label)), named=False
            )
            meanings = _OF_FIELD[field] | inside
        elif Meaning.MONTH in meanings and Meaning.TOTAL in meanings and not rest:
            rest = outside  # 本月累计: of the month, or until it?
        county = CITY if line is None and outside in SUMS_UP else None
        return ParsedHeading(text, line, county, field if field in _LEVELS else None, unit, meanings, rest)

    def _whole_or_part(
        self, line: Line, whole: str, meanings: frozenset[Meaning], rest: str
    ) -> tuple[Line | None, frozenset[Meaning], str]:
        """A sentence that has the name in it names no line; 其中 is a part of the line before it: of itself, or of
        another? Only where the plan says of which, nothing is left over."""
        if len(rest) > max(len(name) for name, one in self._lines.items() if one is line):
            return None, meanings, rest
        if whole.startswith("其中"):
            known = line.indicator in self.catalogue.part_of
            return line, meanings - {Meaning.PART}, rest + ("" if known else "其中")
        return line, meanings, rest

    def _line_in(self, whole: str, label: str) -> tuple[Line | None, str]:
        """The line that a text names, and the text without its name."""
        for exact in (whole, label):
            if exact in self._lines:
                return self._lines[exact], ""
        dated = label
        for name, line in self._by_length:
            if name in dated:
                return line, dated.replace(name, "|", 1)
        return None, label

    def _qualifiers(self, text: str, *, named: bool) -> tuple[frozenset[Meaning], str, str]:
        """What the words around a name say, what is left over, and the unit among them."""
        unit, rest, meanings = "", "", frozenset[Meaning]()
        outside = _BRACKET.sub("|", text)
        for part in (*_BRACKET.findall(text), *outside.split("|")):
            stated = part.removeprefix("单位:")
            if part and parse_unit(stated):
                unit = unit or stated
                continue
            said, left = scan(self.dated(part), without=_NOT_IN_A_NAME if named else frozenset())
            meanings |= said
            rest += left
        return meanings, rest, unit

    def line(self, text: str) -> Line | None:
        """The asked line a name means and nothing else: numbering, marks, a unit, 人数 at its end do not matter."""
        found = self.parse(text)
        return None if found.rest or found.differs else found.line

    def county(self, text: str) -> str | None:
        """The id of the county a name means."""
        found = named_reporter(text, self.catalogue) if len(text) < 30 else None
        return found.id if isinstance(found, County) else None

    def column(self, path: Sequence[str]) -> ColumnHead:
        """What the texts over a column say together, the lowest first; the lower of two that differ counts."""
        parsed = [p for text in path if (p := self.parse(text)).says_something]
        if not any(p.line for p in parsed) and len(parsed) > 1:
            parsed = self._rejoined(parsed)
        bottom = parsed[0].field if parsed else None
        if bottom in _FIXED and not (bottom is Field.DONE and any(p.span for p in parsed)):
            return ColumnHead(field=bottom, texts=" ".join(reversed(path)))
        role = _first(parsed, Meaning.PLAN, Meaning.ACTUAL, Meaning.DERIVED)
        year = _first(parsed, Meaning.OTHER_TIME, Meaning.CURRENT)
        span = next((p.span for p in parsed if p.span), None) or (bottom if bottom in _OF_FIELD else None)
        planned = Meaning.PLAN in role and Meaning.ACTUAL not in role
        part = any(Meaning.PART in p.meanings for p in parsed)
        counties = [p.county for p in parsed if p.county]
        return ColumnHead(
            line=next((p.line for p in parsed if p.line), None),
            county=next((c for c in counties if c != CITY), counties[0] if counties else None),
            field=Field.TARGET if planned and span in (None, Field.TARGET) else span,
            unit=next((p.unit for p in parsed if p.unit), ""),
            foreign=part or Meaning.DERIVED in role or Meaning.OTHER_TIME in year or (planned and span not in (None, Field.TARGET)),
            is_part=part,
            says_actual=any(p.meanings & _FIGURES or p.field is Field.LEVEL for p in parsed),
            doubts=tuple((p.text, p.rest) for p in parsed if p.rest),
            texts=" ".join(dict.fromkeys(reversed(path))),
        )  # fmt: skip

    def _rejoined(self, parsed: list[ParsedHeading]) -> list[ParsedHeading]:
        """Texts over one another that are one name, broken in two."""
        for n in range(len(parsed) - 1):
            joined = self.parse(parsed[n + 1].text + parsed[n].text)
            if joined.line and not joined.rest:
                return [*parsed[:n], joined, *parsed[n + 2 :]]
        return parsed

    def dated(self, text: str) -> str:
        """A text with this month, last month and others put for the dates in it."""
        text = with_digits(text)
        ours, year = int(self.form.month[-2:]), self.form.month[:4]

        def month(named_year: str | None, number: str | None, day: str | None) -> str:
            last = calendar.monthrange(int(year), ours)[1]
            if named_year not in (None, year) or (day and int(day) != last):
                return "他月"
            return {ours: "本月", ours - 1: "上月"}.get(int(number or ours), "他月")

        def single(m: re.Match[str]) -> str:
            when = month(m[2], m[3], m[5])
            until = "截至" if m[1] or m[5] or m[4] in ("底", "末") else ""
            return when if when == "他月" else until + when

        text = _SPAN.sub(lambda m: "1至" + month(m[1], m[2], m[3]), bare(text))
        text = _MONTH.sub(single, text)
        for part, until in _YEAR_PARTS.items():
            text = text.replace(part, "1至本月" if until == ours else "他月")
        return _YEAR.sub(lambda m: "本年" if m[1] == year else "他年", text)


_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九元正])月")
_CHINESE_YEAR = re.compile(r"([二2][〇零○O0])([〇零一二三四五六七八九]{2})年")
_JOINED = re.compile(r"(?<!\d)(20\d\d)(?:[-./](0?[1-9]|1[0-2])|(0[1-9]|1[0-2]))(?![./-]?\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(2\d)年(?=度|\d{1,2}月|[上下]半年)")
_DIGITS = {word: str(n) for n, word in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_MONTHS = {word: n for n, word in enumerate("一二三四五六七八九", 1)} | {
    "元": 1, "正": 1, "十": 10, "十一": 11, "十二": 12,
}  # fmt: skip


def with_digits(text: str) -> str:
    """A text with the years and months in it in digits: 二〇二四年五月, 24年5月, 202405, 2024-05 as 2024年5月."""
    text = _JOINED.sub(lambda m: f"{m[1]}年{int(m[2] or m[3])}月", text)
    text = _CHINESE_YEAR.sub(lambda m: f"20{''.join(_DIGITS[c] for c in m[2])}年", text)
    text = _CHINESE_MONTH.sub(lambda m: f"{_MONTHS[m[1]]}月", text)
    return _SHORT_YEAR.sub(r"20\1年", text)


_LEVELS = (Field.LEVEL, Field.TARGET)
_FIGURES = frozenset({Meaning.ACTUAL, Meaning.CURRENT, Meaning.WHOLE, Meaning.NEUTRAL})


def _first(parsed: Sequence[ParsedHeading], *kinds: Meaning) -> frozenset[Meaning]:
    """The meanings of these kinds in the lowest text that has any."""
    return next((found for p in parsed if (found := p.meanings & set(kinds))), frozenset())


def _stripped(text: str) -> str:
    return _BRACKET.sub("", without_marks(normalize_name(text)))


def _without_ending(name: str) -> str:
    return next(
        (name.removesuffix(e) for e in NAME_ENDINGS if name.endswith(e) and len(name) > len(e) + 2), name
    )


def unit_in(text: str) -> str:
    """The unit that a text names and nothing else, alone or in brackets; empty where it names none."""
    named = normalize_name(text).strip("()").removeprefix("单位:")
    return named if parse_unit(named) else ""


def is_part(text: str) -> bool:
    """Whether a name says that it is a part of the line before it: 其中：女性."""
    return normalize_name(text).startswith("其中")


def is_number_or_unit(text: str) -> bool:
    """Whether a head is only a column's number (甲, 1, 4=2+3) or its unit."""
    whole = normalize_name(text).strip("()")
    return parse_unit(whole) is not None or _COLUMN_NUMBER.fullmatch(whole) is not None
