"""Heads in the plan's own further spellings (spellings.csv), put into the form's words before anything is looked for."""

import re
from collections.abc import Mapping
from dataclasses import replace

from flows.plan.catalogue import Catalogue
from flows.plan.plan_file import PlanError
from flows.submissions.form.layout import LABELS
from flows.submissions.formats.grid import Grid, Raw, bare
from flows.submissions.reading.labels import field_of

FILE = "spellings.csv"
_PARTS = re.compile(r"([^:：(（]*)(.*)", re.DOTALL)  # a label; what it holds, or its unit


def respelled(grid: Grid, catalogue: Catalogue) -> Grid:
    """The sheet with those heads in the form's words; PlanError for a spelling of nothing that is known."""
    words = heads(catalogue)
    if not words:
        return grid
    return replace(grid, rows=[[_respelled(value, words) for value in row] for row in grid.rows])


def heads(catalogue: Catalogue) -> Mapping[str, str]:
    """What offices write → the form's own label; what means an indicator is left to the names of rows."""
    found = {}
    names = {i.name for i in catalogue.indicators}
    for written, means in catalogue.spellings.items():
        field = field_of(means)
        if field:
            found[bare(written)] = LABELS[field][0]
        elif means not in names:
            raise PlanError(FILE, written, "表头或指标的名称", means)
    return found


def _respelled(value: Raw, words: Mapping[str, str]) -> Raw:
    if not isinstance(value, str) or len(value) > 40:
        return value
    name, behind = _PARTS.fullmatch(value).groups()  # type: ignore[union-attr]  # every text matches
    own = words.get(bare(name))
    return own + behind if own else value
