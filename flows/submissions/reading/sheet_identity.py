"""Who reports which month where the sheet has no 填报单位 or 报告期 (报送单位的认定): from its title, its rows, its
name, the file's name, in that order; all its counties where none of these names one. The receipt says which it was."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flows.plan.catalogue import Catalogue, County, Department, Reporter, normalize_name
from flows.plan.terms import CITY
from flows.submissions.form.form_spec import form_spec
from flows.submissions.form.layout import GATHERED_WORDS, RETURNED, Field
from flows.submissions.formats.grid import Grid, UnreadableError, bare
from flows.submissions.reading.heading import HeadingParser, with_digits
from flows.submissions.reading.labels import HEAD_ROWS, county_names, labelled, named_reporter
from flows.submissions.reading.matched_table import match_tables
from flows.submissions.reading.titles import titles

_MIN_INDICATORS = 2  # a table of figures names more than one
_LONGEST_NAME = 60
_YEAR = re.compile(r"(?<![\d〔\[(])(20\d\d)(?=年|[-./]\d|$|\D)(?![〕\])])")
_TITLED = Field.RUNNING_TOTAL  # what a number is where a title alone may say it
_MONTH = re.compile(
    r"(?:(20\d\d)年?)?(?:度)?(?:[^\d]{0,6}?)(?:(?:1|一)月?(?:[-—–―~～]+|至|到))?(?<!\d)(1[0-2]|0?[1-9])月"
)
_REMEDY = "请在表头写明“填报单位”和“报告期”后重新报送。"


@dataclass(frozen=True, slots=True)
class SheetIdentity:
    """One sheet's reporter and month (YYYY-MM), the sentences on how they were found, whether the year was assumed,
    and whether somebody gathered several counties' numbers on it."""

    grid: Grid
    reporter: Reporter
    month: str
    year_assumed: bool
    decisions: tuple[str, ...]
    is_gathered: bool = False


def identify_sheet(name: str, grid: Grid, catalogue: Catalogue) -> list[SheetIdentity]:
    """The sheet's reporter and month, every county of a table that is nobody's own; none where it is no table of
    figures, UnreadableError where one of the two cannot be known."""
    department = _department(name, grid, catalogue)
    whose = department[0] if department else catalogue.counties[0]
    months = _months(name, grid)
    month = f"{catalogue.plan.year}-{months[0] if months else 12:02d}"
    parser = _parser(catalogue, whose.id, month)
    others = gathered_counties(grid, department[0], month, catalogue) if department else ()
    if not others and len(_lines(grid, parser)) < (1 if department else _MIN_INDICATORS):
        return []
    found, where = (
        (others, "") if others else ((department[0],), department[1]) if department
        else _county(name, grid, catalogue, parser)
    )  # fmt: skip
    if not months:
        raise UnreadableError("没有写明是哪个月的报表", _REMEDY)
    refuse_another_year(name, grid, months[1], catalogue)
    dated = [f"没有写“报告期”，按{months[2]}认定为{months[0]}月"] if months[2] else []
    named = [f"没有写“填报单位”，按{where}认定为{found[0].name}"] if where else []
    assumed = months[1] is None and not years_in((*titles(grid), grid.name, name))
    return [
        SheetIdentity(grid, one, month, assumed, (*named, *dated), bool(others) or len(found) > 1)
        for one in found
    ]


def _parser(catalogue: Catalogue, reporter: str, month: str) -> HeadingParser:
    return HeadingParser(form_spec(catalogue, reporter, month, {}), catalogue)


def gathered_counties(
    grid: Grid, department: Department, month: str, catalogue: Catalogue
) -> tuple[County, ...]:
    """The counties of a table that a department sends without a number of its own: none where it is its report."""
    if any(
        table.ours for table in match_tables(grid, _parser(catalogue, department.id, month), CITY, _TITLED)
    ):
        return ()
    found = _counties_on(grid, _parser(catalogue, catalogue.counties[0].id, month))
    return tuple(c for c in catalogue.counties if c.id in found)


def _counties_on(grid: Grid, parser: HeadingParser) -> tuple[str, ...]:
    return tuple(c for table in match_tables(grid, parser, "", _TITLED) for c in table.counties)


def _lines(grid: Grid, parser: HeadingParser) -> set[str]:
    parsed = (parser.parse(text) for _, text in grid.texts() if len(text) < _LONGEST_NAME)
    return {heading.line.indicator for heading in parsed if heading.line}


def refuse_another_year(name: str, grid: Grid, stated: int | None, catalogue: Catalogue) -> None:
    """UnreadableError where no year stands in 报告期 (null) and the title, the sheet's or the file's name says another."""
    for where, text in (*(("标题", t) for t in titles(grid)), ("工作表名", grid.name), ("文件名", name)):
        years = years_in((text,))
        if stated is None and years and catalogue.plan.year not in years:
            reason = f"{where}“{text[:40]}”写的是 {min(years)} 年，不是 {catalogue.plan.year} 年度的报表"
            raise UnreadableError(
                reason, "请核对年份；用错旧表的，请下载新表填写，并在表头“报告期”写明年月。"
            )


def years_in(texts: Iterable[str]) -> set[int]:
    """The years that texts name; the number of a document or a date in digits alone is none."""
    return {int(year) for text in texts for year in _YEAR.findall(with_digits(normalize_name(text)))}


def _county(
    name: str, grid: Grid, catalogue: Catalogue, parser: HeadingParser
) -> tuple[tuple[County, ...], str]:
    for value, _ in labelled(grid, Field.REPORTER, HEAD_ROWS):
        found = named_reporter(str(value), catalogue)
        if isinstance(found, County):
            return (found,), ""
        raise unknown_reporter(str(value), catalogue)
    rows = _counties_on(grid, parser)
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


def unknown_reporter(text: str, catalogue: Catalogue) -> UnreadableError:
    """Why a 填报单位 is none, and what to write."""
    reason = f"填报单位“{text[:40]}”不在填报名单里" if text else "没有填“填报单位”"
    return UnreadableError(reason, f"请在表头“填报单位”写{county_names(catalogue)}，或者牵头单位全称。")


def _months(name: str, grid: Grid) -> tuple[int, int | None, str] | None:
    """The month, its year where one stands beside it, and where it was found; None where none of the places says one."""
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
            years = {int(year) for year, _ in found if year}
            return min(n for _, n in found), next(iter(years), None), when
    return None
