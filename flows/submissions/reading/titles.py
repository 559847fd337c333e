"""Texts over, under and around the tables (标题、表注、批注、文本框、页眉页脚): what they say of the numbers, and whether it is
understood."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.submissions.form.layout import Field
from flows.submissions.formats.grid import Grid, Place, bare
from flows.submissions.reading.heading import HeadingParser, with_digits
from flows.submissions.reading.labels import HEAD_ROWS, named_reporter
from flows.submissions.reading.matched_table import HELD_FIELDS, MatchedTable
from flows.submissions.reading.units import parse_unit
from flows.submissions.reading.vocabulary import PUNCTUATION, Meaning, scan

_TABLE_BEGINS = 3  # cells in a row: who and when are two
_BRACKET = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)[)）\]】〕]")
_HARMLESS = re.compile(
    r"附[件表]?[一二三四五六七八九十\d]*|样表|草?稿|修[改订]版?|更正|更新|最终版?|定稿|盖章|签[字章]|公章|第?[一二三四五六七八九十\d]+[期号稿版页表次]"
    r"|表[一二三四五六七八九十\d]+|就促月报\d表|试行|内部|月报|快报|日报|人民币|市级|县级|旗县级|正式|汇总|示例数据?|.*报送.*|.*\d日.*前"
)
_QUALIFIES = frozenset({Meaning.OTHER_TIME, Meaning.DERIVED})
_FIGURES = frozenset({Meaning.TOTAL, Meaning.MONTH})
_ASSIGNED = ("分解", "下达", "计划", "预计", "预测")
_NOT_IN_TITLES = ("完成进度", "进度")  # a table of progress is one of figures
_NOTE = re.compile(r"\s*[(（\[【]?(?:注|说明|备注|附注|统计口径|[①②③※*])")
LIMITS = re.compile(r"口径|不含|含|包括|剔除|扣除|仅|不全|部分|估|初步|暂")
_IS = re.compile(r"(为|是|系|暂用|沿用|采用|代替)")
_AS_OF = re.compile(r"((?:数据|统计)截[至止](?:时间|日期)?)[:：]?(?=\d)")
_LONGEST_NOTE = 200
_MONTH = re.compile(r"(?:\d{1,2}[-—–―~～至到]+)?\d{1,2}月(?:份|底|末)?(?:\d{1,2}日)?")
_OTHER_YEAR = re.compile(r"20\d\d年?")
_NUMBER = re.compile(r"[〔\[(（]20\d\d[〕\])）]\d*号?")  # of a document


@dataclass(frozen=True, slots=True)
class TitleDoubt:
    """A title, or a sheet's name, that says something else of the numbers, or something unknown."""

    place: Place | None  # None: the sheet's name
    text: str
    said: str
    is_comparison: bool = False  # a table with columns of both years may be called so


def titles(grid: Grid) -> Iterator[str]:
    """The texts that stand alone in their row above the table; below it stand notes."""
    for _, text in placed_titles(grid):
        yield text


def placed_titles(grid: Grid) -> Iterator[tuple[Place, str]]:
    """The same with their places."""
    for r, row in enumerate(grid.rows[:HEAD_ROWS]):
        filled = [(c, value) for c, value in enumerate(row) if value != "" and c not in grid.hidden_columns]
        if len(filled) >= _TABLE_BEGINS or any(isinstance(value, int | float) for _, value in filled):
            return
        if len(filled) == 1 and isinstance(filled[0][1], str) and r not in grid.hidden_rows:
            yield (r, filled[0][0]), filled[0][1]


def title_doubts(grid: Grid, parser: HeadingParser) -> Iterator[TitleDoubt]:
    """Every title, and the sheet's name, that says that the numbers are another time's, planned or worked out, or whose
    bracket holds what no known word covers."""
    for place, text in (*placed_titles(grid), (None, grid.name)):
        said = doubtful_word(text, parser, is_name=place is None)
        if said:
            yield TitleDoubt(place, text, said, bool(scan(said)[0] & _QUALIFIES))


def doubtful_word(text: str, parser: HeadingParser, *, is_name: bool = False) -> str:
    """The word of a title that says another time, a plan, a difference, or something unknown; empty where none does."""
    dated = parser.dated(_MONTH.sub("", with_digits(_NUMBER.sub("", text))))
    for word in _NOT_IN_TITLES:
        dated = dated.replace(word, "")
    meanings, _ = scan(dated)
    if meanings & _QUALIFIES:
        return _first_word(dated, text, _QUALIFIES)
    done = (
        Meaning.ACTUAL in meanings
        or "情况" in text
        or "报表" in text
        or scan(parser.dated(text))[0] & _FIGURES
    )
    assigned = any(word in dated for word in _ASSIGNED) and not ("情况" in text or Meaning.ACTUAL in meanings)
    if Meaning.PLAN in meanings and (assigned or (not done and "表" in text)):
        return _first_word(dated, text, frozenset({Meaning.PLAN}))
    for inside in _BRACKET.findall(text) if not is_name else ():
        part = bare(inside)
        units = [u for u in re.split(r"[、,，;；]", part.removeprefix("单位:").removeprefix("单位：")) if u]
        if not part or all(parse_unit(u) for u in units) or _HARMLESS.fullmatch(part) or "单位" in part:
            continue
        said, rest = scan(parser.dated(part))
        if named_reporter(part, parser.catalogue) or (not rest and not said & {Meaning.PART, Meaning.PLAN}):
            continue
        return str(inside)
    return ""


def _first_word(text: str, original: str, wanted: frozenset[Meaning]) -> str:
    """The word that says it; the year itself for another year."""
    year = _OTHER_YEAR.search(original) if "他年" in text else None
    if year:
        return year[0]
    for size in range(6, 0, -1):
        for at in range(len(text) - size + 1):
            said, rest = scan(text[at : at + size])
            if said and said <= wanted and not rest:
                return text[at : at + size]
    return text


def qualifying_notes(grid: Grid, parser: HeadingParser) -> Iterator[tuple[Place, str]]:
    """Notes beside or under the tables (注：…) that say what the numbers hold or leave out. Units are read elsewhere."""
    for place, text in grid.texts():
        alone = sum(value != "" for value in grid.rows[place[0]]) == 1
        if alone and grid.shows(place) and len(text) < _LONGEST_NOTE:
            said = scan(parser.dated(_MONTH.sub("", text)))[0] & _QUALIFIES or LIMITS.search(text)
            if (_NOTE.match(text) and said) or claims_another_meaning(text, parser):
                yield place, text


def claims_another_meaning(note: str, parser: HeadingParser) -> bool:
    """Whether a note says that the numbers are another time's or planned: 累计为上年同期数, not 任务数为全年任务."""
    for sentence in re.split(r"[，。；,;：:\n]", _AS_OF.sub(r"\1为", note)):
        subject, is_said, of = _IS.split(sentence, maxsplit=1) if _IS.search(sentence) else ("", "", "")
        if is_said and "比" not in of and _another(of, parser) > _another(subject, parser):
            return True
    return False


def _another(text: str, parser: HeadingParser) -> frozenset[Meaning]:
    """Of another time or planned; 上月累计＋本月 is this month's."""
    said = scan(parser.dated(text))[0]
    return said & {Meaning.OTHER_TIME, Meaning.PLAN} | (
        said & {Meaning.PREVIOUS} if Meaning.MONTH not in said else set()
    )


_FILLERS = re.compile(r"[此为是系以上的本项该表暂按用填报计单位估算]|截[至止]")
_ESTIMATED = re.compile(r"估|暂")


def denies_number(reason: str, unit: str, parser: HeadingParser) -> bool:
    """Whether a remark beside a number says nothing but that it is another one: 此为上年数, 估算, 单位千元. A reason may
    speak of other months too: 核减上月重复统计 does not."""
    said, rest = scan(parser.dated(reason))
    if parse_unit(named := _FILLERS.sub("", reason)):
        return named != unit
    if _FILLERS.sub("", rest):
        return False
    other = said & {Meaning.OTHER_TIME, Meaning.PLAN, Meaning.PREVIOUS} and Meaning.ACTUAL not in said
    return bool(other or _ESTIMATED.search(reason))


def says_running_total(text: str, parser: HeadingParser) -> bool:
    """Whether a title says that its figures run from January."""
    said, _ = scan(parser.dated(text))
    return Meaning.TOTAL in said and Meaning.OTHER_TIME not in said


COMMENT, NOTE, REMARK = "批注", "表注", "原因说明"
_AUTHOR = re.compile(r"^[^\n]{1,30}[:：]\s*\n")
_THREAD = re.compile(r"^\[[^\]]*\].*?(?:Comment|注释|批注)[:：]\s*", re.DOTALL)
_RECEIPT = re.compile(r"^〔回执第.*?(?:〔原批注〕\n|$)", re.DOTALL)  # what an earlier receipt wrote there
_FORM_NOTE = re.compile(
    r"方案(?:第[^“”\n]*项|总体要求)(?:[^“”\n]*[:：]“[^\n]*”|（没有年度目标，本市增报）)\s*$"
)  # how the issued form's own notes end
_SETTLED = re.compile(
    r"(?:已|经|数据)*(?:核对|核实|审核|复核|确认|阅|同意|无误|属实|正确|签字|签章|盖章|ok|OK)+"
)
_CHANGES = frozenset({Meaning.OTHER_TIME, Meaning.DERIVED, Meaning.PLAN, Meaning.PART, Meaning.PREVIOUS})
_MEASURING = re.compile(r"单位|[十百千万亿]人|[十百千万亿]元|\d")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A comment on a cell, a note under the table that claims another meaning, or a text outside all cells (`place`
    null), that is not plainly harmless; `holds`: it may change what the numbers are."""

    where: str
    place: Place | None
    text: str
    holds: bool


def annotations(grid: Grid, tables: list[MatchedTable], parser: HeadingParser) -> Iterator[Annotation]:
    """Every such text of a sheet with tables. The form's own notes, and what a receipt wrote, are none."""
    for place, written in sorted(grid.comments.items()) if tables else ():
        text = _THREAD.sub("", _AUTHOR.sub("", _RECEIPT.sub("", written))).strip()
        if text and not _FORM_NOTE.search(text) and not _is_harmless(text, parser):
            yield Annotation(COMMENT, place, text, _changes(text, parser))
    for place, text in qualifying_notes(grid, parser) if tables else ():
        if claims_another_meaning(text, parser):
            yield Annotation(NOTE, place, text, holds=True)
    for where, text in grid.notes if tables else ():
        if doubtful_word(text, parser) or (LIMITS.search(text) and len(text) < 200):
            yield Annotation(where, None, text, holds=True)


def touched(annotation: Annotation, cells: Mapping[Field, Place], table: MatchedTable) -> frozenset[Field]:
    """Which of a line's numbers a text is about: the one it stands at, those of its row or column, else all."""
    measured = {p for own in table.ours.values() for f, p in own.items() if f in HELD_FIELDS}
    own = {f: p for f, p in cells.items() if f in HELD_FIELDS and table.grid.raw(p) != ""}
    at = annotation.place
    if at is None or annotation.where == NOTE:
        return frozenset(own)
    if at in measured:
        return frozenset(f for f, p in own.items() if p == at)
    if at[0] >= min(row for row, _ in measured):
        return frozenset(f for f, p in own.items() if p[0] == at[0])
    columns = {c for _, c in measured}
    return frozenset(f for f, p in own.items() if p[1] == at[1] or at[1] not in columns)


def _is_harmless(text: str, parser: HeadingParser) -> bool:
    plain = "".join(c for c in text if c not in PUNCTUATION and not c.isspace())
    said, rest = scan(parser.dated(text))
    return _SETTLED.fullmatch(plain) is not None or (not rest and not said & _CHANGES)


def _changes(text: str, parser: HeadingParser) -> bool:
    dated = parser.dated(text)
    return bool(scan(dated)[0] & _CHANGES or _MEASURING.search(dated) or LIMITS.search(text))
