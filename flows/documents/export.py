"""The figures of a period for other programs (导出): JSON, CSV, and a workbook as it lies beside a document."""

import json
from codecs import BOM_UTF8
from datetime import datetime

import polars as pl

from flows.documents.evidence import figures_of, last_change
from flows.documents.figures import Figures
from flows.documents.kinds.overall import overall
from flows.documents.kinds.sheets import department_sheet, figure_sheets
from flows.documents.workbook import workbook
from flows.plan.catalogue import Catalogue
from flows.plan.frames import FigureContractSchema
from flows.plan.period import Period
from flows.warehouse.connection import Warehouse


def export_figures(
    warehouse: Warehouse, catalogue: Catalogue, period: Period, as_of: datetime | None, form: str
) -> bytes:
    """The figures of a period as of a moment (default: the last change), in the form asked for: a row a county and
    indicator. Null stays null, never zero; before anything was received every row has the state `missing`."""
    cut = as_of or last_change(warehouse) or datetime(period.year, 1, 1)
    frame = figures_of(warehouse, catalogue, period, cut)
    if form == "xlsx":
        return _xlsx(Figures(frame, catalogue), catalogue, period, cut)
    rows = frame.select(*FigureContractSchema.column_names())
    return {"json": _json, "csv": _csv}[form](rows)


def _json(rows: pl.DataFrame) -> bytes:
    return (json.dumps(rows.to_dicts(), ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: pl.DataFrame) -> bytes:
    return BOM_UTF8 + rows.write_csv().encode()


def _xlsx(figures: Figures, catalogue: Catalogue, period: Period, cut: datetime) -> bytes:
    label = period.long_label
    sheets = figure_sheets(figures, catalogue, label)
    departments = overall(figures, catalogue).departments
    if departments:
        sheets.append(department_sheet(departments, catalogue, label))
    title = f"{label}{catalogue.plan.short_name}指标"
    return workbook(sheets, title, catalogue.policy.documents.issuer, cut, f"数据截至{cut:%Y-%m-%d %H:%M}")
