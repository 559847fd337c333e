"""From draft to issued document (审核、签发、印发): what a document is called, who passed it, what was issued."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flows.plan.document_kinds import CORRECTION
from flows.plan.terms import Term


class Step(Term):
    """A step that a draft must pass before it is issued."""

    REVIEW = "review", "审核"
    SIGN = "sign", "签发"


class Decision(Term):
    """What was decided at a step."""

    APPROVED = "approved", "同意"
    RETURNED = "returned", "退回"


class NotIssuedError(RuntimeError):
    """No document was issued under this number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"没有印发过{number}；文号要写全，如 通人社发〔2025〕1号，用 diaodu issued 可列出")


class UnknownDocumentError(RuntimeError):
    """There is no document of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有“{name}”这份文件。文件的名称是 data/reports 下的文件夹，如 2025-06/monthly_dispatch、"
            "2025-06/monthly_dispatch-kailu、2025-06/notices/提醒〔2025〕3-kailu；用 diaodu approve 可列出待审的文件"
        )


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A document by its place below data/reports (文件名称): `2025-06/monthly_dispatch-kailu`.

    `county` is the reporter it is for, empty where it is for all; `notice` is the ledger's number of a notice,
    empty for every other kind.
    """

    period: str
    kind: str
    county: str = ""
    notice: str = ""

    @classmethod
    def parse(cls, written: str) -> "DocumentName":
        """Read a name as people and folders write it; UnknownDocumentError for anything else."""
        name = written.strip().strip("/").removeprefix("data/reports/")
        if found := re.fullmatch(r"(\d{4}-\d\d)/notices/([^/@-]+)-(\w+)", name):
            return cls(found[1], "notice", found[3], found[2])
        if found := re.fullmatch(r"(\d{4}(?:-\w+)?)/([a-z_0-9]+)(?:-(\w+))?", name):
            return cls(found[1], found[2], found[3] or "")
        raise UnknownDocumentError(written)

    @classmethod
    def correction(cls, period: str, ordinal: int) -> "DocumentName":
        """The nth correction of what was issued on a period: `2025-05/correction_1`."""
        return cls(period, f"{CORRECTION}_{ordinal}")

    @property
    def correction_ordinal(self) -> int | None:
        """Which correction of its period it is, from 1; None for every other document."""
        found = re.fullmatch(rf"{CORRECTION}_(\d+)", self.kind)
        return int(found[1]) if found else None

    def __str__(self) -> str:
        if self.notice:
            return f"{self.period}/notices/{self.notice}-{self.county}"
        return f"{self.period}/{self.kind}" + (f"-{self.county}" if self.county else "")


@dataclass(frozen=True, slots=True)
class Approval:
    """What somebody decided on a draft at a step: `sha256` is of the very PDF that was before them. `account` is who
    was logged in, `os_user` and `host` whose session on which machine it was; null where that was not recorded.
    `instructed_by`: at whose instruction, if any."""

    document: str
    sha256: str
    step: Step
    decision: Decision
    decided_by: str
    decided_at: datetime
    note: str = ""
    account: str | None = None
    os_user: str | None = None
    host: str | None = None
    instructed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued document (印发文件). `number` is its 发文字号, `serial` its ordinal in the `series` of that year;
    `document` the DocumentName it was drafted under; `draft_sha256` of the draft approved, `sha256` of the PDF
    that went out; `gap_note` why serials before it were skipped, empty where none was."""

    number: str
    series: str
    year: int
    serial: int
    gap_note: str
    document: str
    kind: str
    period: str
    county: str
    title: str
    file_name: str
    as_of: datetime
    issued_on: date
    issued_at: datetime
    draft_sha256: str
    sha256: str
    is_sample: bool

    @property
    def folder(self) -> str:
        """Where its files lie below the data folder."""
        return f"issued/{self.year}/{self.number}"


def issued_as(documents: Iterable[Issued], number: str) -> Issued:
    """The document issued under a number, however its brackets were typed; NotIssuedError where there is none."""
    wanted = number.strip().translate(str.maketrans("[]（）()【】", "〔〕〔〕〔〕〔〕"))
    for one in documents:
        if one.number in (wanted, f"{wanted}号"):
            return one
    raise NotIssuedError(number)


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """A sealed copy of an issued document (盖章件): `issued_sha256` of the PDF as it was issued, `sha256` of this one,
    `place` its file below the data folder, `seal_pages` the pages with a seal (1,9), `signatures` the electronic
    signatures in it as the file names them, empty where there is none. Who recorded it stands in the last four."""

    number: str
    issued_sha256: str
    sha256: str
    place: str
    seal_pages: str
    signatures: str
    sealed_at: datetime
    account: str | None = None
    os_user: str | None = None
    host: str | None = None
    instructed_by: str | None = None
