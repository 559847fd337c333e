"""What a notice must print (提醒催办应印): its matters, a row each or, of a single one, a sentence."""

from collections.abc import Iterator, Mapping

from flows.documents.kinds.notice import chain, citation, link
from flows.documents.printed_rows import Row
from flows.documents.words import (
    MARK_LABEL,
    NOT_COMPUTABLE,
    against,
    amount,
    cell,
    goal,
    one_decimal,
    percent,
    place_cell,
    points,
    rounded_up,
)
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.notice import Matter, Notice, NoticeKind


def of_notice(notice: Notice, catalogue: Catalogue, earlier: Mapping[str, Notice]) -> list[Row]:
    """A table row for each of several matters, a sentence for a single one, none for a report not sent; and the
    earlier notices it names, with their dates. `earlier` are those sent before it, by number."""
    rows = [(catalogue.indicator[m.indicator], m) for m in notice.matters if m.indicator]
    if len(rows) == 1:
        return [*_matter_said(*rows[0]), *_named(notice, earlier)]
    return [*(Row(i.name, _matter_row(i, m)) for i, m in rows), *_named(notice, earlier)]


def _named(notice: Notice, earlier: Mapping[str, Notice]) -> Iterator[Row]:
    if notice.kind is NoticeKind.ESCALATION:
        yield from (Row("前次文书", link(earlier[number])) for number in chain(notice, earlier))
        return
    cited = dict.fromkeys(m.cites for m in notice.matters if m.cites)
    yield from (Row("前次文书", citation(earlier[number])) for number in cited)


def _matter_row(i: Indicator, m: Matter) -> str:
    place = NOT_COMPUTABLE if m.rank is None else f"{place_cell(m.rank, m.tied)}/{m.ranked}"
    need = (
        NOT_COMPUTABLE
        if m.required_monthly is None
        else cell(rounded_up(m.required_monthly, i.unit), i.unit, "")
    )
    judged = f"{one_decimal(m.attainment_pct or 0.0)}{points(m.gap_pp or 0.0)}"  # neither is null where one is behind
    return f"{i.name}{i.unit}{cell(m.ytd, i.unit, '')}{goal(m.target, i.unit)}{judged}{place}{need}{MARK_LABEL[m.mark or '']}"


def _matter_said(i: Indicator, m: Matter) -> Iterator[Row]:
    done = f"{i.name}{amount(m.ytd or 0.0, i.unit)}，完成年度任务{amount(m.target or 0.0, i.unit)}的"
    yield Row(i.name, f"{done}{percent(m.attainment_pct or 0.0)}，{against(m.gap_pp or 0.0)}")
    if m.required_monthly is not None:
        yield Row(i.name, f"尚需月均{amount(rounded_up(m.required_monthly, i.unit), i.unit)}")
