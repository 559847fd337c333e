"""Doing what the agenda says is due (日程): the one order of it, for the scheduled flow, the command and the simulation."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from flows.clock import BEIJING
from flows.files import sweep
from flows.office import Office
from flows.plan.agenda import Due, Job
from flows.plan.document_kinds import DOCUMENT_KINDS


@dataclass(frozen=True)
class Work:
    """One thing to do: the flow it is at Prefect, and what that is run with."""

    flow: str
    parameters: Mapping[str, object]


Perform = Callable[[Work], str]
LACKING = "等报表："  # begins the outcome of a document that is due and waits for reports


def run_due(office: Office, today: date, carry_out: Perform | None = None) -> dict[str, str]:
    """Fetch the mail where there is a mailbox, do what is due and not done yet, one after the other, then issue what
    waits for nobody; one failure does not stop the rest. Returns each matter with why it failed or what it waits for
    (LACKING), empty where it is done, as `carry_out` says, which does one thing: by default here and now."""
    carry_out = carry_out or partial(perform, office)
    sweep(office.settings.data, office.now().replace(tzinfo=BEIJING) - timedelta(days=1))
    done: dict[str, str] = {}
    if office.has_mailbox():  # what is in the mail counts for what is made now
        done["收信"] = carry_out(Work("fetch_mail", {}))
        done["更正"] = carry_out(Work("corrections", {}))
    while due := next((one for one in office.due(today) if str(one) not in done), None):
        lacking = _lacking(office, due, today)
        done[str(due)] = lacking or carry_out(Work(str(due.kind), due.parameters(today)))
        if due.kind == Job.INTAKE:
            done["更正"] = carry_out(Work("corrections", {}))
    missing: list[object] = []
    if (fault := _attempt(lambda: missing.extend(office.write_missing_files()))) or missing:
        done["补齐已编号的文件"] = fault
    for status in office.waiting():
        if status.waits_for is None:
            name = str(status.draft.name)
            done[f"{name} 发文"] = carry_out(Work("issue", {"document": name}))
    faults: list[str] = []  # the hook of the office says by itself why it failed
    if fault := _attempt(lambda: faults.append(office.notify(done))) or "".join(faults):
        done["通知"] = fault
    return done


def failures(done: Mapping[str, str]) -> list[str]:
    """What of a day's matters failed, a sentence each."""
    return [f"{matter}：{fault}" for matter, fault in done.items() if fault and not fault.startswith(LACKING)]


def raise_failures(done: Mapping[str, str]) -> None:
    """Raise RuntimeError naming what failed of a day's matters, if anything did."""
    if failed := failures(done):
        raise RuntimeError(f"日程有 {len(failed)} 件没有做成：{'；'.join(failed)}")


def _lacking(office: Office, due: Due, today: date) -> str:
    """What a document waits for whose day has come, where hardly anything or nothing was reported; else empty. Whatever
    else goes wrong is for the making of the document to say."""
    if due.kind not in DOCUMENT_KINDS:
        return ""
    from flows.documents.evidence import TooEarlyError, reporting_of, require_due
    from flows.plan.period import Period

    try:
        period = Period.parse(due.period)
        plan = office.plan(period.year)
        with office.snapshot() as warehouse:
            reporting = reporting_of(warehouse, plan, period, None)
        require_due(plan, period, reporting, today)
    except TooEarlyError as why:
        return f"{LACKING}{why}"
    except Exception as fault:  # one document's; the rest of the day's work goes on
        logging.getLogger(__name__).debug("", exc_info=fault)
    return ""


def perform(office: Office, work: Work) -> str:
    """Do one thing here and now; why it failed, empty where it did not."""
    actions: dict[str, Callable[..., object]] = {
        "fetch_mail": office.fetch,
        "intake": office.ingest,
        "mail_forms": office.mail_forms,
        "mail_prompts": office.mail_prompts,
        "reminders": office.notices,
        "corrections": office.correct,
        "backup": lambda: office.backup().require_whole_content(),
        "restore_drill": office.restore_drill,
        "issue": office.issue,
    }
    if work.flow in actions:
        return _attempt(lambda: actions[work.flow](**work.parameters))
    (period,) = work.parameters.values()
    return _attempt(lambda: office.make(work.flow, str(period)))


def _attempt(work: Callable[[], object]) -> str:
    try:
        work()
    except Exception as fault:  # whatever it is, the rest of the day's work goes on
        logging.getLogger(__name__).debug("", exc_info=fault)
        return str(fault) or type(fault).__name__
    return ""
