"""Who reports which month where the sheet has no 填报单位 or 报告期 (报送单位的认定): from its title, its rows, its
name, the file's name, in that order; all its counties where none of these names one. The receipt says which it was."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.plan.catalogue import Catalogue, County, Department, Reporter, normalize_name
from flows.plan.terms import CITY
from flows.submissions.form.form_spec import form_spec
from flows.submissions.form.layout import GATHERED_WORDS, RETURNED, Field
from flows.submissions.formats.grid import Grid, bare
from flows.submissions.formats.opened import UnreadableError
from flows.submissions.reading.labels import HEAD_ROWS, is_plain, labelled, tables
from flows.submissions.reading.matched_table import arranged
from flows.submissions.reading.spelling import Spelling

_LEAST_INDICATORS = 2  # a table of figures names more than one
_TABLE_BEGINS = 3  # cells in a row: who and when are two
_TITLED = Field.RUNNING_TOTAL  # what a number is where a title alone may say it
_MONTH = re.compile(
    r"(?:(20\d\d)年?)?(?:度)?(?:[^\d]{0,6}?)(?:(?:1|一)月?(?:[-—–―~～]+|至|到))?(?<!\d)(1[0-2]|0?[1-9])月"
)
_REMEDY = "请在表头写明“填报单位”和“报告期”后重新报送。"


@dataclass(frozen=True, slots=True)
class Stated:
    """One sheet's reporter and month (YYYY-MM), the sentences on how they were found, whether the year was assumed,
    and whether somebody gathered several counties' numbers on it."""

    grid: Grid
    reporter: Reporter
    month: str
    year_assumed: bool
    decisions: tuple[str, ...]
    is_gathered: bool = False


def stated(name: str, grid: Grid, catalogue: Catalogue) -> list[Stated]:
    """The sheet's reporter and month, every county of a table that is nobody's own; none where it is no table of
    figures, UnreadableError where one of the two cannot be known."""
    department = _department(name, grid, catalogue)
    whose = department[0] if department else catalogue.counties[0]
    spelling = Spelling(form_spec(catalogue, whose.id, f"{catalogue.plan.year}-12", {}), catalogue)
    others = gathered(grid, department[0], catalogue) if department else ()
    if not others and len(set(_lines(grid, spelling))) < (1 if department else _LEAST_INDICATORS):
        return []
    found, where = (
        (others, "") if others else ((department[0],), department[1]) if department
        else _county(name, grid, catalogue, spelling)
    )  # fmt: skip
    month, year, when = _month(name, grid, catalogue)
    dated = [f"没有写“报告期”，按{when}认定为{int(month[-2:])}月"] if when else []
    named = [f"没有写“填报单位”，按{where}认定为{found[0].name}"] if where else []
    return [
        Stated(grid, one, month, year is None, (*named, *dated), bool(others) or len(found) > 1)
        for one in found
    ]


def gathered(grid: Grid, department: Department, catalogue: Catalogue) -> tuple[County, ...]:
    """The counties of a table that a department sends without a number of its own: none where it is its report."""
    if any(is_plain(table) for table in tables(grid)):
        return ()
    month = f"{catalogue.plan.year}-12"
    own = arranged(grid, Spelling(form_spec(catalogue, department.id, month, {}), catalogue), CITY, _TITLED)
    spelling = Spelling(form_spec(catalogue, catalogue.counties[0].id, month, {}), catalogue)
    table = None if own and own.ours else arranged(grid, spelling, "", _TITLED)
    return tuple(c for c in catalogue.counties if table and c.id in table.counties)


def _lines(grid: Grid, spelling: Spelling) -> Iterator[str]:
    for _, text in grid.texts():
        joined = spelling.joined(text) if len(text) < 60 else None
        line = joined[0] if joined else spelling.line(text)
        if line:
            yield line.indicator


def titles(grid: Grid) -> Iterator[str]:
    """The texts that stand alone in their row above the table; below it stand notes."""
    for row in grid.rows[:HEAD_ROWS]:
        filled = [value for value in row if value != ""]
        if len(filled) >= _TABLE_BEGINS or any(isinstance(value, int | float) for value in filled):
            return
        if len(filled) == 1 and isinstance(filled[0], str):
            yield filled[0]


def _county(
    name: str, grid: Grid, catalogue: Catalogue, spelling: Spelling
) -> tuple[tuple[County, ...], str]:
    for value, _ in labelled(grid, Field.REPORTER, HEAD_ROWS):
        found = catalogue.reporter_named(str(value))
        if isinstance(found, County):
            return (found,), ""
        raise UnreadableError(
            f"填报单位“{str(value)[:40]}”不在填报名单里", "请在表头“填报单位”写明单位全称。"
        )
    table = arranged(grid, spelling, "", _TITLED)
    rows = tuple(table.counties) if table else ()
    places = (
        ("标题", sender_in(" ".join(titles(grid)), catalogue)),
        ("表内唯一的一个地区", [catalogue.reporter[c] for c in rows] if len(rows) == 1 else []),
        (f"工作表名“{grid.name}”", _named_in(grid.name, catalogue)),
        ("文件名", sender_in(name, catalogue)),
    )
    for where, found_there in places:
        if len(found_there) == 1 and isinstance(found_there[0], County):
            return (found_there[0],), where
    if len(rows) > 1:
        return tuple(c for c in catalogue.counties if c.id in rows), ""
    raise UnreadableError("没有写明填报单位", _REMEDY)


def _department(name: str, grid: Grid, catalogue: Catalogue) -> tuple[Department, str] | None:
    """The one department that the label, the title, the sheet's or the file's name gives; none where a county is."""
    labels = " ".join(str(value) for value, _ in labelled(grid, Field.REPORTER, HEAD_ROWS))
    places = (
        ("", labels),
        ("标题", " ".join(titles(grid))),
        (f"工作表名“{grid.name}”", grid.name),
        ("文件名", name),
    )
    if any(_named_in(text, catalogue) for _, text in places):
        return None  # 报市人社局 in a county's title
    for where, text in places:
        whole = normalize_name(text)
        found = [
            d
            for d in catalogue.departments
            if any(normalize_name(n) in whole for n in (d.name, *d.also_written))
        ]
        if len(found) == 1:
            return found[0], where
    return None


def sender_in(text: str, catalogue: Catalogue) -> list[County]:
    """The counties a file's or table's name names, none where it says that it gathers several: 各旗县市区和开发区. A
    part that went back by itself has its county's name behind the others."""
    own = normalize_name(text).rpartition(normalize_name(RETURNED))[2]
    return [] if any(word in own for word in GATHERED_WORDS) else _named_in(own, catalogue)


def _named_in(text: str, catalogue: Catalogue) -> list[County]:
    whole = normalize_name(text)
    return [
        c for c in catalogue.counties if any(normalize_name(n) in whole for n in (c.name, *c.also_written))
    ]


def _month(name: str, grid: Grid, catalogue: Catalogue) -> tuple[str, str | None, str]:
    labels = [str(value) for value, _ in labelled(grid, Field.MONTH, HEAD_ROWS)]
    sources = (
        ("", labels),
        ("标题", list(titles(grid))),
        (f"工作表名“{grid.name}”", [grid.name]),
        ("文件名", [name]),
    )
    for when, texts in sources:
        found = {(m[1], int(m[2])) for text in texts for m in _MONTH.finditer(bare(text))}
        if len({number for _, number in found}) == 1:
            years = {year for year, _ in found if year}
            return _in_plan(min(n for _, n in found), years, catalogue), next(iter(years), None), when
    raise UnreadableError("没有写明是哪个月的报表", _REMEDY)


def _in_plan(number: int, years: set[str], catalogue: Catalogue) -> str:
    if years - {str(catalogue.plan.year)}:
        reason = f"标题为 {min(years)}年{number}月，不是 {catalogue.plan.year} 年度的报表"
        raise UnreadableError(reason, "请核对年份；用错旧表的，请下载新表填写。")
    return f"{catalogue.plan.year}-{number:02d}"
