"""County reports (反馈单) in batches (分批成文): what a worker process makes by itself from the rows it is handed.

A batch carries its own counties' rows and nothing else, so a worker's memory is that of one batch, however many
counties there are. The worker reads plan, fonts and templates itself, and checks that they are the very same. A report
at hand is kept where the same program made it from the same rows: a corrected template reaches every county.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from flows.documents.composing import compose_frames, frames_of, planned
from flows.documents.document import Frames, Issue
from flows.documents.evidence import Evidence
from flows.documents.manifest import basis, versions
from flows.documents.pdf.typeset import Typesetter
from flows.documents.program_version import program
from flows.documents.publishing import draft_folder, publish
from flows.files import sha256_of, write_whole
from flows.plan.catalogue import Catalogue
from flows.plan.issued import DocumentName
from flows.plan.paragraph_edit import ParagraphEdit
from flows.plan.period import Period
from flows.warehouse.connection import Warehouse
from flows.warehouse.words_ledger import in_force_by_document

KIND = "monthly_dispatch"
MADE_BY = ".made-by"  # beside a report, written last: the hash of the program that made it
BATCH_SIZE = 20  # at most: some seconds of work, so that progress is seen and little is lost
MAX_FAILURES_SHOWN = 20  # the rest are logged


@dataclass(frozen=True)
class Batch:
    """Some counties' reports to be made: their rows, how they are issued, the office's words by county, with which packages
    and which program."""

    counties: tuple[str, ...]
    period: Period
    as_of: datetime | None
    issue: Issue
    frames: Frames
    edits: dict[str, tuple[ParagraphEdit, ...]]
    versions: dict[str, str]
    program: str


@dataclass(frozen=True, slots=True)
class CountyResult:
    """What came of one county: `kept` where the document at hand is what would be made again; a sentence where
    it was not made."""

    county: str
    kept: bool = False
    fault: str = ""


class WorkerMismatchError(RuntimeError):
    """This machine would make another document than the one that handed out the work."""

    def __str__(self) -> str:  # not in __init__, which a worker process's error goes through a second time
        return f"执行的机器上{self.args[0]}与派发的机器不同，不在这里成文；请改为一致后再运行一次"


class CountyReportsError(RuntimeError):
    """Some counties' reports were not made: whose and why; the others' were."""

    def __init__(self, period: Period, done: int, failed: Sequence[tuple[str, str]]) -> None:
        self.counties = tuple(name for name, _ in failed)
        listed = "\n".join(f"  {name}：{why}" for name, why in failed[:MAX_FAILURES_SHOWN])
        rest = len(failed) - MAX_FAILURES_SHOWN
        more = f"\n  …另 {rest} 地，见运行日志" if rest > 0 else ""
        super().__init__(
            f"{period.long_label}反馈单：{done} 份已成文，{len(failed)} 地没有做成；排除后再运行一次，只补没有做成的：\n"
            f"{listed}{more}"
        )


def batches(
    evidence: Evidence,
    counties: Sequence[str],
    as_of: datetime | None,
    size: int = BATCH_SIZE,
    edits: Mapping[str, tuple[ParagraphEdit, ...]] = MappingProxyType({}),
) -> Iterator[Batch]:
    """The work handed out, `size` counties at a time; `edits` are the office's words by county."""
    frames, issue, rest = frames_of(evidence).with_all_submissions(), planned(evidence), iter(counties)
    while some := tuple(islice(rest, size)):
        own = {county: edits[county] for county in some if county in edits}
        yield Batch(some, evidence.period, as_of, issue, frames.of_counties(some), own, versions(), program())


def edits_of(
    warehouse: Warehouse, period: Period, counties: Sequence[str]
) -> dict[str, tuple[ParagraphEdit, ...]]:
    """The office's words in the reports of these counties, by county; none of one whose report is as the program writes it."""
    edits = in_force_by_document(warehouse)
    names = {county: str(DocumentName(str(period), KIND, county)) for county in counties}
    return {county: edits[name] for county, name in names.items() if name in edits}


def write(batch: Batch, catalogue: Catalogue, typesetter: Typesetter, reports: Path) -> list[CountyResult]:
    """Make what is missing or changed, in this machine's folder of reports; one that fails does not stop the rest.
    WorkerMismatchError where plan, packages or program are others here."""
    if dict(catalogue.sources) != dict(batch.issue.sources):
        raise WorkerMismatchError("的方案")
    if versions() != batch.versions:
        raise WorkerMismatchError("排版软件的版本")
    if program() != batch.program:
        raise WorkerMismatchError("的程序或模板")
    return [_try_one(batch, county, catalogue, typesetter, reports) for county in batch.counties]


def _try_one(
    batch: Batch, county: str, catalogue: Catalogue, typesetter: Typesetter, reports: Path
) -> CountyResult:
    """One county's; nothing it may meet is another county's affair."""
    try:
        return _write_one(batch, county, catalogue, typesetter, reports)
    except (OSError, RuntimeError) as fault:
        return CountyResult(county, fault=str(fault))
    except Exception as fault:  # an error of the program on one county's rows
        logging.getLogger(__name__).exception("%s", county)
        return CountyResult(county, fault=f"程序内部出错（{type(fault).__name__}：{fault}）")


def _write_one(
    batch: Batch, county: str, catalogue: Catalogue, typesetter: Typesetter, reports: Path
) -> CountyResult:
    frames = batch.frames.of_counties([county])
    folder = draft_folder(reports, str(batch.period), KIND, batch.as_of, county)
    issue = replace(batch.issue, edits=batch.edits.get(county, ()))
    if is_current(folder, basis(str(batch.period), issue, frames, typesetter.fonts)):
        return CountyResult(county, kept=True)
    (folder / MADE_BY).unlink(missing_ok=True)
    publish(compose_frames(KIND, frames, catalogue, batch.period, issue, typesetter, county), folder)
    write_whole(folder / MADE_BY, batch.program.encode())
    return CountyResult(county)


def is_current(folder: Path, made_from: dict[str, object]) -> bool:
    """Whether the document that lies here was made from this, by this program, and its files are as they were made."""
    record, by = folder / "manifest.json", folder / MADE_BY
    if not record.exists() or not by.exists() or by.read_text(encoding="ascii") != program():
        return False
    manifest = json.loads(record.read_text(encoding="utf-8"))
    same = all(manifest.get(key) == value for key, value in made_from.items())
    lying = {
        p.name if p.suffix == ".csv" else p.suffix[1:]: p for p in folder.iterdir() if p not in (record, by)
    }
    return same and all(
        name in lying and sha256_of(lying[name].read_bytes()) == sha256
        for name, sha256 in manifest["files"].items()
    )


def check_written(
    results: Sequence[CountyResult], reports: Path, period: Period, as_of: datetime | None
) -> list[CountyResult]:
    """The same, failed where the document does not lie here: a worker elsewhere wrote to a folder of its own."""
    return [
        one
        if one.fault
        or (draft_folder(reports, str(period), KIND, as_of, one.county) / "manifest.json").exists()
        else replace(one, fault="执行的机器没有写到共用的数据文件夹（DIAODU_DATA）")
        for one in results
    ]


def count_results(results: Sequence[CountyResult], catalogue: Catalogue, period: Period) -> dict[str, int]:
    """How many were made and how many kept; CountyReportsError where some failed, all of which are logged."""
    failed = [(catalogue.name_of(one.county), one.fault) for one in results if one.fault]
    if failed:
        for name, fault in failed[MAX_FAILURES_SHOWN:]:
            logging.getLogger(__name__).error("%s：%s", name, fault)
        raise CountyReportsError(period, len(results) - len(failed), failed)
    kept = sum(one.kept for one in results)
    return {"成文": len(results) - kept, "未变": kept}
