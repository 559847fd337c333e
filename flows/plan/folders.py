"""Which plan: the folder of a year, or the one DIAODU_PLAN names."""

from functools import cache
from pathlib import Path

from flows.files import sha256_of
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.plan_file import PlanError
from flows.settings import Settings

_load = cache(load)
EXAMPLE = "contacts.example.toml"  # lies with the plan, makes no document


def plans(settings: Settings) -> tuple[Catalogue, ...]:
    """Every plan there is, newest first; PlanError if there is none or one is wrong."""
    if not settings.plan_folders:
        raise PlanError(settings.plans, "文件夹", "每年一个方案文件夹（如 plan/2025）", "一个也没有")
    return tuple(_load(folder) for folder in settings.plan_folders)


def plan_of(settings: Settings, year: int | None = None) -> Catalogue:
    """The plan of a year (default: the newest); PlanError naming the years there are."""
    found = plans(settings)
    wanted = [c for c in found if year in (None, c.plan.year)]
    if not wanted:
        years = "、".join(str(c.plan.year) for c in found)
        raise PlanError(_folder_of(settings), "year", f"有 {year} 年的方案", f"只有 {years} 年的")
    return wanted[0]


def plan_files(settings: Settings, year: int) -> dict[str, str]:
    """The files of a year's plan with their sha256: what a document was made by, besides the reports."""
    folder = next(f for f in settings.plan_folders if _load(f).plan.year == year)
    files = (p for p in sorted(folder.iterdir()) if p.is_file() and p.name != EXAMPLE)
    return {p.name: sha256_of(p.read_bytes()) for p in files}


def _folder_of(settings: Settings) -> Path:
    return settings.plan or settings.plans
