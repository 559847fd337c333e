"""反馈单 in batches (分批成文): what a worker process makes by itself from the rows it is handed.

A batch carries its own counties' rows and nothing else, so a worker's memory is that of one batch, however many
counties there are. The worker reads plan, faces and templates itself, and checks that they are the very same. A sheet
at hand is kept where the same program made it from the same rows: a corrected template reaches every county.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from flows.documents.composing import frames_of, made, planned, typesetter
from flows.documents.county_filter import of_counties, with_whole
from flows.documents.document import Frames, Issue
from flows.documents.evidence import Evidence
from flows.documents.manifest import basis, versions
from flows.documents.program_version import program
from flows.documents.publishing import folder_of, publish
from flows.files import sha256_of, write_whole
from flows.plan.folders import plan_files, plan_of
from flows.plan.period import Period
from flows.settings import Settings

KIND = "monthly_dispatch"
MADE_BY = (
    ".made-by"  # beside a sheet, written last: the hash of the program that made it (its PDF does not say)
)
AT_ONCE = 20  # counties of a batch: some seconds of work, so that progress is seen and little is lost
NAMED = 20  # so many failures are told at once, the rest stand in the run's log


@dataclass(frozen=True)
class Batch:
    """Some counties' feedback to be made: their rows, how it is issued, with which packages and which program."""

    counties: tuple[str, ...]
    period: Period
    as_of: datetime | None
    issue: Issue
    frames: Frames
    versions: dict[str, str]
    program: str


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one county: `kept` where the document at hand is what would be made again; a sentence where
    it was not made."""

    county: str
    kept: bool = False
    fault: str = ""


class UnlikeError(RuntimeError):
    """This machine would make another document than the one that handed out the work."""

    def __init__(self, what: str) -> None:
        super().__init__(f"执行的机器上{what}与派发的机器不同，不在这里成文；请改为一致后再运行一次")


class FeedbackError(RuntimeError):
    """Some counties' feedback was not made: whose and why; the others' is."""

    def __init__(self, period: Period, done: int, failed: Sequence[tuple[str, str]]) -> None:
        self.counties = tuple(name for name, _ in failed)
        told = "\n".join(f"  {name}：{why}" for name, why in failed[:NAMED])
        more = f"\n  …另 {len(failed) - NAMED} 地，见运行日志" if len(failed) > NAMED else ""
        super().__init__(
            f"{period.long_label}反馈单：{done} 份已成文，{len(failed)} 地没有做成；排除后再运行一次，只补没有做成的：\n"
            f"{told}{more}"
        )


def batches(
    evidence: Evidence,
    settings: Settings,
    counties: Sequence[str],
    as_of: datetime | None,
    size: int = AT_ONCE,
) -> Iterator[Batch]:
    """The work handed out, `size` counties at a time."""
    frames, issue, rest = with_whole(frames_of(evidence)), planned(evidence, settings), iter(counties)
    while some := tuple(islice(rest, size)):
        yield Batch(some, evidence.period, as_of, issue, of_counties(frames, some), versions(), program())


def write(batch: Batch) -> list[Made]:
    """Make what is missing or changed, in the folders that this machine's own settings name; one that fails does
    not stop the rest. UnlikeError where plan, packages or program are others here."""
    settings, year = Settings(), batch.period.year
    if plan_files(settings, year) != dict(batch.issue.sources):
        raise UnlikeError("的方案")
    if versions() != batch.versions:
        raise UnlikeError("排版软件的版本")
    if program() != batch.program:
        raise UnlikeError("的程序或模板")
    return [_written(batch, county, settings) for county in batch.counties]


def _written(batch: Batch, county: str, settings: Settings) -> Made:
    """One county's; nothing it may meet is another county's affair."""
    try:
        return _one(batch, county, settings)
    except (OSError, RuntimeError) as fault:
        return Made(county, fault=str(fault))
    except Exception as fault:  # an error of the program on one county's rows
        logging.getLogger(__name__).exception("%s", county)
        return Made(county, fault=f"程序内部出错（{type(fault).__name__}：{fault}）")


def _one(batch: Batch, county: str, settings: Settings) -> Made:
    setter = typesetter(settings.faces)
    frames = of_counties(batch.frames, [county])
    folder = folder_of(settings, str(batch.period), KIND, batch.as_of, county)
    if is_current(folder, basis(str(batch.period), batch.issue, frames, setter.faces)):
        return Made(county, kept=True)
    catalogue = plan_of(settings, batch.period.year)
    (folder / MADE_BY).unlink(missing_ok=True)
    publish(made(KIND, frames, catalogue, batch.period, batch.issue, setter, county), folder)
    write_whole(folder / MADE_BY, batch.program.encode())
    return Made(county)


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


def as_found(found: Sequence[Made], settings: Settings, period: Period, as_of: datetime | None) -> list[Made]:
    """The same, failed where the document does not lie here: a worker elsewhere wrote to a folder of its own."""
    here = {
        one.county: (folder_of(settings, str(period), KIND, as_of, one.county) / "manifest.json").exists()
        for one in found
    }
    return [
        one
        if one.fault or here[one.county]
        else replace(one, fault="执行的机器没有写到共用的数据文件夹（DIAODU_DATA）")
        for one in found
    ]


def counted(found: Sequence[Made], names: Mapping[str, str], period: Period) -> dict[str, int]:
    """How many were made and how many kept; FeedbackError where some failed."""
    failed = [(names[one.county], one.fault) for one in found if one.fault]
    if failed:
        raise FeedbackError(period, len(found) - len(failed), failed)
    kept = sum(one.kept for one in found)
    return {"成文": len(found) - kept, "未变": kept}
