"""Who reports which month (填报单位、报告期), from the sheet's own labels; the file's name is only compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from flows.plan.catalogue import Catalogue, County, Department, Reporter, normalize_name
from flows.submissions.form.layout import SAMPLE_MARK, Field
from flows.submissions.formats.grid import Grid, Raw, UnreadableError, written
from flows.submissions.reading import sheet_identity
from flows.submissions.reading.cells import day, fold
from flows.submissions.reading.heading import with_digits
from flows.submissions.reading.labels import HEAD_ROWS, labelled, named_reporter
from flows.submissions.reading.titles import titles

_MONTH = re.compile(r"(?:(20\d\d)\s*[年./-]\s*)?(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?")
_MONTH_IN_NAME = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?!\d{1,2}日)")
_DAY = re.compile(
    r"20\d\d(?:年|[-./])\d{1,2}(?:月|[-./])\d{1,2}日?|\d{1,2}月\d{1,2}日"
)  # when a file was sent
_MAX_COLUMNS = 1_000
_REMEDY = "请填写下发的报表，保留表头的“填报单位”和“报告期”。"


@dataclass(frozen=True, slots=True)
class Head:
    """What the labels over the tables say: whose report, of which month (YYYY-MM). `is_part`: it stands in a file
    that somebody gathered, so it is not known to be the reporter's own; `shared` are the sheets of all of them."""

    reporter: Reporter
    month: str
    is_sample: bool
    year_assumed: bool
    grids: tuple[Grid, ...]
    decisions: tuple[str, ...] = ()
    is_part: bool = False
    shared: tuple[Grid, ...] = ()


def read_heads(name: str, grids: list[Grid], catalogue: Catalogue) -> list[Head]:
    """The one report in the file, or one a reporter where they were gathered; UnreadableError if there is none, or
    one that cannot be right."""
    shown = [grid for grid in grids if grid.visible]
    visible = [
        grid for n, grid in enumerate(shown) if all(grid.rows != one.rows for one in shown[:n])
    ]  # 月报 (2)
    labelled_sheets = [
        (part, found) for grid in visible for part in _regions(grid, catalogue) if (found := _labels(part))
    ]
    if labelled_sheets:
        sheets = [
            one
            for sheet in _of_the_year(labelled_sheets, catalogue)
            for one in _sheets(name, *sheet, catalogue)
        ]
    else:
        sheets = [one for grid in visible for one in sheet_identity.identify_sheet(name, grid, catalogue)]
    if not sheets:
        raise UnreadableError("没有找到报表：各工作表上都没有“填报单位”和“报告期”", _REMEDY)
    sheets, chosen = _of_the_sender(name, sheets, catalogue)
    reporters = dict.fromkeys(sheet.reporter.id for sheet in sheets)
    is_part = len(reporters) > 1 or any(sheet.is_gathered for sheet in sheets)
    reports = ([s for s in sheets if s.reporter.id == reporter] for reporter in reporters)
    return [_head_of(name, own, chosen, is_part) for own in reports]


def _regions(grid: Grid, catalogue: Catalogue) -> list[Grid]:
    """The sheet, or a part for each 填报单位 where two reporters or two months stand on it, below or beside one another."""
    labels = [
        (place, (named_reporter(written(value), catalogue), month))
        for value, place in labelled(grid, Field.REPORTER)
        if named_reporter(written(value), catalogue)
        for month in [_month_beside(grid, place)]
    ]
    if len({said for _, said in labels}) < 2:
        return [grid]
    rows = sorted({row for (row, _), _ in labels})
    if len(rows) > 1:
        edges = [0, *rows[1:], len(grid.rows)]
        return [_only(grid, range(a, b), range(_MAX_COLUMNS)) for a, b in pairwise(edges)]
    columns = sorted({column for (_, column), _ in labels})
    edges = [0, *columns[1:], _MAX_COLUMNS]
    return [_only(grid, range(len(grid.rows)), range(a, b)) for a, b in pairwise(edges)]


def _month_beside(grid: Grid, place: tuple[int, int]) -> str:
    """The 报告期 in the row of a 填报单位, or the next one."""
    months = {at[0]: written(value) for value, at in labelled(grid, Field.MONTH)}
    return months.get(place[0], months.get(place[0] + 1, ""))


def _only(grid: Grid, rows: range, columns: range) -> Grid:
    kept = [
        [value if c in columns else "" for c, value in enumerate(row)] if r in rows else []
        for r, row in enumerate(grid.rows)
    ]
    return replace(grid, rows=kept)


def _of_the_year(
    sheets: list[tuple[Grid, tuple[Raw, Raw]]], catalogue: Catalogue
) -> list[tuple[Grid, tuple[Raw, Raw]]]:
    """Without instructions, which bear the labels too, and last year's form beside this one's."""
    sheets = [s for s in sheets if _is_known(*s[1], catalogue)] or sheets
    ours = [s for s in sheets if _year_and_month(s[1][1])[0] in (None, catalogue.plan.year)]
    return ours or sheets


def _sheets(
    name: str, grid: Grid, labels: tuple[Raw, Raw], catalogue: Catalogue
) -> list[sheet_identity.SheetIdentity]:
    who, when = labels
    reporter = named_reporter(written(who), catalogue)
    if reporter is None:
        raise sheet_identity.unknown_reporter(written(who), catalogue)
    month = _month(when, catalogue)
    year = _year_and_month(when)[0]
    sheet_identity.refuse_another_year(name, grid, year, catalogue)
    counties = (
        sheet_identity.gathered_counties(grid, reporter, month, catalogue)
        if isinstance(reporter, Department)
        else ()
    )
    return [
        sheet_identity.SheetIdentity(grid, one, month, year is None, (), bool(counties))
        for one in counties or (reporter,)
    ]


def _is_known(who: Raw, when: Raw, catalogue: Catalogue) -> bool:
    return named_reporter(written(who), catalogue) is not None and _year_and_month(when)[1] is not None


def _of_the_sender(
    name: str, sheets: list[sheet_identity.SheetIdentity], catalogue: Catalogue
) -> tuple[list[sheet_identity.SheetIdentity], tuple[str, ...]]:
    """Of several counties' sheets, that of the one county the file's name names; all where it names none."""
    reporters = list(dict.fromkeys(s.reporter.id for s in sheets))
    named = [c for c in sheet_identity.sender_in(name, catalogue) if c.id in reporters]
    if len(reporters) == 1 or len(named) != 1 or any(s.is_gathered for s in sheets):
        return sheets, ()
    others = "、".join(catalogue.name_of(r) for r in reporters if r != named[0].id)
    sentence = f"文件里另有{others}的报表，按文件名只读取{named[0].name}的；别的单位的报表由各单位报送"
    return [s for s in sheets if s.reporter.id == named[0].id], (sentence,)


def _head_of(
    name: str, sheets: list[sheet_identity.SheetIdentity], chosen: tuple[str, ...], is_part: bool
) -> Head:
    """One reporter's report; of several months the one the file's name says, else the last."""
    month, how = _the_month(name, list(dict.fromkeys(s.month for s in sheets)))
    own = [s for s in sheets if s.month == month]
    return Head(
        reporter=own[0].reporter, month=month,
        is_sample=any(SAMPLE_MARK in text for s in own for _, text in s.grid.texts()),
        year_assumed=all(s.year_assumed for s in own), grids=tuple(s.grid for s in own),
        decisions=(*dict.fromkeys(d for s in own for d in s.decisions), *chosen, *how), is_part=is_part,
        shared=tuple(s.grid for s in own if s.is_gathered),
    )  # fmt: skip


def _the_month(name: str, months: list[str]) -> tuple[str, tuple[str, ...]]:
    if len(months) == 1:
        return months[0], ()
    named = _months_in(name)
    by_name = [month for month in months if int(month[-2:]) in named]
    month = by_name[0] if len(by_name) == 1 else max(months)
    listed = "、".join(f"{int(m[-2:])}月" for m in months)
    how = "按文件名" if len(by_name) == 1 else "按最后一个月"
    return month, (f"工作簿里有 {listed} 的报表，{how}只读取 {int(month[-2:])}月的",)


def _labels(grid: Grid) -> tuple[Raw, Raw] | None:
    first = next((r for r, row in enumerate(grid.rows) if any(v != "" for v in row)), 0)
    who = next(labelled(grid, Field.REPORTER, first + HEAD_ROWS), None)
    when = next(labelled(grid, Field.MONTH, first + HEAD_ROWS), None)
    return (who[0], when[0]) if who and when else None


def _month(when: Raw, catalogue: Catalogue) -> str:
    year, number = _year_and_month(when)
    if number is None:
        reason = f"报告期“{written(when)[:40]}”看不懂" if written(when) else "没有填“报告期”"
        raise UnreadableError(reason, f"请在表头“报告期”写明年月，如 {catalogue.plan.year}年6月。")
    if year not in (None, catalogue.plan.year):
        reason = f"报告期为 {year}年{number}月，不是 {catalogue.plan.year} 年度的报表"
        raise UnreadableError(reason, "请核对表头“报告期”；填错的请改正，用错旧表的请下载新表填写。")
    return f"{catalogue.plan.year}-{number:02d}"


def _year_and_month(when: Raw) -> tuple[int | None, int | None]:
    moment = day(when)
    if isinstance(moment, date):
        return moment.year, moment.month
    found = _MONTH.fullmatch(with_digits(fold(written(when))))
    if not found or (isinstance(when, float) and found[2] == "1"):  # the number 2025.10 is stored as 2025.1
        return None, None
    return (int(found[1]) if found[1] else None), int(found[2])


def file_name_disagreements(name: str, head: Head, catalogue: Catalogue) -> Iterator[tuple[Field, str, str]]:
    """(label, expected, found) where the file's name is of another county or year than the sheet; a day in it is when it
    was sent."""
    other = _other_reporter(name, head, catalogue)
    if isinstance(other, County) and isinstance(head.reporter, County):
        yield Field.REPORTER, f"与表内填报单位“{head.reporter.name}”一致的文件名", other.name
    years = sheet_identity.years_in((_DAY.sub("", name),))
    if years and int(head.month[:4]) not in years:
        yield Field.MONTH, f"与表内报告期“{head.month[:4]}年”一致的文件名", f"{min(years)}年"


def name_disagreements(name: str, head: Head, catalogue: Catalogue) -> Iterator[tuple[Field, str, str]]:
    """(label, expected, found) where the file's name is of another department or month than the sheet."""
    other = _other_reporter(name, head, catalogue)
    if other and not (isinstance(other, County) and isinstance(head.reporter, County)):
        yield Field.REPORTER, f"与表内填报单位“{head.reporter.name}”一致的文件名", other.name
    number, months = int(head.month[-2:]), _months_in(_DAY.sub("", name))
    if months and number not in months:
        yield Field.MONTH, f"与表内报告期“{number}月”一致的文件名", f"{min(months)}月"


def title_disagreements(name: str, head: Head) -> Iterator[tuple[str, str, str]]:
    """(title or sheet's name, text, expected) where it names another month than 报告期 does. A text's sheet is its file."""
    number = int(head.month[-2:])
    for grid in head.grids:
        for what, text in _names_of(grid, name):
            months = _months_in(text)
            if months and number not in months:
                yield what, text[:40], f"与报告期“{number}月”一致的{what}"


def other_counties(name: str, head: Head, catalogue: Catalogue) -> Iterator[tuple[Grid, str, str, str]]:
    """(sheet, title or sheet's name, text, county) where it names another county, and not the reporter, than 填报单位 does."""
    for grid in head.grids if not head.is_part and isinstance(head.reporter, County) else ():
        for what, text in _names_of(grid, name):
            named = sheet_identity.sender_in(text, catalogue)
            if named and head.reporter not in named:
                yield grid, what, text, named[0].name


def _names_of(grid: Grid, name: str) -> list[tuple[str, str]]:
    return [("标题", text) for text in titles(grid)] + (
        [] if name.startswith(grid.name) else [("工作表名", grid.name)]
    )


def _months_in(text: str) -> set[int]:
    return {int(month) for month in _MONTH_IN_NAME.findall(with_digits(normalize_name(text)))}


def _other_reporter(name: str, head: Head, catalogue: Catalogue) -> Reporter | None:
    """Whom the file's name names instead of the reporter; of several the longest name."""
    whole = normalize_name(name)

    def longest(one: Reporter) -> int:
        return max((len(n) for n in (one.name, *one.also_written) if normalize_name(n) in whole), default=0)

    if head.is_part or longest(head.reporter):
        return None
    other = max(catalogue.reporters, key=longest)
    return other if longest(other) else None
