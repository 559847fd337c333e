"""Mail that came in (来信): what the ledger keeps of a message, of the files in it and of what became of them."""

from dataclasses import dataclass
from datetime import datetime

from flows.plan.terms import Term


class MailKind(Term):
    """What a message is to the office."""

    REPORT = "report", "报表"
    BOUNCE = "bounce", "退信"
    AUTOMATIC = "automatic", "自动邮件"
    PLAIN = "plain", "没有报表"
    TOO_LARGE = "too_large", "过大"


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One message. `mail_id` is a hash of what its sender wrote, the same however often and by which way it comes;
    `sha256` is of the bytes that were fetched.

    `reporter` is whose address the sender's is, null where the office does not know it or doubts it (`doubt` says why):
    then its files are held. `uid` is its number in `folder` as of `uid_validity`. `files` are (name, sha256).
    """

    mail_id: str
    message_id: str
    reference_ids: str
    sha256: str
    sender: str
    subject: str
    received_at: datetime
    noticed_at: datetime
    folder: str
    uid_validity: int
    uid: int
    kind: MailKind
    is_automatic: bool
    reporter: str | None
    doubt: str
    files: tuple[tuple[str, str], ...] = ()

    @property
    def short_id(self) -> str:
        """As much of the id as names a folder or is printed."""
        return self.mail_id[:12]


@dataclass(frozen=True, slots=True)
class MailResult:
    """What became of one report that came by mail, as the receipt says it. `receipt` and `returned` are files below the
    data folder; `returned` is empty where no workbook goes back."""

    mail_id: str
    file_sha256: str
    report_name: str
    status: str
    month: str
    title: str
    next_step: str
    items_left: int
    receipt: str
    returned: str
