"""What a county's feedback must print (反馈单应印): its table, what every county has to reach, its record, its doubts."""

from collections.abc import Iterator

from flows.documents import printed_rows as rows
from flows.documents.kinds.county_report import CountyFacts
from flows.documents.kinds.record import LATE, MISSING, Reported
from flows.documents.printed_rows import Row
from flows.documents.words import amount, cell, listed, month_day


def of_county(facts: CountyFacts) -> list[Row]:
    """The sentences and rows of one county's feedback on a month or a longer period."""
    return [
        *(
            Row(i.name, f"{i.name}{'*' if f.small_target else ''}{f.unit}{rows.own_row(f)}")
            for i, f in facts.totals
        ),
        *_counted(facts),
        *_minima(facts),
        *_reported(facts.reported),
        *_doubts(facts),
    ]


def _counted(facts: CountyFacts) -> Iterator[Row]:
    total = len(facts.totals)
    text = f"列入方案附表的{total}项指标"
    told = (
        (facts.ahead, "达到或快于时序进度", False),
        (facts.behind, "慢于时序进度", True),
        (facts.unknown, "未报或待核，不作比较、不参加排位", True),
    )
    whole = next((words for names, words, _ in told if len(names) == total), None)
    if whole:
        text += f"均{whole}"
    else:
        text += "中" + "".join(
            f"，{len(names)}项{words}{f'（{listed(names)}）' if by_name else ''}"
            for names, words, by_name in told
            if names
        )
    yield Row("指标完成情况", text)


def _minima(facts: CountyFacts) -> Iterator[Row]:
    for i, f in facts.minima:
        text = f"{i.name}应不少于{amount(f.target or 0.0, f.unit)}，"
        if f.ytd is None:
            text += cell(None, f.unit, f.state)
        else:
            text += f"现有{amount(f.ytd, f.unit)}，{'已达到' if f.met else '未达到'}"
        yield Row(i.name, text)


def _reported(r: Reported) -> Iterator[Row]:
    text = f"应于{month_day(r.due_on)}报送，"
    if r.status == MISSING:
        text += "至数据截止时未报送"
    elif r.first_received_at is not None:
        came = month_day(r.first_received_at)
        text += f"于{came}报送，迟{r.days_late}天" if r.status == LATE else f"于{came}按时报送"
    text += f"，此后更正{r.versions - 1}次" if (r.versions or 0) > 1 and r.versions else ""
    text += "。"
    if r.late_this_year or r.missing_this_year:
        text += f"今年以来迟报{r.late_this_year}次、未报{r.missing_this_year}次。"
    yield Row("报送情况", text)


def _doubts(facts: CountyFacts) -> Iterator[Row]:
    if facts.doubts:
        yield Row("核实情况", f"待核实、待更正事项{len(facts.doubts)}条：")
    for at, doubt in enumerate(facts.doubts, 1):
        yield Row(f"核实情况 {at}", f"{at}.{doubt.message}。处理办法：{doubt.remedy}。")
