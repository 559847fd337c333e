"""Blank forms and sample submissions, written to a folder (空白报表、示例报表)."""

import json
from pathlib import Path

from flows.files import write_whole
from flows.plan.catalogue import Catalogue, Reporter
from flows.plan.period import Period
from flows.plan.workdays import deadlines
from flows.progress import shown
from flows.submissions.form.form_spec import form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.sample.submissions import sample
from flows.warehouse.connection import Warehouse
from flows.warehouse.ledger import known_totals
from flows.warehouse.questions import LONG_AFTER, open_questions
from flows.warehouse.raw import ENVELOPE


def write_forms(warehouse: Warehouse, catalogue: Catalogue, month: Period, folder: Path) -> list[Path]:
    """One blank workbook a reporter: last month's running totals from what is in force, and its open queries."""
    written = []
    for reporter in shown(catalogue.reporters, "写报表"):
        name, content = blank_form(warehouse, catalogue, month, reporter)
        write_whole(folder / name, content)
        written.append(folder / name)
    return written


def blank_form(
    warehouse: Warehouse, catalogue: Catalogue, month: Period, reporter: Reporter
) -> tuple[str, bytes]:
    """The blank workbook of one reporter: its name and its bytes."""
    due = deadlines(str(month), catalogue.policy.reporting).due_on
    known = known_totals(warehouse, reporter.id, str(month), LONG_AFTER)
    first, last = f"{month.year}-01", str(month.previous)  # of January, last year's December: nothing
    waits = open_questions(warehouse, first, last, LONG_AFTER, reporter.id) if month.first > 1 else ()
    form = form_spec(catalogue, reporter.id, str(month), known, waits)
    return f"{reporter.name}{month.long_label}月报.xlsx", write_form(form, due)


def write_sample(catalogue: Catalogue, months: tuple[int, ...], seed: int, folder: Path) -> int:
    """Sample submissions with their envelopes (when each arrived); returns how many."""
    written = [str(Period.month(catalogue.plan.year, m)) for m in months]
    dates = {month: deadlines(month, catalogue.policy.reporting) for month in written}
    files = list(sample(catalogue, written, seed, dates.__getitem__))
    for file in shown(files, "写示例报表"):
        envelope = json.dumps({"received_at": file.received_at.isoformat()})
        write_whole(folder / (file.name + ENVELOPE), envelope.encode())
        write_whole(folder / file.name, file.content)
    return len(files)
