"""A plan folder → the catalogue; and the plans of an office (方案): every year's folder under plan/, or the one folder
that DIAODU_PLAN names. Every file is read strictly; `verify` then refuses what cannot be true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from flows.files import sha256_of
from flows.plan.catalogue import Catalogue, County, Definition, Department, Indicator, Plan, Task
from flows.plan.document_kinds import approval_keys
from flows.plan.history import HISTORY_FILE, YearBefore, read_history
from flows.plan.plan_file import PlanError, build, read_csv, read_toml
from flows.plan.policy import Policy
from flows.plan.terms import CITY, Bound, ReportedBy, Rule
from flows.plan.verify import TOTAL_ROW, AnnexTargets, verify
from flows.plan.workdays import read_holidays
from flows.settings import Settings

FREE = "none"  # how a plan folder says that a figure has no target
EXAMPLE = "contacts.example.toml"  # lies with the plan, makes no document


@dataclass(frozen=True)
class _Chapter:
    number: str
    title: str
    section: str = ""
    section_title: str = ""
    lead: str = ""


@dataclass(frozen=True)
class _Indicator:
    id: str
    name: str
    unit: str
    rule: Rule
    reported_by: ReportedBy
    quote: str = ""
    bound: Bound | None = None
    target: Decimal | str | None = None
    of: str = ""
    annex: str = ""
    numerator: str = ""
    denominator: str = ""
    part_unit: str = ""
    display_unit: str = ""


@dataclass(frozen=True)
class _Task:
    number: int
    title: str
    lead: str
    support: tuple[str, ...] = ()
    indicator: tuple[_Indicator, ...] = ()


@dataclass(frozen=True)
class _File:
    chapter: _Chapter
    plan: Plan | None = None
    indicator: tuple[_Indicator, ...] = ()
    task: tuple[_Task, ...] = ()


def load(folder: Path) -> Catalogue:
    """The plan in `folder`; PlanError (file, key, expected, found) for anything that cannot be right."""
    files = [(path, build(_File, read_toml(path), path, "")) for path in sorted(folder.glob("[0-9]*.toml"))]
    plans = [f.plan for _, f in files if f.plan]
    if len(plans) != 1:
        raise PlanError(folder, "[plan]", "恰在一个文件里有 [plan]", f"{len(plans)} 处")
    year = plans[0].year
    if folder.name.isdecimal() and folder.name != str(year):
        raise PlanError(folder, "[plan].year", f"与文件夹名 {folder.name} 一致", year)
    counties, departments = _counties(folder), _departments(folder)
    annex = _annex(folder, counties)
    indicators = _with_asked_counties(
        [i for p, f in files for i in _indicators(p, f, counties, annex)], counties
    )
    catalogue = Catalogue(
        plan=plans[0],
        counties=counties,
        departments=departments,
        tasks=tuple(_task(t, f.chapter) for _, f in files for t in f.task),
        indicators=indicators,
        spellings=_spellings(folder / "spellings.csv"),
        definitions=_definitions(folder / "definitions.csv", {i.id for _, f in files for i in _raw(f)}),
        policy=_policy(folder, year),
        year_before=_year_before(folder / HISTORY_FILE, counties, indicators),
        sources=_hashes(folder),
    )
    text = (folder / plans[0].source_text).read_text(encoding="utf-8") if plans[0].source_text else ""
    verify(catalogue, folder, {i.id: p for p, f in files for i in _raw(f)}, annex, text)
    return catalogue


@dataclass(frozen=True)
class Plans:
    """The plans as loaded once, newest first, never empty; `folder` is where they were looked for."""

    catalogues: tuple[Catalogue, ...]
    folder: Path

    def __iter__(self) -> Iterator[Catalogue]:
        return iter(self.catalogues)

    def of(self, year: int | None = None) -> Catalogue:
        """The plan of a year (default: the newest); PlanError naming the years there are."""
        wanted = [c for c in self.catalogues if year in (None, c.plan.year)]
        if not wanted:
            years = "、".join(str(c.plan.year) for c in self.catalogues)
            new = f"只有 {years} 年的；新一年的方案：把最近一年的文件夹抄成 {self.folder.name}/{year}，改年份、目标和期限"
            raise PlanError(self.folder, "year", f"有 {year} 年的方案", new)
        return wanted[0]


def plans(settings: Settings) -> Plans:
    """Load every plan there is; PlanError if there is none or one is wrong."""
    if not settings.plan_folders:
        raise PlanError(settings.plans, "文件夹", "每年一个方案文件夹（如 plan/2025）", "一个也没有")
    return Plans(tuple(map(load, settings.plan_folders)), settings.plan or settings.plans)


def plan_of(settings: Settings, year: int | None = None) -> Catalogue:
    """Load the plan of a year (default: the newest)."""
    return plans(settings).of(year)


def _policy(folder: Path, year: int) -> Policy:
    path = folder / "policy.toml"
    tables = read_toml(path)
    policy = build(Policy, {**tables, "approval": _approval(tables.get("approval"), path)}, path, "")
    if unknown := sorted(set(policy.slots) - approval_keys()):
        raise PlanError(
            path, f"slots.{unknown[0]}", f"文件种类（{'、'.join(sorted(approval_keys()))}）之一", "未知的键"
        )
    reporting = replace(policy.reporting, holidays=read_holidays(folder / "holidays.csv", year))
    return replace(policy, reporting=reporting)


def _approval(table: object, path: Path) -> object:
    """The table [approval] as ApprovalSteps has it: a key for every kind of document, and none besides."""
    if not isinstance(table, Mapping):
        return table
    wanted, steps = approval_keys(), {key: value for key, value in table.items() if key != "people_differ"}
    for key in steps.keys() ^ wanted:
        expected, found = ("有这个键", "没有") if key in wanted else ("一种文件的名称", "未知的键")
        raise PlanError(path, f"approval.{key}", expected, found)
    return {name: value for name, value in table.items() if name not in steps} | {"by_key": steps}


def _hashes(folder: Path) -> dict[str, str]:
    """The sha256 of every file of the folder by its name: what a document was made by, besides the reports."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and path.name != EXAMPLE)
    return {path.name: sha256_of(path.read_bytes()) for path in files}


def _raw(file: _File) -> tuple[_Indicator, ...]:
    return (*file.indicator, *(i for t in file.task for i in t.indicator))


def _task(t: _Task, chapter: _Chapter) -> Task:
    return Task(t.number, t.title, t.lead, t.support, chapter.title, chapter.section_title)


def _indicators(
    path: Path, file: _File, counties: tuple[County, ...], annex: AnnexTargets
) -> list[Indicator]:
    owned = [(0, file.chapter.lead, i) for i in file.indicator]
    owned += [(t.number, t.lead, i) for t in file.task for i in t.indicator]
    return [
        Indicator(
            id=i.id, name=i.name, task=number, target=_target(i, path), unit=i.unit, bound=_bound(i, path), rule=i.rule,
            reported_by=i.reported_by, reporter=lead if i.reported_by is ReportedBy.DEPARTMENT else None,
            quote=i.quote, annex=i.annex, numerator=i.numerator, denominator=i.denominator,
            part_unit=i.part_unit, display_unit=i.display_unit, county_targets=_county_targets(i, counties, annex),
            of=i.of, is_free=i.target == FREE,
        )
        for number, lead, i in owned
    ]  # fmt: skip


def _target(i: _Indicator, path: Path) -> Decimal | None:
    if isinstance(i.target, str) and i.target != FREE:
        raise PlanError(path, f"{i.id}.target", f'数，或者 "{FREE}"（没有年度目标的数）', i.target)
    return None if isinstance(i.target, str) else i.target


def _bound(i: _Indicator, path: Path) -> Bound:
    """Which side is success; of a figure without a target it says nothing and may be left out."""
    if i.bound is None and i.target != FREE:
        raise PlanError(path, f"{i.id}.bound", "有这个键", "没有")
    return i.bound or Bound.AT_LEAST


def _with_asked_counties(
    indicators: Sequence[Indicator], counties: tuple[County, ...]
) -> tuple[Indicator, ...]:
    """A figure without a target that counties report is asked of those who report its whole, or of all."""
    of = {i.id: tuple(i.county_targets) for i in indicators}
    everyone = tuple(c.id for c in counties)
    return tuple(
        replace(i, asked_counties=of.get(i.of) or everyone)
        if i.is_free and i.reported_by is ReportedBy.COUNTY
        else i
        for i in indicators
    )


def _county_targets(
    i: _Indicator, counties: tuple[County, ...], annex: AnnexTargets
) -> Mapping[str, Decimal]:
    if i.rule is Rule.EACH_COUNTY and isinstance(i.target, Decimal):
        return {c.id: i.target for c in counties if c.county_level}
    column = annex.get(i.annex, {})
    return {c.id: column[c.name] for c in counties if c.name in column}


def _names(cell: str) -> tuple[str, ...]:
    return tuple(n for n in cell.split("|") if n)


def _counties(folder: Path) -> tuple[County, ...]:
    path = folder / "counties.csv"
    rows = read_csv(path, ("id", "name", "code", "county_level", "also_written"))
    for row in rows:
        if row["county_level"] not in ("yes", "no"):
            raise PlanError(path, f"{row['id']}.county_level", "yes 或 no", row["county_level"])
    return tuple(
        County(r["id"], r["name"], r["code"], r["county_level"] == "yes", _names(r["also_written"]))
        for r in rows
    )


def _departments(folder: Path) -> tuple[Department, ...]:
    rows = read_csv(folder / "departments.csv", ("id", "name", "also_written"))
    return tuple(Department(r["id"], r["name"], _names(r["also_written"])) for r in rows)


def _spellings(path: Path) -> Mapping[str, str]:
    """What offices write → what they mean by it; empty where the plan has no such file."""
    rows = read_csv(path, ("means", "also_written")) if path.exists() else []
    found = [(name, row["means"]) for row in rows for name in _names(row["also_written"])]
    for name, means in found:
        if dict(found)[name] != means:
            raise PlanError(path, name, "只有一个意思", f"{means}、{dict(found)[name]}")
    return dict(found)


def _definitions(path: Path, indicators: set[str]) -> Mapping[str, Definition]:
    """What indicators count and what they do not, by id; empty where the plan has no such file."""
    rows = read_csv(path, ("indicator", "counts", "excludes", "source")) if path.exists() else []
    for row in rows:
        if row["indicator"] not in indicators:
            raise PlanError(path, "indicator", "方案里的指标", row["indicator"])
    return {row["indicator"]: Definition(row["counts"], row["excludes"], row["source"]) for row in rows}


def _year_before(path: Path, counties: tuple[County, ...], indicators: tuple[Indicator, ...]) -> YearBefore:
    names = {name: c.id for c in counties for name in (c.id, c.name, *c.also_written)}
    units = {name: (i.id, i.unit) for i in indicators for name in (i.id, i.name)}
    totals = [i for i in indicators if i.rule is Rule.TOTAL]
    allowed = [(place, i.id) for i in totals for place in (CITY, *i.reporting_counties)]
    return read_history(path, names, units, allowed)


def _annex(folder: Path, counties: tuple[County, ...]) -> AnnexTargets:
    """The annex as printed: column label → row label (counties and 总计) → number."""
    path = folder / "annex_targets.csv"
    rows = read_csv(path)
    label, *columns = rows[0] if rows else [""]
    by_name = {row[label]: row for row in rows}
    expected = {TOTAL_ROW, *(c.name for c in counties)}
    if set(by_name) != expected:
        raise PlanError(path, "行", "、".join(sorted(expected)), "、".join(sorted(by_name)))
    return {
        column: {
            name: _number(path, f"{name}·{column}", row[column])
            for name, row in by_name.items()
            if row[column]
        }
        for column in columns
    }


def _number(path: Path, key: str, cell: str) -> Decimal:
    try:
        return Decimal(cell)
    except InvalidOperation:
        raise PlanError(path, key, "数", cell) from None
