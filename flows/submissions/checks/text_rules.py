"""Checks of the texts around the numbers (文字校验): heads, names of rows, titles and file names that are not understood,
say another year or county, or are not there. Each sentence names the sheet, the cell and the text."""

from collections.abc import Iterator, Sequence

from flows.plan.catalogue import Catalogue, County
from flows.plan.observation import Problem
from flows.plan.terms import CITY, Rule, Tier
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import COLUMN_OF, SUMS_UP, Field
from flows.submissions.formats.grid import address
from flows.submissions.reading.head import (
    Head,
    file_name_disagreements,
    name_disagreements,
    other_counties,
    title_disagreements,
)
from flows.submissions.reading.labels import labelled_cell
from flows.submissions.reading.lines import FoundLines
from flows.submissions.reading.matched_table import column_list
from flows.submissions.reading.row import FormRow
from flows.submissions.reading.table_layout import STRUCK
from flows.submissions.reading.titles import REMARK

_MAX_LISTED = 5  # texts that one sentence lists
_TOTALS = (Rule.TOTAL, Rule.EACH_COUNTY)


def heading_not_understood(found: FoundLines, county: str) -> Iterator[Problem]:
    """A head or a row's name with something in it that may change what its numbers are: they are held."""
    if found.doubts:
        grid, first = found.doubts[0]
        listed = "、".join(
            f"{address(d.place)}“{d.text[:30]}”的“{d.rest[:20]}”" for _, d in found.doubts[:_MAX_LISTED]
        )
        struck = any(doubt.rest == STRUCK for _, doubt in found.doubts)
        yield Problem(
            rule="heading_not_understood", tier=Tier.ERROR, county=county, indicator="", measure="", sheet=grid.name,
            cell=address(first.place), subject="栏头或指标名", expected="能确定数的时间、口径和单位的文字",
            found=f"{listed}没有认出，对应的数没有采用",
            values=tuple(d.text for _, d in found.doubts), remedy="有效的请去掉删除线，作废的行、栏请删去，再重新报送" if struck
            else "请改用下发报表的栏头和指标名称；要说明的写在“原因说明”或回信里，再重新报送",
        )  # fmt: skip


def title_not_understood(found: FoundLines, county: str) -> Iterator[Problem]:
    """A title, or a sheet's name, that says another time, a plan, a difference or something unknown: all is held."""
    if found.title_doubts:
        grid, doubt = found.title_doubts[0]
        what = "标题" if doubt.place else "工作表名"
        yield Problem(
            rule="title_not_understood", tier=Tier.ERROR, county=county, indicator="", measure="", sheet=grid.name,
            cell=address(doubt.place) if doubt.place else "", subject=what, expected="本年本月完成数的报表",
            found=f"“{doubt.text[:40]}”中的“{doubt.said[:20]}”，表内的数没有采用",
            values=(doubt.text,), remedy=f"如果是本年本月的数，请改正{what}后重新报送；不是的，请填写本月的报表",
        )  # fmt: skip


def note_qualifies(found: FoundLines, county: str) -> Iterator[Problem]:
    """A note says what the numbers hold or leave out: they are used as they stand, and it is asked about."""
    for grid, place, text in found.notes[:1]:
        yield Problem(
            rule="note_qualifies", tier=Tier.QUERY, county=county, indicator="", measure="", sheet=grid.name,
            cell=address(place), subject="表注", expected="按指标口径填报的本年完成数", found=f"“{text[:60]}”",
            values=(text,), remedy="请核对表内的数是否符合指标口径；不符的改正后重新报送，相符的请说明",
        )  # fmt: skip


def text_beside_numbers(found: FoundLines, county: str) -> Iterator[Problem]:
    """A comment, a text box or a page's margin says something of the numbers: held where it may change what they are."""
    for grid, one in found.annotations[: 4 * _MAX_LISTED]:
        used = "对应的数没有采用" if one.holds else "数先采用"
        yield Problem(
            rule="annotation_changes_meaning" if one.holds else "annotation_not_understood",
            tier=Tier.ERROR if one.holds else Tier.QUERY, county=county, indicator="", measure="",
            sheet=grid.name, cell=address(one.place) if one.place else "", subject=one.where,
            expected="不改变数的含义的文字", found=f"“{' '.join(one.text.split())[:60]}”，{used}", values=(one.text,),
            remedy="请填本年本月的准确数；数没有问题的，请改写这一句，再重新报送" if one.where == REMARK
            else f"{one.where}说的与数有关的，请改在表内的数、栏头或“原因说明”（回信）里；无关的请删去，再重新报送",
            aspect=address(one.place) if one.place else one.where,
        )  # fmt: skip


def another_report(name: str, head: Head, catalogue: Catalogue, county: str) -> Iterator[Problem]:
    """A title or a sheet's name of another county, or a file's name of another county or year, than the form's head:
    whose numbers of when these are is not known, all are held."""
    for grid, what, text, other in list(other_counties(name, head, catalogue))[:1]:
        yield Problem(
            rule="title_of_another_county", tier=Tier.ERROR, county=county, indicator="", measure="", sheet=grid.name, cell="",
            subject=what, expected=f"与填报单位“{head.reporter.name}”一致的{what}",
            found=f"“{text[:40]}”，写的是{other}，表内的数没有采用", values=(text,),
            remedy=f"请核对是哪个地区的数，改正{what}或填报单位后重新报送",
        )  # fmt: skip
    for field, expected, found in file_name_disagreements(name, head, catalogue):
        sheet, cell = labelled_cell(head.grids, field)
        yield Problem(
            rule="file_of_another_report", tier=Tier.ERROR, county=county, indicator="", measure="", sheet=sheet, cell=cell,
            subject="文件名", expected=expected, found=f"{found}，表内的数没有采用", values=(expected, found),
            remedy="文件名写错的，请改文件名；表头写错的，请改正表头，再重新报送",
        )  # fmt: skip


def running_total_missing(found: FoundLines, county: str) -> Iterator[Problem]:
    """No column is known for the year's running total; the columns that were not understood are named."""
    rows = [row for rows in found.places.values() for row in rows if row.line.rule in _TOTALS]
    if not lacks_running_total(rows):
        return
    table = next((t for t in found.tables if t.unread or t.differing), found.tables[0])
    columns = {**table.unread, **table.differing}
    said = f"{column_list(columns)}没有认出是本年累计" if columns else "没有这一栏"
    yield Problem(
        rule="running_total_missing", tier=Tier.QUERY, county=county, indicator="", measure="", sheet=table.grid.name,
        cell="", subject="累计栏", expected="写明“累计”的一栏", found=said,
        values=tuple(columns.values()), remedy="请在填累计数的那一栏的栏头写“累计”后重新报送",
    )  # fmt: skip


def lacks_running_total(rows: Sequence[FormRow]) -> bool:
    """Whether there are rows of running totals, and for none of them a column."""
    return bool(rows) and not any(row.has(Field.RUNNING_TOTAL) for row in rows)


def row_missing(line: Line, form: FormSpec, found: FoundLines, sheet: str) -> Problem:
    """An asked line that stands nowhere as it should. Where a name says something else, or is not known, that is
    named; else the remedy names the row before it on the form, where that is on the sheet."""
    before = [found.places[one][0] for one in form.lines[: form.lines.index(line)] if found.places.get(one)]
    where = f"在 {address(before[-1].name)}“{before[-1].line.label}”之后" if before else "在表里"
    at, cell, said = before[-1].grid.name if before else sheet, "", "缺这一项"
    remedy = f"请{where}补填这一项，或改用下发的报表填报，重新报送"
    if line in found.differing_rows:
        grid, place = found.differing_rows[line]
        at, cell = grid.name, address(place)
        said = f"“{grid.text(place)[:30]}”，不是本项本年的完成数，没有读取"
        remedy = "请填报本项本年的完成数，指标名称写成下发报表上的名称，重新报送"
    elif unknown := [
        (table.grid, place)
        for table in found.tables
        if not table.has_counties
        for place in table.unknown_rows
    ]:
        listed = "、".join(address(place) for _, place in unknown[:_MAX_LISTED]) + (
            "等" if len(unknown) > _MAX_LISTED else ""
        )
        said = f"没有认出这一项（{listed}的名称没有认出）"
        remedy = f"请把指标名称写成“{line.label.strip('“”')}”，或改用下发的报表填报，重新报送"
    return Problem(
        rule="row_missing", tier=Tier.QUERY, county=line.county, indicator=line.indicator, measure=line.measures[0],
        sheet=at, cell=cell, subject=line.label, expected="表内有这一项", found=said, remedy=remedy, values=(),
    )  # fmt: skip


def row_twice(line: Line, places: Sequence[FormRow]) -> Problem:
    """The same line on several rows with different numbers: none of them is used."""
    field = COLUMN_OF[line.measures[-1]]
    cells = [f"{place.grid.name}!{place.cell(field)}" for place in places]
    return Problem(
        rule="row_twice", tier=Tier.ERROR, county=line.county, indicator=line.indicator, measure=line.measures[0],
        sheet=places[-1].grid.name, cell=places[-1].cell(field), subject=line.label, expected="只填一处",
        found=f"{len(places)} 处，数不相同：{'、'.join(cells)}",
        remedy=f"请只留正确的一行，删去其余的（如 {cells[-1]} 一行）后重新报送", values=tuple(cells),
    )  # fmt: skip


def names_disagree(name: str, head: Head, catalogue: Catalogue, county: str) -> Iterator[Problem]:
    """The file's name, a title or a sheet's name says another month or department than the sheet."""
    for field, expected, found in name_disagreements(name, head, catalogue):
        sheet, cell = labelled_cell(head.grids, field)
        yield Problem(
            rule="file_name_disagrees", tier=Tier.QUERY, county=county, indicator="", measure="", sheet=sheet, cell=cell,
            subject="文件名", expected=expected, found=found, values=(expected, found),
            remedy="以表内填写的为准；如表内填错，请改正后重新报送",
        )  # fmt: skip
    for what, text, expected in title_disagreements(name, head):
        sheet, cell = labelled_cell(head.grids, Field.MONTH)
        yield Problem(
            rule="title_disagrees", tier=Tier.QUERY, county=county, indicator="", measure="", sheet=sheet, cell=cell,
            subject=what, expected=expected, found=f"“{text}”", values=(what, text),
            remedy="已按报告期读取；如报告期没有改，请改正后重新报送",
        )  # fmt: skip


def unknown_rows(found: FoundLines, catalogue: Catalogue) -> Iterator[str]:
    """Rows with numbers under a name that is not known. A name that could be a person's is not repeated."""
    names = "".join(n for c in catalogue.counties for n in (c.name, *c.also_written))
    rows = [(g, p) for g, p in found.unknown_rows if g.text(p) not in SUMS_UP]
    if rows:
        listed = "、".join(
            f"{g.name}!{address(p)}" + (f"“{g.text(p)[:20]}”" if _is_of_a_place(g.text(p), names) else "")
            for g, p in rows[: 4 * _MAX_LISTED]
        )
        more = f"等 {len(rows)} 行" if len(rows) > 4 * _MAX_LISTED else ""
        yield f"{listed}{more} 没有认出或不在填报范围，未读取；要报的请写成方案里的名称后重新报送"


def _is_of_a_place(text: str, names: str) -> bool:
    return any(text[n : n + 2] in names for n in range(len(text) - 1)) or text[-1:] in "旗县市区镇乡"


def county_of(head: Head) -> str:
    """Whose problem it is: the county's, or the city's for a department."""
    return head.reporter.id if isinstance(head.reporter, County) else CITY
