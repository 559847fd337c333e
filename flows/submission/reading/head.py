"""Who reports which month (填报单位、报告期), from the sheet's own labels; the file's name is only compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.reporter import Reporter, plain
from flows.submission.container.grid import Grid, Raw, written
from flows.submission.container.opening import UnreadableError
from flows.submission.layout import SAMPLE_MARK, Field
from flows.submission.reading.cells import day, fold
from flows.submission.reading.labels import HEAD_ROWS, labelled

_MONTH = re.compile(r"(?:(20\d\d)\s*[年./-]\s*)?(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?")
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


def read_head(grids: list[Grid], catalogue: Catalogue) -> Head:
    """The one report in the file; UnreadableError if there is none, more than one, or one that cannot be right."""
    sheets = [(grid, found) for grid in grids if grid.visible and (found := _labels(grid))]
    if not sheets:
        raise UnreadableError("没有找到报表：各工作表上都没有“填报单位”和“报告期”", _REMEDY)
    reports: dict[tuple[str, str], list[Grid]] = {}
    for grid, (who, when) in sheets:
        key = _reporter(who, catalogue).id, _month(when, catalogue)
        reports.setdefault(key, []).append(grid)
    if len(reports) > 1:
        listed = "、".join(f"{catalogue.name_of(r)}{m}" for r, m in reports)
        raise UnreadableError(
            f"一个文件里有 {len(reports)} 份报表（{listed}）", "请每个单位、每个月分别报送一个文件。"
        )
    (reporter, month), own = next(iter(reports.items()))
    is_sample = any(SAMPLE_MARK in text for grid in own for _, text in grid.texts())
    year_assumed = all(_year_and_month(when)[0] is None for _, (_, when) in sheets)
    return Head(catalogue.reporter[reporter], month, is_sample, year_assumed, tuple(own))


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
    if not found:
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


def _other_reporter(stem: str, catalogue: Catalogue) -> str | None:
    names = [n for r in catalogue.reporters for n in (r.name, *r.also_written) if plain(n) in stem]
    return max(names, key=len, default=None)
