"""The numbers that the office's words may print (可引用的数): those of the document's paragraphs, and the period's figures."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from flows.documents import filters
from flows.documents.paragraphs import Chip, Paragraph, chips_of, read_paragraphs
from flows.documents.print_record import Subject
from flows.documents.provenance import Count, Fact, Source
from flows.plan.catalogue import Catalogue
from flows.plan.terms import CITY

# How each column of figures.csv is written in a sentence.
_WRITTEN: Mapping[str, Callable[[Fact | Count, str], str]] = {
    "ytd": filters.amount,
    "value": filters.amount,
    "target": filters.amount,
    "attainment_pct": lambda fact, _unit: filters.percent(fact),
    "gap_pp": lambda fact, _unit: filters.against(fact),
    "rank": lambda fact, _unit: filters.place(fact, tied=False),
}
# Words in the clause before a number that make it another number: what an edit may neither add nor leave out.
_SENSES = {
    "不多于": "不大于|不超过|不高于|不多于|至多",
    "不少于": "不小于|不低于|不少于|至少",
    "快于、增加": "快于|高于|多于|大于|超过|超出|超|增加|增长|上升|提高|提升|多(?=$)",
    "慢于、减少": "慢于|低于|少于|小于|不足|减少|下降|降低|回落|少(?=$)|差(?=$)",
    "当期": "当月|本月|当期|本期|本季度|当季",
    "同比": "同比|上年同期|去年同期",
    "环比": "环比|较上月|比上月",
    "去重": "去重",
    "月均": "月均|每月",
    "尚需": "尚需|还需",
    "全年": "全年",
    "任务": "(?:任务|目标)(?:数|为)*(?=$)",
    "蓝色": "蓝色",
    "绿色": "绿色",
    "黄色": "黄色",
    "红色": "红色",
    "按时": "按时|准时",
    "迟报": "迟报|迟",
    "未报": "未报|没有报",
    "待核": "待核|核实",
    "未达到": "未达|没有达|未过半",
    "应": "应有|应报|应达",
}
_SENSE = re.compile("|".join(f"({words})" for words in _SENSES.values()))
# An aside names others, and so do the words that leave a county out.
_ASIDE = re.compile("（[^（）]*）|(?:不含|未含|不包括)[^，。；：！？（）\n]*，")
_SENTENCE_END = re.compile("[。；！？\n]")
_CLAUSE_END = re.compile("[，。；：、（）！？\n]")


class Context(NamedTuple):
    """What the words before a number make of it: whose it is (the document's own: empty), of which indicator, and in which
    senses, those of _SENSES: more or less, of the month alone, a task. `carried` is the area again where it stands in an
    earlier sentence, null where in the same."""

    area: str
    indicator: str
    senses: frozenset[str]
    carried: str | None = None

    def is_of(self, meant: "Context") -> bool:
        """Whether the area is the one meant, or carried over from an earlier sentence as in the document's own words."""
        return self.area == meant.area or (self.carried is not None and self.carried == meant.carried)


@dataclass(frozen=True)
class KnownNumbers:
    """The numbers of one draft: its `paragraphs` in order, the rows of its figures.csv; `own` is whose document it is."""

    paragraphs: tuple[Paragraph, ...]
    figures: Mapping[tuple[str, str], Mapping[str, str]]
    catalogue: Catalogue
    own: str

    @classmethod
    def of(
        cls, paragraphs: Iterable[Paragraph], figures_csv: bytes, catalogue: Catalogue, own: str
    ) -> "KnownNumbers":
        """Those of a document; none of figures where its figures.csv is no table of a period."""
        rows = list(csv.DictReader(io.StringIO(figures_csv.decode("utf-8-sig"))))
        is_period = bool(rows) and {"county", "indicator", "unit", *_WRITTEN} <= rows[0].keys()
        figures = {(row["county"], row["indicator"]): row for row in rows} if is_period else {}
        return cls(tuple(paragraphs), figures, catalogue, own)

    @classmethod
    def read(cls, folder: Path, catalogue: Catalogue) -> "KnownNumbers":
        """Those of the draft in a folder."""
        own, paragraphs = read_paragraphs(folder)
        return cls.of(paragraphs, (folder / "figures.csv").read_bytes(), catalogue, own)

    @cached_property
    def paragraph(self) -> Mapping[str, Paragraph]:
        """Paragraphs by id."""
        return {one.id: one for one in self.paragraphs}

    def chip(self, key: str, own: Paragraph) -> Chip | None:
        """The number that a token names (paragraphs.token) in the text of a paragraph; None where there is none such."""
        if found := re.fullmatch(r"(\w+)/(\w+)/(\w+)", key):
            return self._figure(found[1], found[2], found[3])
        name, _, number = key.rpartition(".")
        paragraph = self.paragraph.get(name) if name else own
        if paragraph is None or not number.isdecimal() or not 0 < int(number) <= len(paragraph.chips):
            return None
        return paragraph.chips[int(number) - 1]

    def figures_named(self, context: Context) -> Iterator[tuple[str, Chip]]:
        """The period's figures of the area and indicator that words speak of, each with its token's key."""
        county = context.area or self.own
        for column in _WRITTEN:
            if chip := self._figure(county, context.indicator, column):
                yield f"{county}/{context.indicator}/{column}", chip

    def context(self, text: str, at: int) -> Context:
        """What the words before a place make of a number that stands there."""
        before = _ASIDE.sub("", text[:at])
        named = self._last(self._areas, _SENTENCE_END.split(before)[-1])
        area = named or self._last(self._areas, before)
        area = "" if area == self.own else area
        clause = self._indicators[0].sub("", _CLAUSE_END.split(before)[-1])
        names = tuple(_SENSES)
        senses = frozenset(names[one.lastindex - 1] for one in _SENSE.finditer(clause) if one.lastindex)
        indicator = self._last(self._indicators, before)
        return Context(area, indicator, senses, None if named else area)

    def meaning(self, key: str, chip: Chip, own: Paragraph) -> Context:
        """What a number is: as the paragraph says that it stands in, or as the figure's own column."""
        if "/" in key:
            county, indicator, column = key.split("/")
            senses = {"value": {"当期"}, "target": {"任务"}}.get(column, set())
            if column == "gap_pp":
                senses = {"快于、增加" if chip.prints[0].value > 0 else "慢于、减少"}
            return Context("" if county == self.own else county, indicator, frozenset(senses))
        paragraph = self.paragraph[key.rpartition(".")[0]] if "." in key else own
        written = self.context(paragraph.lead + paragraph.plain, len(paragraph.lead) + chip.start)
        county = next((p.source.county for p in chip.prints if p.source.county), written.area)
        return written._replace(area="" if county == self.own else county)

    def area_name(self, area: str) -> str:
        """What to call an area of a context."""
        return self.catalogue.name_of(area or self.own)

    def _figure(self, county: str, indicator: str, column: str) -> Chip | None:
        row = self.figures.get((county, indicator), {})
        if column not in _WRITTEN or not row.get(column):
            return None
        source = Source(row["period"], county, indicator, column)
        fact = Count(int(row[column]), source) if column == "rank" else Fact(float(row[column]), source)
        ytd, target = (float(row[name]) if row[name] else None for name in ("ytd", "target"))
        written = _WRITTEN[column](fact, self.catalogue.indicator[indicator].unit_for(county, ytd, target))
        return next(iter(chips_of(written, Subject(county, indicator))), None)

    @cached_property
    def _areas(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        names = {name: one.id for one in self.catalogue.reporters for name in (one.name, *one.also_written)}
        return _any_of({**names, "全市": CITY, "我市": CITY})

    @cached_property
    def _indicators(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        return _any_of({one.name: one.id for one in self.catalogue.indicators})

    def _last(self, names: tuple[re.Pattern[str], Mapping[str, str]], text: str) -> str:
        found = names[0].findall(text)
        return names[1][found[-1]] if found else ""


def _any_of(names: Mapping[str, str]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """What finds any of the names, the longest first: one may be the beginning of another."""
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))), names
