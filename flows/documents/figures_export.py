"""The figures of a period for other programs (汇总数): JSON, CSV or a workbook, keys as agreed in DESIGN §3."""

import io
import json
from datetime import datetime

import polars as pl

from flows.documents.evidence import gather, last_change
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
    rows = gather(warehouse, catalogue, period, cut).figures.select(*FigureContractSchema.column_names())
    return {"json": _json, "csv": _csv, "xlsx": _xlsx}[form](rows)


def _json(rows: pl.DataFrame) -> bytes:
    return (json.dumps(rows.to_dicts(), ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: pl.DataFrame) -> bytes:
    return rows.write_csv(include_bom=True).encode()


def _xlsx(rows: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.write_excel(content, autofit=True, freeze_panes=(1, 0))
    return content.getvalue()
