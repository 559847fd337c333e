"""Who reports which month (填报单位、报告期), from the sheet's own labels; the file's name is only compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.reporter import Reporter, plain
from flows.submission.container.grid import Grid, Raw, written
from flows.submission.container.opened import UnreadableError
from flows.submission.layout import SAMPLE_MARK, Field
from flows.submission.reading.cells import day, fold
from flows.submission.reading.labels import HEAD_ROWS, labelled
from flows.submission.reading.stated import stated, titles

_MONTH = re.compile(r"(?:(20\d\d)\s*[年./-]\s*)?(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?")
_MONTH_IN_TITLE = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?!\d{1,2}日)")
_MONTH_IN_NAME = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月")
_REMEDY = "请填写下发的报表，保留表头的“填报单位”和“报告期”。"


@dataclass(frozen=True, slots=True)
class Head:
    """What the labels over the tables say: whose report, of which month (YYYY-MM)."""

    reporter: Reporter
    month: str
    is_sample: bool
    year_assumed: bool
    grids: tuple[Grid, ...]
    decisions: tuple[str, ...] = ()


def read_head(name: str, grids: list[Grid], catalogue: Catalogue) -> Head:
    """The one report in the file; UnreadableError if there is none, more than one, or one that cannot be right."""
    sheets = [(grid, found) for grid in grids if grid.visible and (found := _labels(grid))]
    if not sheets:
        return _without_labels(name, grids, catalogue)
    sheets = [s for s in sheets if _is_known(*s[1], catalogue)] or sheets  # instructions bear the labels too
    years = [_year_and_month(when)[0] for _, (_, when) in sheets]
    if any(
        year in (None, catalogue.plan.year) for year in years
    ):  # last year's form may stand beside this one's
        sheets = [s for s, year in zip(sheets, years, strict=True) if year in (None, catalogue.plan.year)]
    reports: dict[tuple[str, str], list[Grid]] = {}
    for grid, (who, when) in sheets:
        key = _reporter(who, catalogue).id, _month(when, catalogue)
        reports.setdefault(key, []).append(grid)
    (reporter, month), chosen = _the_one(name, list(reports), catalogue)
    own = reports[reporter, month]
    is_sample = any(SAMPLE_MARK in text for grid in own for _, text in grid.texts())
    year_assumed = all(_year_and_month(when)[0] is None for _, (_, when) in sheets)
    return Head(catalogue.reporter[reporter], month, is_sample, year_assumed, tuple(own), chosen)


def _is_known(who: Raw, when: Raw, catalogue: Catalogue) -> bool:
    return catalogue.reporter_named(written(who)) is not None and _year_and_month(when)[1] is not None


def _without_labels(name: str, grids: list[Grid], catalogue: Catalogue) -> Head:
    """The report where its labels are gone: see `stated`."""
    sheets = [s for grid in grids if grid.visible and (s := stated(name, grid, catalogue))]
    if not sheets:
        raise UnreadableError("没有找到报表：各工作表上都没有“填报单位”和“报告期”", _REMEDY)
    keys = list(dict.fromkeys((s.reporter.id, s.month) for s in sheets))
    key, chosen = _the_one(name, keys, catalogue)
    own = [s for s in sheets if (s.reporter.id, s.month) == key]
    is_sample = any(SAMPLE_MARK in text for s in own for _, text in s.grid.texts())
    sentences = tuple(dict.fromkeys(d for s in own for d in s.decisions))
    grids_of = tuple(s.grid for s in own)
    return Head(own[0].reporter, key[1], is_sample, own[0].year_assumed, grids_of, sentences + chosen)


def _the_one(
    name: str, keys: list[tuple[str, str]], catalogue: Catalogue
) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Of several months of one reporter, the one the file's name says, else the last; of several reporters none."""
    if len(keys) == 1:
        return keys[0], ()
    if len({reporter for reporter, _ in keys}) > 1:
        listed = "、".join(f"{catalogue.name_of(r)}{m}" for r, m in keys)
        raise UnreadableError(
            f"一个文件里有 {len(keys)} 份报表（{listed}）", "请每个单位、每个月分别报送一个文件。"
        )
    named = {int(m) for m in _MONTH_IN_NAME.findall(plain(name))}
    by_name = [key for key in keys if int(key[1][-2:]) in named]
    key = by_name[0] if len(by_name) == 1 else max(keys)
    months = "、".join(f"{int(month[-2:])}月" for _, month in keys)
    how = "按文件名" if len(by_name) == 1 else "按最后一个月"
    return key, (f"工作簿里有 {months} 的报表，{how}只读取 {int(key[1][-2:])}月的",)


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


def name_disagreements(name: str, head: Head, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(expected, found) for each thing in the file's name that the sheet contradicts."""
    stem = plain(name)
    if not any(plain(n) in stem for n in (head.reporter.name, *head.reporter.also_written)):
        other = _other_reporter(stem, catalogue)
        if other:
            yield f"与表内填报单位“{head.reporter.name}”一致的文件名", other
    months = {int(m) for m in _MONTH_IN_NAME.findall(stem)}
    number = int(head.month[-2:])
    if months and number not in months:
        yield f"与表内报告期“{number}月”一致的文件名", f"{min(months)}月"


def title_disagreements(name: str, head: Head) -> Iterator[tuple[str, str]]:
    """(title or sheet's name, text) where it names another month than 报告期 does. A text's sheet is its file."""
    number = int(head.month[-2:])
    for grid in head.grids:
        texts = [("标题", text) for text in titles(grid)]
        texts += [] if name.startswith(grid.name) else [("工作表名", grid.name)]
        for what, text in texts:
            months = {int(m) for m in _MONTH_IN_TITLE.findall(plain(text))}
            if months and number not in months:
                yield what, text[:40]


def _other_reporter(stem: str, catalogue: Catalogue) -> str | None:
    names = [n for r in catalogue.reporters for n in (r.name, *r.also_written) if plain(n) in stem]
    return max(names, key=len, default=None)
