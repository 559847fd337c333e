"""What an issued document would print otherwise now (更正): its figures then beside the figures in force."""

import polars as pl

from flows.plan.frames import CorrectedFigureSchema, polars_schema
from flows.plan.units import decimals, round_half_up

_PLACES = {"attainment_pct": 1, "gap_pp": 1}  # as documents print them; value and ytd by their unit
_COMPARED = ("state", "value", "ytd", "attainment_pct", "gap_pp", "rank", "tied", "mark")
_SCHEMA = polars_schema(CorrectedFigureSchema)


def changed_figures(issued: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """CorrectedFigureSchema: the figures of an issued document (the ledger's, county × indicator) that would be printed otherwise
    from `figures` (FigureSchema of the same period), in the order of `figures`; empty where nothing changed.

    Two numbers are the same when they are printed the same; a null is printed as missing, never as zero.
    """
    then = {(row["county"], row["indicator"]): row for row in issued.iter_rows(named=True)}
    rows = [
        {name: row[name] for name in ("county", "indicator", "unit", *_COMPARED)}
        | {f"{name}_before": then[row["county"], row["indicator"]][name] for name in _COMPARED}
        for row in figures.iter_rows(named=True)
        if (row["county"], row["indicator"]) in then
    ]
    changed = [row for row in rows if any(_printed(row, n, "_before") != _printed(row, n) for n in _COMPARED)]
    return pl.DataFrame(changed, schema=_SCHEMA)


def _printed(row: dict[str, object], name: str, suffix: str = "") -> object:
    value = row[f"{name}{suffix}"]
    if not isinstance(value, float):
        return value
    return round_half_up(value, _PLACES.get(name, decimals(str(row["unit"]))))
