"""How a table's heads and names are written (写法): the same thing in every office's spelling."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flows.plan.catalogue import Catalogue, County, normalize_name
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import NAME_ENDINGS, PART_WORDS, STEMS, UNITS, Field
from flows.submissions.formats.grid import bare
from flows.submissions.reading.labels import field_of

_SPAN = re.compile(r"(?:(20\d\d)年)?(?:1|一|元)月?(?:份)?(?:[-—–―~～]+|至|到)(?:(\d{1,2})|本)月(?:份|底|末)?")
_MONTH = re.compile(r"(?:(20\d\d)年)?(?<!\d)(\d{1,2})月(?:份|底|末)?")
_YEAR = re.compile(r"(20\d\d)年度?")
_PREFIX = re.compile(r"^(?:其中[::]?|[(]?[一二三四五六七八九十\d]{1,2}[)、..]+|\d{1,2}[、..])")
_BRACKET = re.compile(r"\(([^()]*)\)$")
_COLUMN_NUMBER = re.compile(rf"[{STEMS}]|\d{{1,2}}(?:[=+\d]*)")


@dataclass(frozen=True)
class Spelling:
    """What a text on the sheet means for one form: a line, a county, a column of this month or of another."""

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

    def line(self, text: str) -> Line | None:
        """The asked line a name means: numbering, 其中, a unit in brackets, 人数 at its end do not matter."""
        name = _stripped(text)
        return (
            self._lines.get(normalize_name(text))
            or self._lines.get(name)
            or self._lines.get(_without_ending(name))
        )

    def county(self, text: str) -> str | None:
        """The id of the county a name means."""
        found = self.catalogue.reporter_named(text) if len(text) < 20 else None
        return found.id if isinstance(found, County) else None

    def field(self, text: str) -> Field | None:
        """The column a head means, with this month's and last month's name put for their numbers."""
        return field_of(text) or field_of(self._dated(text))

    def joined(self, text: str) -> tuple[Line, Field] | None:
        """Both in one head: 城镇新增就业累计, 创业担保贷款发放金额（1-6月累计）, 本月二产新增就业岗位."""
        whole = _PREFIX.sub("", self._dated(text))
        for name, line in self._by_length:
            left, found, right = whole.partition(name)
            field = field_of((left + right).strip("()")) if found and not (left and right) else None
            if field:
                return line, field
        return None

    @cached_property
    def _by_length(self) -> list[tuple[str, Line]]:
        return sorted(self._lines.items(), key=lambda pair: -len(pair[0]))

    def elsewhen(self, text: str) -> bool:
        """Whether a head speaks of another year or month than the report's or the one before."""
        return "他" in self._dated(text)

    def says_running_total(self, text: str) -> bool:
        """Whether a title says that its figures run from January."""
        dated = self._dated(text)
        return "累计" in dated or "1至本月" in dated or "截至本月" in dated

    def _dated(self, text: str) -> str:
        spans = _SPAN.sub(lambda m: "1至" + self._month(m[1], m[2]), bare(text))
        months = _MONTH.sub(lambda m: self._month(m[1], m[2]), spans)
        return _YEAR.sub(lambda m: "" if m[1] == self.form.month[:4] else "他年", months)

    def _month(self, year: str | None, number: str | None) -> str:
        ours = int(self.form.month[-2:])
        if year not in (None, self.form.month[:4]):
            return "他月"
        return {ours: "本月", ours - 1: "上月"}.get(int(number or ours), "他月")


def _stripped(text: str) -> str:
    return _BRACKET.sub("", _PREFIX.sub("", normalize_name(text)))


def _without_ending(name: str) -> str:
    return next(
        (name.removesuffix(e) for e in NAME_ENDINGS if name.endswith(e) and len(name) > len(e) + 2), name
    )


def unit_in(text: str) -> str:
    """The unit a head names, alone or in brackets at its end; empty where it names none."""
    whole = normalize_name(text)
    bracket = _BRACKET.search(whole)
    named = (bracket[1] if bracket else whole).removeprefix("单位:")
    return named if named in UNITS else ""


def is_part(text: str) -> bool:
    """Whether a name says that it is a part of the line before it: 其中：女性."""
    return normalize_name(text).startswith(PART_WORDS)


def is_number_or_unit(text: str) -> bool:
    """Whether a head is only a column's number (甲, 1, 4=2+3) or its unit."""
    whole = normalize_name(text).strip("()")
    return whole in UNITS or _COLUMN_NUMBER.fullmatch(whole) is not None
