"""A county's text stays text wherever it goes: bulletin, feedback, workbooks, receipt, next month's form.

It is taken in like any other, and read back from what was made: nothing is fetched, evaluated or linked.
"""

import csv
import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pdfplumber
import polars as pl
import pytest

from flows.documents.composing import compose
from flows.documents.document import Document
from flows.documents.evidence import Evidence
from flows.office import Office
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.ingest import ReportResult
from flows.warehouse.raw import ENVELOPE

NOW = datetime(2025, 7, 21, 9, 0)
WORDS = '=HYPERLINK("http://203.0.113.9/x") <img src=file:///etc/passwd> {{ 7*7 }} {% include "x" %} <b>粗</b> &lt;'
REASON = '=WEBSERVICE("http://203.0.113.9/y")<script>{{ 6*7 }}</script>'
FORMULAS = re.compile(rb"<f[^<>]*>[^<]*(?:HYPERLINK|WEBSERVICE|203\.0\.113)")
LINKS = re.compile(rb"203\.0\.113\.9")


@pytest.fixture
def injected(office: Settings, tmp_path: Path) -> Settings:
    """The office after 开鲁县 sent its June again: code as its words, as a reason, as a number and as a sheet."""
    book = openpyxl.load_workbook(io.BytesIO(june_of_kailu(office)))
    statement = Office(office).gather("2025-06").statements.filter(reporter="kailu").row(0, named=True)
    words = book[statement["sheet"]][statement["cell"]]
    words.value, words.data_type = WORDS, "s"
    figures = book["月报"]
    head = {cell.value: cell.column for row in figures.iter_rows(max_row=6) for cell in row if cell.value}
    urban = next(row for row in figures.iter_rows() if row[1].value == "城镇新增就业")
    urban[head["累计"] - 1].value, urban[head["累计"] - 1].data_type = "+cmd|' /C calc'!A0", "s"
    reason = urban[head["原因说明"] - 1]
    reason.value, reason.data_type = REASON, "s"
    book.create_sheet("=1+1{{ 7-7 }}").append(["@SUM(1)", "-2+3"])
    given = tmp_path / "开鲁县6月{{ 7*7 }}<img src=x>.xlsx"
    book.save(given)
    (received,) = taken_in(office, given)
    assert received.status == "accepted"
    return office


def june_of_kailu(office: Settings) -> bytes:
    envelopes = [(p, json.loads(p.read_text("utf-8"))) for p in (office.raw / "2025-06").glob(f"*{ENVELOPE}")]
    path, told = next((p, told) for p, told in envelopes if told["file_name"].startswith("开鲁县"))
    return path.with_name(told["sha256"] + ".xlsx").read_bytes()


def taken_in(office: Settings, given: Path) -> list[ReportResult]:
    return Office(office, lambda: NOW).ingest([given])


def evidence_of(office: Settings) -> Evidence:
    evidence = Office(office).gather("2025-06")
    assert WORDS in set(evidence.statements["text"])  # it came in as it was typed
    return evidence


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as pages:
        assert [page.hyperlinks for page in pages.pages] == [[]] * len(pages.pages)
        return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages.pages))


def assert_only_texts(workbook: bytes) -> None:
    """No formula, link or outside reference that comes from the county."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    assert not [name for name, xml in parts.items() if FORMULAS.search(xml)]
    assert not [name for name, xml in parts.items() if name.endswith(".rels") and LINKS.search(xml)]
    assert not [name for name in parts if "externalLink" in name or "vbaProject" in name]


def test_documents_print_it_and_do_nothing_else(injected: Settings) -> None:
    evidence = evidence_of(injected)
    made: list[Document] = [compose("monthly_dispatch", evidence, Office(injected).typesetter)]
    made.append(compose("monthly_dispatch", evidence, Office(injected).typesetter, county="kailu"))
    texts = [text_of(document.pdf) for document in made]
    for piece in (
        '=HYPERLINK("http://203.0.113.9/',
        "7*7}}",
        "<b>粗</b>&lt",
    ):  # a narrow column breaks the rest
        assert any(piece in text for text in texts), piece
    assert not any("root:" in text or "{{49}}" in text for text in texts)
    for document in made:
        assert b"/URI" not in document.pdf and b"/Launch" not in document.pdf
        assert_only_texts(document.workbook)
        assert_no_formula_in_csv(document.figures_csv)


def assert_no_formula_in_csv(content: bytes) -> None:
    """A cell that begins like a formula is a number."""
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        for cell in row:
            assert cell[:1] not in "=@\t\r" or not cell
            assert cell[:1] not in "+-" or re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", cell) or not cell


def test_receipts_and_forms_hold_it_as_text(injected: Settings) -> None:
    Office(injected).forms(Period.parse("2025-07"))
    workbooks = [*injected.receipts.rglob("*.xlsx"), *(injected.data / "forms").rglob("*.xlsx")]
    assert any("开鲁县6月" in path.name for path in workbooks)
    for path in workbooks:
        assert_only_texts(path.read_bytes())
    texts = "".join(path.read_text("utf-8") for path in injected.receipts.rglob("*开鲁县6月*.txt"))
    assert "填报为 +cmd|' /C calc'!A0" in texts


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_figures_export_holds_nothing_a_county_typed(injected: Settings, form: str) -> None:
    content = Office(injected).figures(Period.parse("2025-06"), None, form)
    if form == "csv":
        assert_no_formula_in_csv(content)
    if form == "xlsx":
        assert_only_texts(content)
    assert b"203.0.113" not in content and b"calc" not in content


def test_no_export_has_a_column_of_free_text() -> None:
    """What a county types is in none of the columns of figures.csv: ids, units and states are the plan's."""
    from flows.plan.frames import FigureSchema, polars_schema

    texts = {name for name, kind in polars_schema(FigureSchema).items() if kind == pl.String}
    assert texts <= {"period", "county", "indicator", "unit", "state", "mark", "rule", "bound"}
