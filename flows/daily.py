"""日程: whatever is due today and not made yet, one after the other."""

from datetime import date, timedelta
from typing import Any

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.annual_assessment import annual_assessment
from flows.backup import backup
from flows.clock import BEIJING, now
from flows.corrections import corrections
from flows.files import sweep
from flows.half_year_summary import half_year_summary
from flows.intake import intake
from flows.issue import issue
from flows.monthly_dispatch import monthly_dispatch
from flows.operations.inventory import due_on
from flows.plan.agenda import Kind
from flows.quarterly_analysis import quarterly_analysis
from flows.reminders import reminders
from flows.restore_drill import restore_drill
from flows.settings import Settings
from flows.steps import fault_of, issuing

FLOWS: dict[Kind, Any] = {
    Kind.INTAKE: intake,
    Kind.REMINDERS: reminders,
    Kind.MONTHLY: monthly_dispatch,
    Kind.QUARTERLY: quarterly_analysis,
    Kind.HALF_YEAR: half_year_summary,
    Kind.ANNUAL: annual_assessment,
    Kind.BACKUP: backup,
    Kind.DRILL: restore_drill,
}


@flow(name="日程", flow_run_name="日程", timeout_seconds=6 * 3600, persist_result=False)
def daily(on: date | None = None) -> list[str]:
    """做今天到期而还没有做的事：收表、提醒催办、各期文件、更正、备份，不需人审的即印发。一件不成不影响其余；做过的不再做。

    Args:
        on: 按哪一天的日程办，如 2025-07-08；不填为今天。
    """
    log, settings = get_run_logger(), Settings()
    if swept := sweep(settings.data, now().replace(tzinfo=BEIJING) - timedelta(days=1)):
        log.info("清掉被中断的程序没有写完的文件 %d 个", swept)
    today = on or now().date()
    done: dict[str, str] = {}  # what was done → why it failed, empty where it did not
    while due := next((d for d in due_on(settings, today) if d.kind in FLOWS and str(d) not in done), None):
        log.info("到期：%s", due)
        done[str(due)] = fault_of(FLOWS[due.kind](**due.parameters(today), return_state=True))
        if due.kind is Kind.INTAKE:
            done["更正"] = fault_of(corrections(return_state=True))
    cut_off = issuing.lay_down_lacking(settings, return_state=True)
    if not cut_off.is_completed() or cut_off.result():
        done["补齐已编号的文件"] = fault_of(cut_off)
    for name in issuing.free_to_go(settings):
        done[f"{name} 发文"] = fault_of(issue(name, wait=False, return_state=True))
    rows = [{"事项": matter, "结果": fault or "已办"} for matter, fault in done.items()]
    create_table_artifact(rows, key="agenda", description=f"{today} 日程")
    if failed := [f"{matter}：{fault}" for matter, fault in done.items() if fault]:
        raise RuntimeError(f"日程有 {len(failed)} 件没有做成：{'；'.join(failed)}")
    return list(done)
