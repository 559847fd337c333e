"""What a correction must print (更正说明应印): every corrected cell and figure then and now, and the notices it touches."""

from collections.abc import Iterator

from flows.documents.kinds.correction import Correcting, cell_rows, figure_rows, made_up, moved_and_marked
from flows.documents.printed_rows import Row
from flows.documents.words import amount, day, percent
from flows.plan.catalogue import Catalogue


def of_correction(correcting: Correcting, catalogue: Catalogue) -> list[Row]:
    """Its sentences and every row of its two tables."""
    return [
        *_tables(correcting, catalogue),
        *_sentences(correcting, catalogue),
        *_touched(correcting, catalogue),
    ]


def _tables(correcting: Correcting, catalogue: Catalogue) -> Iterator[Row]:
    for c in cell_rows(correcting.cells, catalogue):
        yield Row(
            f"表1 {c.name}{c.subject}", f"{c.name}{c.month}{c.subject}{c.unit}{c.before}{c.now}{c.reason}"
        )
    for f in figure_rows(correcting.figures, catalogue):
        numbers = f"{f.then_now('ytd')}{f.then_now('attainment_pct')}{f.places()}{f.marks()}"
        yield Row(f"表2 {f.name}{f.indicator}", f"{f.name}{f.indicator}{f.unit}{numbers}")


def _sentences(correcting: Correcting, catalogue: Catalogue) -> Iterator[Row]:
    original, corrected = correcting.original, cell_rows(correcting.cells, catalogue)
    yield Row(
        "原文件", f"《{original.title}》（{original.number}，{day(original.issued_on)}印发，以下称原文件）"
    )
    yield Row("更正的数据", f"更正{len(corrected)}个数，见表1")
    if new := made_up(correcting.cells, catalogue):
        yield Row("补报", f"{new}的报表也已补报")
    for one in correcting.earlier:
        yield Row("此前更正", one.number)
    if changed := len(correcting.figures):
        moved, marked = moved_and_marked(correcting.figures)
        told = (
            f"{_change('位次', moved)}，{_change('标识', marked)}"
            if moved or marked
            else "位次、标识均无变化"
        )
        yield Row(
            "对原文件的影响",
            f"原文件所列数中有{changed}项因此变化，见表2；{'其中' if moved or marked else ''}{told}",
        )


def _change(what: str, count: int) -> str:
    return f"{what}变化{count}项" if count else f"{what}均无变化"


def _touched(correcting: Correcting, catalogue: Catalogue) -> Iterator[Row]:
    for t in correcting.touched:
        i, name = catalogue.indicator[t.indicator], catalogue.name_of(t.notice.addressee)
        then = f"累计{amount(t.ytd_before or 0.0, i.unit)}、完成率{percent(t.attainment_pct_before or 0.0)}"
        now = "数据待核"
        if t.ytd is not None:
            now = f"累计{amount(t.ytd, i.unit)}、完成率{percent(t.attainment_pct or 0.0)}"
        yield Row(f"提醒催办 {t.notice.number}", f"{name}{i.name}：{t.notice.number}所列{then}，现为{now}")
