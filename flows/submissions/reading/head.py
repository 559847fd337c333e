"""Who reports which month (填报单位、报告期), from the sheet's own labels; the file's name is only compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.plan.catalogue import Catalogue, Department, Reporter, normalize_name
from flows.submissions.form.layout import SAMPLE_MARK, Field
from flows.submissions.formats.grid import Grid, Raw, written
from flows.submissions.formats.opened import UnreadableError
from flows.submissions.reading.cells import day, fold
from flows.submissions.reading.labels import HEAD_ROWS, labelled
from flows.submissions.reading.sheet_identity import Stated, gathered, sender_in, stated, titles

_MONTH = re.compile(r"(?:(20\d\d)\s*[年./-]\s*)?(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?")
_MONTH_IN_TITLE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?!\d{1,2}日)")
_MONTH_IN_NAME = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月")
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
    labelled_sheets = [(grid, found) for grid in grids if grid.visible and (found := _labels(grid))]
    if labelled_sheets:
        sheets = [
            one for sheet in _of_the_year(labelled_sheets, catalogue) for one in _sheets(*sheet, catalogue)
        ]
    else:
        sheets = [one for grid in grids if grid.visible for one in stated(name, grid, catalogue)]
    if not sheets:
        raise UnreadableError("没有找到报表：各工作表上都没有“填报单位”和“报告期”", _REMEDY)
    sheets, chosen = _of_the_sender(name, sheets, catalogue)
    reporters = dict.fromkeys(sheet.reporter.id for sheet in sheets)
    is_part = len(reporters) > 1 or any(sheet.is_gathered for sheet in sheets)
    reports = ([s for s in sheets if s.reporter.id == reporter] for reporter in reporters)
    return [_head_of(name, own, chosen, is_part) for own in reports]


def _of_the_year(
    sheets: list[tuple[Grid, tuple[Raw, Raw]]], catalogue: Catalogue
) -> list[tuple[Grid, tuple[Raw, Raw]]]:
    """Without instructions, which bear the labels too, and last year's form beside this one's."""
    sheets = [s for s in sheets if _is_known(*s[1], catalogue)] or sheets
    ours = [s for s in sheets if _year_and_month(s[1][1])[0] in (None, catalogue.plan.year)]
    return ours or sheets


def _sheets(grid: Grid, labels: tuple[Raw, Raw], catalogue: Catalogue) -> list[Stated]:
    who, when = labels
    reporter, month = _reporter(who, catalogue), _month(when, catalogue)
    assumed = _year_and_month(when)[0] is None
    counties = gathered(grid, reporter, catalogue) if isinstance(reporter, Department) else ()
    return [Stated(grid, one, month, assumed, (), bool(counties)) for one in counties or (reporter,)]


def _is_known(who: Raw, when: Raw, catalogue: Catalogue) -> bool:
    return catalogue.reporter_named(written(who)) is not None and _year_and_month(when)[1] is not None


def _of_the_sender(
    name: str, sheets: list[Stated], catalogue: Catalogue
) -> tuple[list[Stated], tuple[str, ...]]:
    """Of several counties' sheets, that of the one county the file's name names; all where it names none."""
    reporters = list(dict.fromkeys(s.reporter.id for s in sheets))
    named = [c for c in sender_in(name, catalogue) if c.id in reporters]
    if len(reporters) == 1 or len(named) != 1 or any(s.is_gathered for s in sheets):
        return sheets, ()
    others = "、".join(catalogue.name_of(r) for r in reporters if r != named[0].id)
    sentence = f"文件里另有{others}的报表，按文件名只读取{named[0].name}的；别的单位的报表由各单位报送"
    return [s for s in sheets if s.reporter.id == named[0].id], (sentence,)


def _head_of(name: str, sheets: list[Stated], chosen: tuple[str, ...], is_part: bool) -> Head:
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
    named = {int(m) for m in _MONTH_IN_NAME.findall(normalize_name(name))}
    by_name = [month for month in months if int(month[-2:]) in named]
    month = by_name[0] if len(by_name) == 1 else max(months)
    listed = "、".join(f"{int(m[-2:])}月" for m in months)
    how = "按文件名" if len(by_name) == 1 else "按最后一个月"
    return month, (f"工作簿里有 {listed} 的报表，{how}只读取 {int(month[-2:])}月的",)


def _labels(grid: Grid) -> tuple[Raw, Raw] | None:
    who = next(labelled(grid, Field.REPORTER, HEAD_ROWS), None)
    when = next(labelled(grid, Field.MONTH, HEAD_ROWS), None)
    return (who[0], when[0]) if who and when else None


def _reporter(who: Raw, catalogue: Catalogue) -> Reporter:
    text = written(who)
    found = catalogue.reporter_named(text)
    if found is None:
        reason = f"填报单位“{text[:40]}”不在填报名单里" if text else "没有填“填报单位”"
        raise UnreadableError(reason, "请在表头“填报单位”写明单位全称。")
    return found


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
    found = _MONTH.fullmatch(fold(written(when)))
    if not found or (isinstance(when, float) and found[2] == "1"):  # the number 2025.10 is stored as 2025.1
        return None, None
    return (int(found[1]) if found[1] else None), int(found[2])


def name_disagreements(name: str, head: Head, catalogue: Catalogue) -> Iterator[tuple[Field, str, str]]:
    """(label, expected, found) for each thing in the file's name that the sheet contradicts."""
    stem = normalize_name(name)
    if not head.is_part and not any(
        normalize_name(n) in stem for n in (head.reporter.name, *head.reporter.also_written)
    ):
        other = _other_reporter(stem, catalogue)
        if other:
            yield Field.REPORTER, f"与表内填报单位“{head.reporter.name}”一致的文件名", other
    months = {int(m) for m in _MONTH_IN_NAME.findall(stem)}
    number = int(head.month[-2:])
    if months and number not in months:
        yield Field.MONTH, f"与表内报告期“{number}月”一致的文件名", f"{min(months)}月"


def title_disagreements(name: str, head: Head) -> Iterator[tuple[str, str]]:
    """(title or sheet's name, text) where it names another month than 报告期 does. A text's sheet is its file."""
    number = int(head.month[-2:])
    for grid in head.grids:
        texts = [("标题", text) for text in titles(grid)]
        texts += [] if name.startswith(grid.name) else [("工作表名", grid.name)]
        for what, text in texts:
            months = {int(m) for m in _MONTH_IN_TITLE.findall(normalize_name(text))}
            if months and number not in months:
                yield what, text[:40]


def _other_reporter(stem: str, catalogue: Catalogue) -> str | None:
    names = [n for r in catalogue.reporters for n in (r.name, *r.also_written) if normalize_name(n) in stem]
    return max(names, key=len, default=None)
