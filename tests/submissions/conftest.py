"""One county's June, written in one place: its form, what was in force in May, an honest filling-in."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.observation import KnownTotals, Observation, Problem, Reading, Refusal
from flows.plan.terms import Measure, StatementKind
from flows.plan.workdays import Deadlines
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, Prior, form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.read_form import read

PLAN = Path(__file__).parents[2] / "plan" / "2025"
DUE_ON = date(2025, 7, 7)  # 5 July 2025 is a Saturday
DEADLINES = Deadlines(
    month="2025-06",
    remind_on=date(2025, 7, 3),
    due_on=DUE_ON,
    urge_on=date(2025, 7, 8),
    dispatch_on=date(2025, 7, 8),
    answer_by=date(2025, 7, 15),
    calendar_known=True,
)
RECEIVED_AT = datetime(2025, 7, 4, 9, 30)
SHA256 = "0123456789abcdef" * 4
NAME = "开鲁县2025年6月月报.xlsx"

# 开鲁县: the running totals in force for May, and June's own numbers.
MAY = {
    "urban_new_jobs": "497", "rural_labour_transferred": "52000", "secondary_jobs": "130",
    "tertiary_jobs": "1010", "flexible_jobs": "121", "small_business_jobs": "250", "startup_loans": "318.5",
    "incubators_per_county": "0", "skilled_talent_trained": "170", "training_brand_per_county": "0",
}  # fmt: skip
JUNE = {
    "urban_new_jobs": "110", "rural_labour_transferred": "6200", "secondary_jobs": "31", "tertiary_jobs": "236",
    "flexible_jobs": "28", "small_business_jobs": "66", "startup_loans": "117.62", "incubators_per_county": "1",
    "skilled_talent_trained": "47", "training_brand_per_county": "0",
}  # fmt: skip
KNOWN: Prior = {("kailu", i): KnownTotals(Decimal(total), None) for i, total in MAY.items()}
# 库伦旗's June is in force as well: three of its running totals.
NEIGHBOURS: Prior = {
    ("hure", i): KnownTotals(None, None, current=Decimal(total))
    for i, total in (("urban_new_jobs", 500), ("secondary_jobs", 140), ("tertiary_jobs", 1100))
}
WORDS = {
    (0, StatementKind.PROGRESS): "启动“百日千万招聘”，组织企业进校园、进社区招聘。",
    (0, StatementKind.PROBLEM): "制造业普工招聘较难。",
    (0, StatementKind.NEXT_STEP): "继续组织专场招聘。",
}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(PLAN)


@pytest.fixture(scope="session")
def form(catalogue: Catalogue) -> FormSpec:
    """What 开鲁县 is asked for June 2025."""
    return form_spec(catalogue, "kailu", "2025-06", KNOWN)


def honest() -> dict[tuple[str, str], Entry]:
    """Every row as it should be: 累计 is last month's plus the month."""
    return {("kailu", i): total(JUNE[i], Decimal(MAY[i]) + Decimal(JUNE[i])) for i in MAY}


def total(month: object, running: object, choice: str = "", reason: str = "") -> Entry:
    """One row of 本月 and 累计: numbers from their digits, "" for blank, any other text as typed."""
    values = {Measure.IN_MONTH: _typed(month), Measure.RUNNING_TOTAL: _typed(running)}
    return Entry({m: v for m, v in values.items() if v != ""}, choice, reason)


def _typed(value: object) -> Decimal | str:
    text = str(value)
    return Decimal(text) if text.removeprefix("-").replace(".", "", 1).isdigit() and text.isascii() else text


def filled(form: FormSpec, rows: Mapping[str, Entry] | None = None, **entries: object) -> bytes:
    """The county's workbook, honest but for the rows given by indicator."""
    typed = honest() | {("kailu", i): entry for i, entry in (rows or {}).items()}
    given = {"words": WORDS} | entries
    return write_form(form, DUE_ON, Entries(rows=typed, **given))  # type: ignore[arg-type]  # a test's own keys


def with_totals_typed(content: bytes) -> Workbook:
    """The workbook with the results of its formulas for 累计 in their place: openpyxl keeps no result of a formula."""
    book, shown = (openpyxl.load_workbook(BytesIO(content), data_only=only) for only in (False, True))
    for sheet in book:
        for cell in sheet["G"]:
            result = shown[sheet.title][cell.coordinate].value
            if cell.data_type == "f" and isinstance(result, int | float):
                cell.value = result
    return book


def understood(outcome: Reading | Refusal) -> Reading:
    assert isinstance(outcome, Reading), outcome
    return outcome


def reading_of(
    catalogue: Catalogue, form: FormSpec, rows: Mapping[str, Entry] | None = None, known: Prior = KNOWN
) -> Reading:
    """Write the honest June but for these rows, and read it back."""
    return understood(read(NAME, filled(form, rows), catalogue, lambda *_: known))


def cell(reading: Reading, indicator: str, measure: Measure = Measure.RUNNING_TOTAL) -> Observation:
    found = [o for o in reading.observations if (o.indicator, o.measure) == (indicator, measure)]
    assert len(found) == 1
    return found[0]


def named(reading: Reading, rule: str) -> Problem:
    """The one problem of that name, which must be the only problem."""
    assert [p.rule for p in reading.problems] == [rule]
    return reading.problems[0]
