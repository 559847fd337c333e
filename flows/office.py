"""The office at work: one object that opens plans, warehouse, clock and fonts, and whose methods do what people ask for.

A Prefect flow, a command and the simulation call the same methods. Each raises what the functions below it raise: a
RuntimeError, an OSError or a PlanError whose text is a sentence for the user.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from flows.correspondence import Correspondence
from flows.progress import shown

if TYPE_CHECKING:  # a command loads only what it runs: the layout engine alone takes half a second
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from flows.accounts.accounts import Actor
    from flows.documents.county_batches import Batch, CountyResult
    from flows.documents.evidence import Evidence, Gatherer
    from flows.documents.notices import NoticeRun
    from flows.documents.reporting_status import ReportingStatus
    from flows.documents.tracing.trace import Trace
    from flows.issuing.delivery_round import Row
    from flows.issuing.issuing import Issuer, Reproduction
    from flows.issuing.register import RegisterEntry
    from flows.operations.backup.create import Backup
    from flows.plan.agenda import Due
    from flows.plan.catalogue import Catalogue, Indicator
    from flows.plan.issued import Issued
    from flows.plan.notice import NoticeState
    from flows.plan.observation import Question
    from flows.plan.period import Period

    BatchRunner = Callable[[Sequence[Batch]], Iterator[list[CountyResult]]]


class UnknownCountyError(RuntimeError):
    """The plan has no county of that name: says which there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"没有“{name}”这个旗县市区，应为：{'、'.join(known)}")


@dataclass(frozen=True)
class Drafts:
    """Documents drafted from the same evidence: the PDF of each by its title."""

    evidence: Evidence
    county: str | None
    pdfs: Mapping[str, Path]


class Office(Correspondence):
    """One office on this machine: what it does, one method a matter."""

    # Reports from the counties and departments

    def sample(self, year: int, months: tuple[int, ...], seed: int, folder: Path | None = None) -> int:
        """Write sample workbooks into a folder, or the inbox; returns how many."""
        from flows.submissions.forms import write_sample

        return write_sample(self.plan(year), months, seed, folder or self.settings.inbox)

    def status(self, month: Period, as_of: datetime | None = None) -> ReportingStatus:
        """Who has reported a month, with the open queries of each."""
        from flows.documents.reporting_status import reporting_status

        with self.snapshot() as warehouse:
            return reporting_status(warehouse, self.plan(month.year), month, as_of)

    def open_queries(self) -> list[str]:
        """Every query of the newest plan's year that waits for its reason, as lines."""
        from flows.submissions.answering import open_lines

        with self.snapshot() as warehouse:
            return list(open_lines(warehouse, self.plan()))

    def answer(self, number: str, text: str, actor: Actor, by: str = "") -> Question:
        """Record the reason a reporter gave for one open query; `by` whom the reporter had it said."""
        from flows.submissions.answering import answer

        with self.warehouse() as warehouse, self.registering(actor, "待核实事项的说明", number) as columns:
            return answer(warehouse, self.plan(), number, text, by, self.now(), columns)

    # Documents

    def gather(self, period: str, as_of: datetime | None = None) -> Evidence:
        """Everything a document of this period rests on, as of a moment (default: the last change of the data)."""
        from flows.documents.evidence import gather
        from flows.plan.period import Period

        parsed = Period.parse(period)
        with self.warehouse() as warehouse:
            return gather(warehouse, self.plan(parsed.year), parsed, as_of)

    def make(
        self,
        kind: str,
        period: str,
        as_of: datetime | None = None,
        county: str | None = None,
        *,
        early: bool = False,
    ) -> Drafts:
        """Draft the document of this kind and what comes with it (an annual proposal), or one county's own version.
        TooEarlyError for the city's before its time, unless `early` or as of an earlier moment."""
        from flows.documents.composing import compose, planned
        from flows.documents.evidence import require_due
        from flows.documents.publishing import draft_folder, laid_out, publish
        from flows.plan.document_kinds import drafted_together
        from flows.plan.issued import DocumentName
        from flows.warehouse.words_ledger import in_force_by_document

        with self.warehouse() as warehouse:
            evidence, edits = self.gather(period, as_of), in_force_by_document(warehouse)
        of_county, pdfs = county and self.county_id(evidence.catalogue, county), {}
        if not (early or as_of or of_county):
            require_due(evidence.catalogue, evidence.period, evidence.reporting, self.now().date())
        for one in drafted_together(kind) if county is None else (kind,):
            name = str(DocumentName(period, one, of_county or ""))
            issue = replace(planned(evidence), edits=edits.get(name, ()))
            folder = draft_folder(self.settings.reports, period, one, as_of, of_county)
            typesetter = self.typesetter.reusing(laid_out(folder))
            document = compose(one, evidence, typesetter, of_county, issue)
            pdfs[document.title] = publish(document, folder)
        return Drafts(evidence, of_county, pdfs)

    def county_id(self, plan: Catalogue, name: str) -> str:
        """The id of a county by its name, short name or id; UnknownCountyError where the plan has none such."""
        county = plan.reporter_named(name)
        if county not in plan.counties:
            raise UnknownCountyError(name, [one.name for one in plan.counties])
        return county.id

    def county_reports(
        self,
        month: str,
        as_of: datetime | None = None,
        counties: Sequence[str] = (),
        run: BatchRunner | None = None,
    ) -> dict[str, int]:
        """Draft the reports of these counties, or of all; one unchanged is kept. Returns how many were made and kept.
        `run` does the batches: by default, processes on this machine's cores."""
        from functools import partial

        from flows.documents import county_batches as reports
        from flows.documents.worker_pool import batch_size, max_workers, run_batches

        evidence, workers = self.gather(month, as_of), max_workers(self.settings.processes)
        plan = evidence.catalogue
        wanted = [self.county_id(plan, name) for name in counties] or [one.id for one in plan.counties]
        with self.snapshot() as warehouse:
            edits = reports.edits_of(warehouse, evidence.period, wanted)
        work = list(reports.batches(evidence, wanted, as_of, batch_size(len(wanted), workers), edits))
        run = run or partial(run_batches, workers=workers, write=write_county_batch)
        results: list[CountyResult] = []
        for some in shown(run(work), f"{month} 反馈单", len(work)):
            results += reports.check_written(some, self.settings.reports, evidence.period, as_of)
        return reports.count_results(results, plan, evidence.period)

    def write_county_batch(self, batch: Batch) -> list[CountyResult]:
        """Make one batch of county reports with this machine's plan, fonts and folders."""
        from flows.documents.county_batches import write

        return write(batch, self.plan(batch.period.year), self.typesetter, self.settings.reports)

    def notices(self, month: str, on: date | None = None, as_of: datetime | None = None) -> NoticeRun:
        """Work out and draft what is due of reminders, urgings and proposals on a day; idempotent."""
        from flows.documents import notices
        from flows.operations.inventory import mark_done
        from flows.plan.agenda import Job

        on, reports = on or self.now().date(), self.settings.reports
        with self.warehouse() as warehouse:
            result = notices.work_out(warehouse, self.plan(int(month[:4])), month, on, as_of)
            specs = notices.unwritten(warehouse, reports, result)
        notices.mark_withdrawn(reports, result)
        notices.write(specs, reports, self.settings.fonts, self.parallel)
        if as_of is None:
            mark_done(self.settings, Job.REMINDERS, month, on)
        return result

    def register_notices(
        self, numbers: tuple[str, ...], state: NoticeState, note: str, at: datetime, actor: Actor
    ) -> None:
        """Record by hand that notices were approved, sent, answered, closed or withdrawn."""
        from flows.accounts.accounts import Duty
        from flows.plan.notice import NoticeState
        from flows.warehouse.notice_ledger import register

        duty = Duty.REVIEW if state is NoticeState.APPROVED else Duty.REGISTER
        noted = self.registering(actor, f"文书{state.label}", "、".join(numbers), duty)
        with self.warehouse() as warehouse, noted as columns:
            register(warehouse, numbers, state, at, note, columns)

    def figures(self, period: Period, as_of: datetime | None = None, form: str = "json") -> bytes:
        """The figures of a period for other programs: json, csv or xlsx."""
        from flows.documents.export import export_figures

        with self.snapshot() as warehouse:
            return export_figures(warehouse, self.plan(period.year), period, as_of, form)

    def trace(
        self,
        period: Period,
        indicator: Indicator,
        county: str,
        as_of: datetime | None = None,
        gatherer: Gatherer | None = None,
    ) -> Trace:
        """The way back of one figure to the cells of the workbooks; `gatherer` gathers the evidence, if not `gather`."""
        from flows.documents.evidence import gather
        from flows.documents.tracing.trace import trace

        folders = self.settings.raw, self.settings.reports
        with self.snapshot() as warehouse:
            gatherer = gatherer or partial(gather, warehouse, self.plan(period.year))
            return trace(warehouse, folders, period, indicator, county, as_of, gatherer)

    def trace_printed(self, document: str, number: str) -> Trace:
        """The way back of a number on a page of a document: 2025-06/monthly_dispatch, 41.7."""
        from flows.documents.tracing.trace import printed_as
        from flows.plan.period import Period

        one = printed_as(self.settings.reports, document, number)
        period = Period.parse(one.period)
        return self.trace(period, self.plan(period.year).indicator[one.indicator], one.county, one.as_of)

    def correct(self, periods: Sequence[str] = ()) -> list[Path]:
        """Draft a correction of every issued document, of all periods or those named, that no longer holds."""
        from flows.documents import corrections

        with self.warehouse() as warehouse:
            return [
                corrections.draft(warehouse, self.plans, self.typesetter, self.settings.reports, period)
                for period in corrections.due(warehouse, self.plans, periods)
            ]

    # Approval and issue

    @contextmanager
    def issuer(self) -> Iterator[Issuer]:
        """What issues documents and makes issued ones again, for as long as the block lasts."""
        from flows.issuing.issuing import Issuer

        with self.warehouse() as warehouse:
            yield Issuer(warehouse, self.plans, self.typesetter, self.settings.data)

    def issue(self, document: str, serial: int | None = None, gap_note: str = "") -> tuple[Issued, list[Row]]:
        """Number and issue a draft that passed every step, and queue its letters; what of those needs a hand."""
        with self.issuer() as issuer:
            entry = issuer.issue(self.approval_status(document), self.now(), serial, gap_note)
        rows = self.delivery.queue_missing()
        self.write_exchange()
        return entry, rows + self.delivery.tell_operator(rows, samples=False)

    def issued(self) -> tuple[Issued, ...]:
        """Every issued document, in the order of issue."""
        from flows.warehouse.issue_ledger import issued

        with self.snapshot() as warehouse:
            return issued(warehouse)

    def register(self, words: str = "") -> list[RegisterEntry]:
        """The register of issued documents, newest first; only those in which every one of the words occurs."""
        from flows.issuing.register import register

        with self.snapshot() as warehouse:
            return register(warehouse, self.settings.data, words)

    def write_missing_files(self) -> list[Issued]:
        """Make again the issued documents whose files a crash kept from being written."""
        with self.issuer() as issuer:
            written = issuer.write_missing_files()
        self.write_exchange()
        return written

    def write_exchange(self) -> list[Issued]:
        """Lay out the issued documents that are not in the exchange folder yet, where the policy wants it."""
        from flows.issuing.exchange import write_exchange

        with self.warehouse() as warehouse:
            return write_exchange(warehouse, self.plans, self.settings.data)

    def notify(self, done: Mapping[str, str]) -> str:
        """Tell the office's own command what was issued, who is late and what waits; why it failed, else empty. `done` are
        the matters of the day with why each failed."""
        from flows.documents.notices import month_reported_on
        from flows.issuing.form_letters import reported
        from flows.issuing.notify import notify
        from flows.plan.period import Period
        from flows.plan.plan_file import PlanError
        from flows.plan.workdays import deadlines

        try:
            command = self.delivery.contacts().notify.command
        except PlanError:
            return ""
        if not command:
            return ""
        month = Period.parse(month_reported_on(self.now().date()))
        with self.warehouse() as warehouse:
            there = reported(warehouse, month)
        plan = self.plan()
        is_over = deadlines(str(month), plan.policy.reporting).due_on < self.now().date()
        late = [one.name for one in plan.reporters if one.id not in there] if is_over else []
        news = {
            "issued": [
                f"已办：{matter}" for matter, fault in done.items() if not fault and matter.endswith("发文")
            ],
            "late": [f"{month.long_label}未报：{'、'.join(late)}"] if late else [],
            "waiting": [
                f"待{one.waits_for.label}：{one.draft.name}" for one in self.waiting() if one.waits_for
            ],
        }
        return notify(command, news, self.settings.logs)

    def remake(self, entry: Issued) -> Reproduction:
        """Make an issued document again, to be compared; other programs may write meanwhile."""
        from flows.issuing.issuing import Issuer

        with self.snapshot() as warehouse:
            return Issuer(warehouse, self.plans, self.typesetter, self.settings.data).reproduce(entry)

    # Operation
    def backup(self, folder: Path | None = None) -> Backup:
        """Write a backup of this moment and read it back."""
        from flows.operations.backup.create import back_up

        return back_up(self.settings, self.now(), folder)

    def restore_drill(self) -> list[str]:
        """Restore the last backup into a folder of its own, compare, and remove it; RuntimeError where they differ."""
        from flows.operations.backup.messages import restored_lines
        from flows.operations.backup.restore import drill
        from flows.operations.inventory import mark_done
        from flows.plan.agenda import Job

        restored = drill(self.settings)
        lines = list(restored_lines(restored))
        if not restored.is_usable:
            raise RuntimeError("\n".join(["恢复演练：备份恢复出来的与备份时不一致", *lines]))
        mark_done(self.settings, Job.DRILL, "", self.now().date())
        return lines

    def due(self, on: date | None = None) -> tuple[Due, ...]:
        """What is due on a day and not done yet."""
        from flows.operations.inventory import due_on

        return due_on(self.settings, self.plans, on or self.now().date())


def write_county_batch(batch: Batch) -> list[CountyResult]:
    """Make one batch in a worker process, by the settings of the machine it runs on."""
    return Office().write_county_batch(batch)
