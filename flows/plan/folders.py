"""The plans of an office (方案): every year's folder under plan/, or the one folder that DIAODU_PLAN names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.plan_file import PlanError
from flows.settings import Settings


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
