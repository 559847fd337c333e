"""The registry of document kinds: what the flows, the agenda, approval, numbering, the ledgers and the commands read.

To add a kind: one entry here, one template, and one module under `flows.documents.kinds` whose function makes it. The
steps it must pass stand in the plan's policy under its `approval` key.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.plan.period import Frequency


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document.

    `id` is its folder below data/reports/<period>/ and its name in the ledgers; `frequency` that of a periodic one,
    None for notices, corrections and county reports; `maker` and `county_maker` are the functions, `module:function`,
    that make it and one county's own version, empty where another module does; `approval` is its key in the policy;
    `is_letter`: numbered in the series of letters (函); `drafted_with` the kind in whose run it is drafted too.
    """

    id: str
    label: str
    frequency: Frequency | None = None
    maker: str = ""
    county_maker: str = "flows.documents.kinds.county_report:make_county"
    approval: str = ""
    is_letter: bool = False
    drafted_with: str = ""

    @property
    def approval_key(self) -> str:
        """Where the policy names its steps."""
        return self.approval or self.id


COUNTY_REPORT = "feedback"  # any document for one county, whatever kind it is a version of
CORRECTION = "correction"
COMMENDATION = "commendation"

_MAKERS = "flows.documents.kinds"
DOCUMENT_KINDS: dict[str, DocumentKind] = {
    kind.id: kind
    for kind in (
        DocumentKind("monthly_dispatch", "月调度", Frequency.MONTH, f"{_MAKERS}.monthly:make"),
        DocumentKind("quarterly_analysis", "季分析", Frequency.QUARTER, f"{_MAKERS}.report:quarterly"),
        DocumentKind("half_year_summary", "半年总结", Frequency.HALF_YEAR, f"{_MAKERS}.report:half_yearly"),
        DocumentKind("annual_assessment", "年度评估", Frequency.YEAR, f"{_MAKERS}.annual:make"),
        DocumentKind(
            COMMENDATION, "建议通报表扬名单", Frequency.YEAR, f"{_MAKERS}.commendation:make",
            drafted_with="annual_assessment",
        ),
        DocumentKind(CORRECTION, "更正说明"),
        DocumentKind(COUNTY_REPORT, "旗县市区反馈单", is_letter=True),
        DocumentKind("reminder", "提醒函", is_letter=True),
        DocumentKind("urging", "催办函", is_letter=True),
        DocumentKind("escalation", "督办建议"),
    )
}  # fmt: skip


def periodic_kinds() -> Iterator[DocumentKind]:
    """The kinds that the agenda makes, one run each, in the order in which a day makes them."""
    yield from (kind for kind in DOCUMENT_KINDS.values() if kind.frequency and not kind.drafted_with)


def carries_figures(kind: str) -> bool:
    """Whether a ledger's kind is the document of its period whose figures are on record, so that it can be corrected;
    false for a kind that the registry has no longer."""
    return kind in {one.id for one in periodic_kinds()}


def drafted_together(kind: str) -> tuple[str, ...]:
    """The ids of what one run of a kind drafts for the city: itself, and what comes with it."""
    return (kind, *(one.id for one in DOCUMENT_KINDS.values() if one.drafted_with == kind))


def approval_keys() -> frozenset[str]:
    """Every key that the policy's [approval] must have."""
    return frozenset(kind.approval_key for kind in DOCUMENT_KINDS.values())
