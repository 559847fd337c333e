"""By which way a file came (报表来源), and whether that way belongs to somebody."""

from dataclasses import dataclass

from flows.plan.terms import Term


class OriginKind(Term):
    """The way."""

    FOLDER = "folder", "单位自己的文件夹"
    MAIL = "mail", "单位发来的邮件"
    COMMAND = "command", "经办点名收的"
    INBOX = "inbox", "收件箱"


@dataclass(frozen=True, slots=True)
class Origin:
    """A way: its kind, and whose it is: the reporter of a folder or an address, the machine's user who named the file; empty for the
    inbox, in which anybody may have put a file."""

    kind: OriginKind
    name: str = ""

    @property
    def reporter(self) -> str | None:
        """Whose reports alone come by this way; null where any may."""
        return self.name if self.kind in (OriginKind.FOLDER, OriginKind.MAIL) else None

    @property
    def is_verified(self) -> bool:
        """Whether somebody answers for it."""
        return self.kind is not OriginKind.INBOX


INBOX = Origin(OriginKind.INBOX)
_KINDS = {str(kind): kind for kind in OriginKind}


def origin_of(kind: str, name: str) -> Origin:
    """As a ledger or an envelope has it."""
    return Origin(_KINDS[kind], name)
