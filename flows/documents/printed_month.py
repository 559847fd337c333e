"""What the monthly bulletin must print (月调度应印): its sentences and every row of its tables."""

from collections.abc import Iterator

from flows.documents import printed_rows as rows
from flows.documents import printed_sentences as said
from flows.documents.document import Frames
from flows.documents.figures import Figures
from flows.documents.kinds.monthly import MonthlyFacts
from flows.documents.kinds.record import Record
from flows.documents.printed_rows import Row
from flows.documents.words import listed
from flows.plan.catalogue import Catalogue


def of_month(facts: MonthlyFacts, frames: Frames, catalogue: Catalogue) -> list[Row]:
    """The sentences and every table row of the monthly bulletin."""
    figures, whole = Figures(frames.figures), facts.overall
    return [
        *sentences(facts, frames, catalogue),
        *said.slow(whole, facts.standing),
        *_reporting(facts.record),
        *(row for one in facts.standing.headline for row in said.ranking(one)),
        *(Row(f"表1 {line.name}", rows.overall_row(line)) for line in whole.annex),
        *rows.grid(facts.standing),
        *first_attachment(facts, figures, catalogue),
        *rows.record(facts.record.rows),
        *second_attachment(facts),
        *rows.tasks(facts.tasks),
    ]


def sentences(facts: MonthlyFacts, frames: Frames, catalogue: Catalogue) -> Iterator[Row]:
    """What a month, a quarter and a half-year say alike of the whole."""
    whole = facts.overall
    for line in whole.headline:
        yield from said.headline(line, facts.period)
    yield from said.own_of_city(frames, catalogue)
    yield from said.departments(whole.departments, facts.period)
    yield from said.wordy_tasks(facts.tasks)
    yield from said.marks(facts.standing)
    yield from (Row("总体情况 更正", words) for words in facts.amended_since)
    if facts.period.length == 1:
        yield from (*said.others(whole), *said.each_county(whole.each_county))


def first_attachment(facts: MonthlyFacts, figures: Figures, catalogue: Catalogue) -> Iterator[Row]:
    """附件1 各地指标完成情况表."""
    whole = facts.overall
    yield from rows.annex(whole.annex, figures, catalogue)
    yield from rows.to_hasten(facts.standing)
    yield from rows.each_county(whole.each_county, figures, catalogue)
    yield from (Row(f"附件1 {line.name}", rows.department(line, catalogue)) for line in whole.departments)


def second_attachment(facts: MonthlyFacts) -> Iterator[Row]:
    """附件2 报送情况表, after its first table."""
    yield from rows.doubts(facts.record.doubts)
    yield from (Row(f"附件2 更正 {one.name}", one.text) for one in facts.amendments)
    yield from rows.own_words(facts.county_words)


def _reporting(record: Record) -> Iterator[Row]:
    counties, departments = record.expected
    text = f"应报送{counties}个地区、{departments}个牵头单位，按时报送{len(record.names('on_time'))}个"
    if record.late:
        text += f"；迟报{len(record.late)}个：{listed(record.late)}"
    if missing := record.names("missing"):
        text += f"；至数据截止时未报送{len(missing)}个：{listed(missing)}"
    yield Row("报送方面", text)
    for tier, words in (("query", "待核实事项"), ("error", "数据待核（暂不使用）")):
        if counted := record.doubtful(tier):
            told = "、".join(f"{name}{count}条" for name, count in counted)
            yield Row("报送方面", f"{words}{sum(count for _, count in counted)}条：{told}")
