"""日程: whatever is due today and not made yet, one after the other."""

from datetime import date
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.agenda import Due, Kind
from flows.annual_assessment import annual_assessment
from flows.clock import now
from flows.half_year_summary import half_year_summary
from flows.intake import intake
from flows.inventory import due_on
from flows.monthly_dispatch import monthly_dispatch
from flows.quarterly_analysis import quarterly_analysis
from flows.reminders import reminders
from flows.run_log import LOGGED
from flows.settings import Settings

FLOWS: dict[Kind, Any] = {
    Kind.INTAKE: intake,
    Kind.REMINDERS: reminders,
    Kind.MONTHLY: monthly_dispatch,
    Kind.QUARTERLY: quarterly_analysis,
    Kind.HALF_YEAR: half_year_summary,
    Kind.ANNUAL: annual_assessment,
}


@flow(name="日程", timeout_seconds=6 * 3600, persist_result=False, **LOGGED)
def daily(on: date | None = None) -> list[str]:
    """做今天到期而还没有做的事：收表、提醒催办、各期文件。一件不成不影响其余；做过的不再做。

    Args:
        on: 按哪一天的日程办，如 2025-07-08；不填为今天。
    """
    log, settings = get_run_logger(), Settings()
    today = on or now().date()
    outcomes: dict[Due, str] = {}
    while due := next(
        (one for one in due_on(settings, today) if one.kind in FLOWS and one not in outcomes), None
    ):
        log.info("到期：%s", due)
        state = FLOWS[due.kind](**due.parameters(today), return_state=True)
        outcomes[due] = "" if state.is_completed() else str(state.message)
    rows = [{"事项": str(due), "结果": fault or "已办"} for due, fault in outcomes.items()]
    create_table_artifact(rows, key="agenda", description=f"{today} 日程")
    if failed := [str(due) for due, fault in outcomes.items() if fault]:
        raise RuntimeError(f"日程有 {len(failed)} 件没有做成：{'、'.join(failed)}")
    return [str(due) for due in outcomes]
