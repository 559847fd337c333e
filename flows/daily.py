"""日程: whatever is due today and not made yet, one after the other, each as a run of its own flow."""

from functools import partial
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows.annual_assessment import annual_assessment
from flows.backup import backup
from flows.corrections import corrections
from flows.due_work import Work, perform, raise_failures, run_due
from flows.fetch_mail import fetch_mail
from flows.half_year_summary import half_year_summary
from flows.intake import intake
from flows.issue import issue
from flows.monthly_dispatch import monthly_dispatch
from flows.office import Office
from flows.parameters import Day
from flows.quarterly_analysis import quarterly_analysis
from flows.reminders import reminders
from flows.restore_drill import restore_drill
from flows.runs import fault_of

FLOWS: dict[str, Any] = {
    "fetch_mail": fetch_mail,
    "intake": intake,
    "reminders": reminders,
    "corrections": corrections,
    "monthly_dispatch": monthly_dispatch,
    "quarterly_analysis": quarterly_analysis,
    "half_year_summary": half_year_summary,
    "annual_assessment": annual_assessment,
    "backup": backup,
    "restore_drill": restore_drill,
    "issue": partial(issue, wait=False),
}


def run_flow(work: Work) -> str:
    """Run one thing of the agenda as its flow, or here where a kind of document has none; why it failed, or empty."""
    if work.flow not in FLOWS:
        return perform(Office(), work)
    return fault_of(FLOWS[work.flow](**work.parameters, return_state=True))


@flow(name="日程", flow_run_name="日程", timeout_seconds=6 * 3600, persist_result=False)
def daily(on: Day = None) -> list[str]:
    """做今天到期而还没有做的事：收表、提醒催办、各期文件、更正、备份，不需人审的即印发。一件不成不影响其余；做过的不再做。

    Args:
        on: 按哪一天的日程办，如 2025-07-08；不填为今天。
    """
    office = Office()
    done = run_due(office, on or office.now().date(), run_flow)
    rows = [{"事项": matter, "结果": fault or "已办"} for matter, fault in done.items()]
    create_table_artifact(rows, key="agenda", description=f"{on or office.now().date()} 日程")
    raise_failures(done)
    return [matter for matter, outcome in done.items() if not outcome]
