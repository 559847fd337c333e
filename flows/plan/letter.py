"""Letters (发文信件): an issued document on its way to one address, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flows.plan.terms import Term


class Role(Term):
    """As what a unit gets a document."""

    TO = "to", "主送"
    CC = "cc", "抄送"


class LetterKind(Term):
    """What a letter brings."""

    DOCUMENT = "document", "文件"
    RECEIPT = "receipt", "回执"
    FORM = "form", "报表"
    REMINDER = "reminder", "报送提示"


class LetterState(Term):
    """What became of a letter. SENDING without an end is turned into UNCERTAIN, never into another attempt."""

    QUEUED = "queued", "待发"
    SENDING = "sending", "正在发"
    SENT = "sent", "已发出"
    FAILED = "failed", "未发成"
    UNCERTAIN = "uncertain", "去向不明"
    DROPPED = "dropped", "作罢"


# From which state a letter may come into each. Out of FAILED and UNCERTAIN only a person leads, but for a letter that
# comes back: what was sent, or may have been, has failed then.
ALLOWED_PREDECESSORS: Mapping[LetterState, tuple[LetterState, ...]] = {
    LetterState.QUEUED: (LetterState.SENDING, LetterState.FAILED, LetterState.UNCERTAIN),
    LetterState.SENDING: (LetterState.QUEUED,),
    LetterState.SENT: (LetterState.SENDING, LetterState.FAILED, LetterState.UNCERTAIN),
    LetterState.FAILED: (
        LetterState.QUEUED,
        LetterState.SENDING,
        LetterState.SENT,
        LetterState.UNCERTAIN,
    ),
    LetterState.UNCERTAIN: (LetterState.SENDING,),
    LetterState.DROPPED: (LetterState.QUEUED, LetterState.FAILED, LetterState.UNCERTAIN),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: a document × an address of a unit. `letter_id` is its Message-ID, but for the domain.

    `number` is the document's; a receipt, form or reminder is known by what it answers or by its month instead.
    `html` is the body as a page, empty for none; `in_reply_to` and `reference_ids` are those of the message it answers.

    `address` is empty where the contacts had none for the unit: such a letter has failed from the beginning.
    `attachments` are the files of `folder` (below the data folder) that go with it, with their sha256.
    """

    letter_id: str
    number: str
    sha256: str
    unit: str
    unit_name: str
    role: Role
    address: str
    subject: str
    body: str
    attachments: tuple[tuple[str, str], ...]
    folder: str
    queued_at: datetime
    is_sample: bool
    kind: LetterKind = LetterKind.DOCUMENT
    html: str = ""
    in_reply_to: str = ""
    reference_ids: str = ""


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """A letter as the ledger has it now: its state, since when, how many tries it used up since a person last
    queued it, and what the server answered or the operator noted."""

    letter: Letter
    state: LetterState
    stated_at: datetime
    attempt: int
    reply: str

    @property
    def short_id(self) -> str:
        """As much of the Message-ID as an operator needs to name it."""
        return self.letter.letter_id[1:11]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state not in {LetterState.SENT, LetterState.DROPPED}


class LetterError(RuntimeError):
    """A letter that is unknown, or that cannot come into this state from where it is."""

    def __init__(self, letter: str, state: LetterState, found: LetterState | None) -> None:
        now = "台账里没有这封信" if found is None else f"现为“{found.label}”"
        wanted = "、".join(s.label for s in ALLOWED_PREDECESSORS[state])
        super().__init__(f"信件 {letter} 不能登记为“{state.label}”：应先为“{wanted}”，{now}")
