"""Those who report (报送单位): the counties (旗县市区) and the lead departments (牵头单位)."""

import unicodedata
from dataclasses import dataclass

from flows.plan.terms import ReportedBy


def plain(name: str) -> str:
    """A name as compared: full-width forms folded, all white space gone."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True, slots=True)
class County:
    """A county (旗县市区). `county_level` is false for a zone that has annex targets but is no county."""

    id: str
    name: str
    code: str
    county_level: bool
    also_written: tuple[str, ...]
    kind: ReportedBy = ReportedBy.COUNTY


@dataclass(frozen=True, slots=True)
class Department:
    """A lead agency (牵头单位) of one or more tasks."""

    id: str
    name: str
    also_written: tuple[str, ...]
    kind: ReportedBy = ReportedBy.DEPARTMENT


Reporter = County | Department
