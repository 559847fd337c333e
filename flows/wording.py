"""What the office words itself (改写): read the paragraphs of a draft, and edit, keep or withdraw its words on record.
Base of the Office.

Raises WordsRefusedError where a text cannot be taken, ApprovalError where there is no draft to word, AccountError where the
account may not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.approvals import Approvals

if TYPE_CHECKING:  # a command loads only what it runs: the layout engine alone takes half a second
    from collections.abc import Mapping, Sequence

    from flows.accounts.accounts import Actor
    from flows.documents.document import Document
    from flows.documents.known_numbers import KnownNumbers
    from flows.documents.paragraphs import Paragraph
    from flows.issuing.approval import ApprovalStatus
    from flows.plan.paragraph_edit import EditAction, ParagraphEdit
    from flows.warehouse.connection import Warehouse


class WordsRefusedError(RuntimeError):
    """Words that cannot be taken: which paragraphs and why, a line a fault. Nothing was recorded."""

    def __init__(self, document: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        listed = "\n".join(f"  {one}" for one in faults)
        super().__init__(f"{document}：文字没有改，{len(faults)} 处不能采用：\n{listed}")


@dataclass(frozen=True)
class ParagraphStatus:
    """A paragraph of a draft that the office may word: `text` is what stands there, with tokens for numbers (empty: nothing
    is printed); `edit` the last edit if one is in force, `is_stale` whether it must be looked at again."""

    paragraph: Paragraph
    text: str
    edit: ParagraphEdit | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class WordsChange:
    """What a text in place of a paragraph would change, both with tokens, and why it cannot be taken."""

    paragraph: Paragraph
    old_text: str
    new_text: str
    faults: tuple[str, ...] = ()

    @property
    def named_faults(self) -> list[str]:
        """The same with the paragraph's name before each."""
        return [f"{self.paragraph.label}：{fault}" for fault in self.faults]


@dataclass(frozen=True)
class _Draft:
    """A draft as it stands: the numbers that its words may print, its paragraphs by id in order."""

    status: ApprovalStatus
    numbers: KnownNumbers
    paragraphs: dict[str, ParagraphStatus]


class Wording(Approvals):
    """The office's own words in a draft."""

    def paragraphs(self, document: str) -> list[ParagraphStatus]:
        """Every paragraph of a draft that may be worded, in order, empty slots among them; last, edits of paragraphs that
        the program no longer writes."""
        return list(self._draft(document).paragraphs.values())

    def words_to_review(self) -> list[ApprovalStatus]:
        """The drafts whose words cannot be approved as they are."""
        from flows.warehouse.words_ledger import paragraph_edits

        with self.snapshot() as warehouse:
            if not paragraph_edits(warehouse):
                return []
        return [one for one in self.waiting() if one.words_fault]

    def compare_words(self, document: str, texts: Mapping[str, str]) -> list[WordsChange]:
        """What these texts, by paragraph id, would change: each read, its numbers found, its faults named; nothing is
        recorded. A text may hold tokens, or numbers as the document prints them; what is as it stands is left out."""
        return _changes(self._draft(document), document, texts)

    def edit_words(
        self, document: str, texts: Mapping[str, str], actor: Actor, seen: str = ""
    ) -> list[WordsChange]:
        """Record these texts in place of the paragraphs, and make the draft again with them; a text that is the program's
        own withdraws an edit. `seen` is the hash of the draft that was looked at: another since is refused."""
        from flows.plan.paragraph_edit import EditAction

        with self.warehouse() as warehouse:
            draft = self._draft(document)
            changes = _changes(draft, document, texts)
            if faults := [fault for one in changes for fault in one.named_faults]:
                raise WordsRefusedError(document, faults)
            new_texts = {one.paragraph.id: one.new_text for one in changes}
            self._record(warehouse, draft, document, seen, actor, EditAction.WRITTEN, new_texts)
        return changes

    def confirm_words(self, document: str, paragraphs: Sequence[str], actor: Actor, seen: str = "") -> None:
        """Keep edits whose facts have changed, with the numbers of now, after they were looked at again."""
        from flows.plan.paragraph_edit import EditAction

        with self.warehouse() as warehouse:
            draft = self._draft(document)
            stale = {
                name: one for name, one in draft.paragraphs.items() if one.is_stale and name in paragraphs
            }
            faults = [f"“{name}”不是须重看的段落" for name in paragraphs if name not in stale]
            for name, one in stale.items():
                found = (
                    _read(one.text, one.paragraph, draft.numbers)[1]
                    if name in draft.numbers.paragraph
                    else ["原来的段落没有了"]
                )
                faults += [
                    f"{one.paragraph.label}：{fault}；不能照旧保留，请重新改写或撤回" for fault in found
                ]
            if faults:
                raise WordsRefusedError(document, faults)
            texts = {name: one.text for name, one in stale.items()}
            self._record(warehouse, draft, document, seen, actor, EditAction.CONFIRMED, texts)

    def withdraw_words(self, document: str, paragraphs: Sequence[str], actor: Actor, seen: str = "") -> None:
        """Have the program's own paragraphs back."""
        from flows.plan.paragraph_edit import EditAction

        with self.warehouse() as warehouse:
            draft = self._draft(document)
            there = draft.paragraphs
            wrong = [name for name in paragraphs if name not in there or there[name].edit is None]
            if wrong:
                raise WordsRefusedError(document, [f"“{name}”没有改写过" for name in wrong])
            texts = {name: there[name].paragraph.text for name in paragraphs}
            self._record(warehouse, draft, document, seen, actor, EditAction.WITHDRAWN, texts)

    def redraft(self, document: str) -> Document:
        """Make a draft again from its own data cut with the words in force, where a crash kept it from being made."""
        from flows.documents.publishing import publish
        from flows.warehouse.words_ledger import edits_in_force

        with self.warehouse() as warehouse:
            status = self.approval_status(document)
            made = self._composed(warehouse, status, edits_in_force(warehouse, str(status.draft.name)))
            publish(made, status.draft.pdf.parent)
        return made

    def _record(
        self,
        warehouse: Warehouse,
        draft: _Draft,
        document: str,
        seen: str,
        actor: Actor,
        action: EditAction,
        texts: Mapping[str, str],
    ) -> None:
        """Make the draft with these texts, by paragraph; where nothing is wrong with it, record them and put it in the place
        of the one before."""
        from flows.accounts.record import AccessKind
        from flows.documents.publishing import publish
        from flows.issuing.approval import ApprovalError
        from flows.warehouse.words_ledger import edited_event, edits_in_force, in_force

        status = draft.status
        self._require_editor(status, actor)
        if seen and seen != status.draft.sha256:
            raise ApprovalError(document, "草稿已重新生成，请重新看过再改")
        if not texts:
            return
        edits = self._edits(draft, texts, actor, action)
        before = edits_in_force(warehouse, edits[0].document)
        made = self._composed(warehouse, status, in_force((*before, *edits)))
        if made.faults:
            raise WordsRefusedError(document, made.faults)
        if made.paragraphs != draft.numbers.paragraphs:
            raise ApprovalError(document, "草稿是以前的程序或方案做的，请先重新生成再改")
        # Before the ledger: no edit there is without its line in the access record.
        self.accounts.note(
            AccessKind.REGISTERED, self.now(), actor.account, what="改写文字", subject=document,
            instructed_by=edits[0].instructed_by,
        )  # fmt: skip
        warehouse.append([edited_event(edit) for edit in edits])
        publish(made, status.draft.pdf.parent)

    def _edits(
        self, draft: _Draft, texts: Mapping[str, str], actor: Actor, action: EditAction
    ) -> list[ParagraphEdit]:
        """The events of these texts; one that is the program's own again is a withdrawal."""
        from flows.plan.paragraph_edit import EditAction, ParagraphEdit

        name, columns = str(draft.status.draft.name), actor.columns()
        edits = []
        for paragraph, text in texts.items():
            one = draft.paragraphs[paragraph]
            done = EditAction.WITHDRAWN if text == one.paragraph.text else action
            own, at = one.paragraph.text, self.now()
            edits.append(ParagraphEdit(name, paragraph, done, at, own, one.text, text, **columns))
        return edits

    def _require_editor(self, status: ApprovalStatus, actor: Actor) -> None:
        from flows.accounts.accounts import Duty

        account = self.accounts.require(actor.account.name, Duty.REGISTER)
        if not status.draft.is_sample:
            self.accounts.require_real(account, f"{status.draft.name}（不是示例数据）")

    def _draft(self, document: str) -> _Draft:
        from flows.documents.edits import apply_edits
        from flows.documents.known_numbers import KnownNumbers
        from flows.documents.paragraphs import Paragraph
        from flows.plan.period import Period
        from flows.warehouse.words_ledger import edits_in_force

        status = self.approval_status(document)
        catalogue = self.plan(Period.parse(status.draft.name.period).year)
        numbers = KnownNumbers.read(status.draft.pdf.parent, catalogue)
        with self.snapshot() as warehouse:
            edits = {edit.paragraph: edit for edit in edits_in_force(warehouse, str(status.draft.name))}
        applied = apply_edits(tuple(edits.values()), numbers)
        gone = [Paragraph(name, "", "") for name in edits if name not in numbers.paragraph]
        listed = {}
        for one in (*numbers.paragraphs, *gone):
            edit = edits.get(one.id)
            text = applied.current.get(one.id, edit.new_text if edit else one.text)
            listed[one.id] = ParagraphStatus(one, text, edit, one.id in applied.stale)
        return _Draft(status, numbers, listed)

    def _composed(
        self, warehouse: Warehouse, status: ApprovalStatus, edits: tuple[ParagraphEdit, ...]
    ) -> Document:
        """The draft with these edits; WordsRefusedError where the fonts lack a character of them."""
        from flows.documents.pdf.fonts import GlyphMissingError
        from flows.issuing.issuing import Issuer

        issuer = Issuer(warehouse, self.plans, self.typesetter, self.settings.data)
        try:
            return issuer.redraft(status.draft, edits)
        except GlyphMissingError as fault:
            raise WordsRefusedError(str(status.draft.name), [str(fault)]) from None


def _read(typed: str, paragraph: Paragraph, numbers: KnownNumbers) -> tuple[str, tuple[str, ...]]:
    from flows.documents.edited_text import read_edit

    return read_edit(typed, paragraph, numbers)


def _changes(draft: _Draft, document: str, texts: Mapping[str, str]) -> list[WordsChange]:
    """What these texts would change of a draft; WordsRefusedError where it has no such paragraph."""
    there = draft.paragraphs
    if unknown := [f"没有“{name}”这一段，有：{'、'.join(there)}" for name in texts if name not in there]:
        raise WordsRefusedError(document, unknown)
    read = {name: _read(typed, there[name].paragraph, draft.numbers) for name, typed in texts.items()}
    return [
        WordsChange(there[name].paragraph, there[name].text, text, faults)
        for name, (text, faults) in read.items()
        if text != there[name].text or faults
    ]
