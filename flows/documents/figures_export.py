"""The figures of a period for other programs (汇总数): JSON, CSV or a workbook, keys as agreed in DESIGN §3."""

import io
import json
from datetime import datetime

import polars as pl

from flows.documents.evidence import gather
from flows.plan.frames import FIGURES_CONTRACT
from flows.plan.period import Period
from flows.settings import Settings


def export_figures(settings: Settings, period: Period, as_of: datetime | None, form: str) -> bytes:
    """The rollup of a period as of a moment, in the form asked for; null stays null, never zero."""
    rows = gather(settings, str(period), as_of).figures.select(*FIGURES_CONTRACT)
    return {"json": _json, "csv": _csv, "xlsx": _xlsx}[form](rows)


def _json(rows: pl.DataFrame) -> bytes:
    return (json.dumps(rows.to_dicts(), ensure_ascii=False, indent=1) + "\n").encode()


def _csv(rows: pl.DataFrame) -> bytes:
    return rows.write_csv().encode()


def _xlsx(rows: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.write_excel(content, autofit=True, freeze_panes=(1, 0))
    return content.getvalue()
