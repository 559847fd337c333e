"""Finding things on a sheet by what stands beside or above them (找标签), never by address; the plan's further spellings of
heads (spellings.csv); and how offices write who they are: 开鲁县人社局, 通辽市开鲁县（盖章） are both 开鲁县."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flows.plan.catalogue import Catalogue, Reporter, normalize_name
from flows.plan.plan_file import PlanError
from flows.submissions.form.layout import LABELS, TASKS_NEED, WORDS, Field
from flows.submissions.formats.grid import Grid, Place, Raw, address, bare
from flows.submissions.reading.vocabulary import without_marks

HEAD_ROWS = 12  # who and when stand above the table
_BRACKET = re.compile(r"\([^()]*\)$")
_SAID = frozenset(WORDS.values())
_FIELD = {bare(spelling): field for field, spellings in LABELS.items() for spelling in spellings}


@dataclass(frozen=True, slots=True)
class TaskTable:
    """A table of tasks: the row of its head, the column of each field, and the row behind its last."""

    grid: Grid
    head: int
    columns: Mapping[Field, int]
    end: int


def exact_field(text: str) -> Field | None:
    """The field that a label means with nothing added to it."""
    return _FIELD.get(bare(text))


@lru_cache(4096)
def field_of(text: str) -> Field | None:
    """The same for labels of words, which no bracket changes: 进展情况（200字以内）. Heads of figures are parsed."""
    whole = bare(text)
    return _FIELD.get(whole) or _FIELD.get(_BRACKET.sub("", whole))


def labelled(grid: Grid, field: Field, rows: int | None = None) -> Iterator[tuple[Raw, Place]]:
    """What stands after a label, in the same cell behind a colon or in the next filled cell to the right."""
    for (row, column), text in grid.texts():
        if rows is not None and row >= rows:
            return
        name, _, value = text.replace(":", "：", 1).partition("：")
        if _FIELD.get(bare(name)) is not field:
            continue
        if not value.strip():
            yield _beside(grid, (row, column), field)
        elif not _is_said(grid, (row, column)):
            yield value.strip(), (row, column)


def labelled_cell(grids: Sequence[Grid], field: Field) -> tuple[str, str]:
    """Sheet and cell of what stands after a label; A1 of the first sheet where none has the label."""
    places = ((grid.name, address(place)) for grid in grids for _, place in labelled(grid, field, HEAD_ROWS))
    return next(places, (grids[0].name, "A1"))


def _beside(grid: Grid, place: Place, field: Field) -> tuple[Raw, Place]:
    """The next filled cell to the right, unless it is a label itself. What is said of the work may begin with one:
    下一步打算 | 存在问题：已着手解决."""
    row, column = place
    for at in range(column + 1, len(grid.rows[row])):
        value = grid.raw((row, at))
        if value != "":
            label = _label(value)
            is_label = label is not None and not (field in _SAID and label[1])
            return ("", (row, column + 1)) if is_label else (value, (row, at))
    return "", (row, column + 1)


def _is_said(grid: Grid, place: Place) -> bool:
    """Whether the cell is what is said behind a label of words to its left."""
    row, column = place
    before = next((v for at in range(column - 1, -1, -1) if (v := grid.raw((row, at))) != ""), "")
    label = _label(before)
    return label is not None and label[0] in _SAID and not label[1]


def _label(value: Raw) -> tuple[Field, str] | None:
    """The field that the cell's words name, and what stands behind their colon; None where they name none."""
    name, _, behind = value.replace(":", "：", 1).partition("：") if isinstance(value, str) else ("", "", "")
    field = field_of(name)
    return None if field is None else (field, behind.strip())


def task_tables(grid: Grid) -> list[TaskTable]:
    """Every table of tasks on the sheet."""
    found = [(row, columns) for row, columns in _heads(grid) if columns.keys() >= TASKS_NEED]
    return [TaskTable(grid, row, columns, len(grid.rows)) for row, columns in found]


def _heads(grid: Grid) -> Iterator[tuple[int, dict[Field, int]]]:
    for at, row in enumerate(grid.rows):
        columns: dict[Field, int] = {}
        for column, value in enumerate(row):
            field = (
                field_of(value.replace(":", "：").partition("：")[0])
                if isinstance(value, str) and value
                else None
            )
            if field and field not in columns:
                columns[field] = column
        if columns:
            yield at, columns


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


_SEAL = re.compile(r"[(（]?(?:单位)?(?:盖章|公章|签章|印章|章)[)）]?$")
_PROVINCE = re.compile(r"^内蒙古(?:自治区)?")
_OFFICE = re.compile(
    r"(?:县|旗|市|区)?(?:人力资源和?社会保障|人社|人事劳动|公共|劳动|创业|就业|人才|服务|促进|和|与|创新|社会保险)*"
    r"(?:局|中心|厅|股|科|办公室|办|所|站)$|(?:人民)?政府(?:办公室)?$|管委会$|管理委员会$"
)


def named_reporter(text: str, catalogue: Catalogue) -> Reporter | None:
    """The reporter that a text names and nothing else; None if unknown."""
    return next(
        (found for name in _shorter(text, catalogue) if (found := catalogue.reporter_named(name))), None
    )


def _shorter(text: str, catalogue: Catalogue) -> Iterator[str]:
    """The name as written, then without seal, city and province, then without its bureau."""
    whole = normalize_name(text)
    yield whole
    name = _SEAL.sub("", without_marks(whole))
    yield name
    city = catalogue.plan.city
    here = _PROVINCE.sub("", name)
    for start in (city, city.removesuffix("市")):
        local = here.removeprefix(start)
        yield local
        for end in ("县", "旗", "市", "区", ""):  # 开鲁县人社局 is the county's bureau, 开鲁人社局 as well
            bureau = _OFFICE.search(local)
            if bureau:
                yield local[: bureau.start()] + end


def county_names(catalogue: Catalogue) -> str:
    """The counties' names as a sentence lists them."""
    names = [county.name for county in catalogue.counties]
    return f"“{'”“'.join(names[:3])}”等 {len(names)} 个旗县市区的名称"
