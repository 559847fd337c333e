"""docs/checks.md names every rule, with its tier, and no rule that does not exist."""

import re
from pathlib import Path

from flows.plan.terms import Tier
from flows.submissions.checks.report_rules import REPORT_RULES
from flows.submissions.checks.run import RULES

DOCUMENT = Path(__file__).parents[2] / "docs" / "checks.md"
QUERIES_ELSEWHERE = {
    "file_name_disagrees", "title_disagrees", "month_not_over", "row_missing", "total_not_sum", "part_above_its_line",
    "running_total_missing", "note_qualifies", "annotation_not_understood",
}  # fmt: skip
ERRORS_ELSEWHERE = {
    "row_twice", "heading_not_understood", "title_not_understood", "title_of_another_county", "annotation_changes_meaning",
    "file_of_another_report",
}  # fmt: skip
TIERS = (
    {rule.name: rule.tier for rule in RULES}
    | {rule.__name__: Tier.QUERY for rule in REPORT_RULES}
    | dict.fromkeys(QUERIES_ELSEWHERE, Tier.QUERY)
    | dict.fromkeys(ERRORS_ELSEWHERE, Tier.ERROR)
)


def listed() -> list[tuple[str, str]]:
    """(rule, tier) of the first table."""
    table = DOCUMENT.read_text(encoding="utf-8").split("## Which rule covers what")[1].split("## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")][1:]
    return [(name, tier.strip()) for _, rules, tier in rows for name in re.findall(r"`(\w+)`", rules)]


def test_every_rule_stands_in_the_document_with_its_tier() -> None:
    assert dict(listed()) == {name: str(tier) for name, tier in TIERS.items()}
