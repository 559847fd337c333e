"""What the office words itself (改写): an edit of one paragraph of a document, and the slots that it may fill.

Numbers belong to the reporters, words to the office: an edit is text in which every number is a token that names the
fact it prints. `flows.documents.edited_text` finds the tokens, `flows.documents.paragraphs` prints them.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.plan.terms import Term


class Slot(Term):
    """A place in a document where the office may add paragraphs of its own (空处); it prints nothing while it is empty."""

    ASSESSMENT = "assessment", "总体评价"
    CAUSES = "causes", "原因分析"
    NEXT_STEPS = "next_steps", "下一步打算"
    CLOSING = "closing", "结尾"


class EditAction(Term):
    """What an account did with a paragraph."""

    WRITTEN = "written", "改写"
    CONFIRMED = "confirmed", "重看后保留"
    WITHDRAWN = "withdrawn", "撤回"


@dataclass(frozen=True, slots=True)
class ParagraphEdit:
    """One event of a paragraph's wording: document × paragraph × entry of the ledger.

    `own_text` is the program's paragraph when it was edited (empty for a slot), `old_text` what stood there before and
    `new_text` what stands there since, all three with tokens for numbers; a line a paragraph, empty where it is left
    out. The last four name who did it: account, user of the machine, machine, at whose instruction (null: nobody's).
    """

    document: str
    paragraph: str
    action: EditAction
    edited_at: datetime
    own_text: str
    old_text: str
    new_text: str
    account: str | None = None
    os_user: str | None = None
    host: str | None = None
    instructed_by: str | None = None
