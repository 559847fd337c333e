"""What leaves the office as files (交出): sealed copies, the archive, documents for WPS and Word, comparisons. Base of the
Office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.files import sha256_of
from flows.settings import ROOT
from flows.wording import ParagraphStatus, Wording

if TYPE_CHECKING:  # a command loads only what it runs
    from pathlib import Path

    from flows.accounts.accounts import Actor
    from flows.documents.comparison import Comparison
    from flows.documents.document import Document
    from flows.documents.word.returned import Returned
    from flows.documents.word.writer import Written
    from flows.issuing.sealing import SealResult
    from flows.plan.issued import SealedCopy
    from flows.plan.letter import Letter
    from flows.plan.period import Period


class NotRemadeError(RuntimeError):
    """A document does not come out as it is: data, plan or program were changed since."""

    def __init__(self, document: str) -> None:
        super().__init__(
            f"{document}：由原数据重新生成的文件与现有的 PDF 不同（其间数据、方案或程序有改动），请重新生成草稿"
        )


class Handover(Wording):
    """Issued documents on their way to others."""

    def sealed_copy(self, number: str) -> SealedCopy | None:
        """The sealed copy of an issued document; null where there is none."""
        from flows.warehouse.issue_ledger import sealed_copies

        with self.snapshot() as warehouse:
            return sealed_copies(warehouse).get(number)

    def seal(self, number: str, pdf: bytes, actor: Actor) -> tuple[SealResult, list[Letter]]:
        """Take in the sealed copy of an issued document: what is in the ledger then, and the letters that go out with it
        instead of those that waited. SealError where the file is not that document, sealed."""
        from flows.issuing.exchange import write_exchange
        from flows.issuing.sealing import check_copy, enter_copy, replace_waiting

        with self.snapshot() as warehouse:  # comparing takes seconds: others write meanwhile
            result = check_copy(warehouse, self.settings.data, number, pdf, self.now())
        with self.warehouse() as warehouse:
            if not result.is_known:
                with self.registering(actor, "盖章件", result.document.number) as columns:
                    enter_copy(warehouse, self.settings.data, result.copy, pdf, columns)
            letters = replace_waiting(warehouse, result.copy, self.now())
            write_exchange(warehouse, self.plans, self.settings.data)
        return result, letters

    def archive(
        self, year: int, folder: Path | None = None, *, samples: bool = False
    ) -> tuple[Path, list[dict[str, str]]]:
        """Write the issued documents of a year with their list; returns the folder, data/archive/<year> if not given, and
        the list, a row a document. NothingToArchiveError where there are none."""
        from flows.issuing.yearly_archive import write_archive

        folder = folder or self.settings.data / "archive" / str(year)
        with self.snapshot() as warehouse:
            return folder, write_archive(
                warehouse, self.plans, self.settings.data, year, folder, samples=samples
            )

    def docx(self, document: str) -> tuple[str, Written]:
        """A draft (2025-06/monthly_dispatch) or an issued document (通人社发〔2025〕1号) as .docx with its file name: made from the
        same facts as its PDF, which must print the same paragraphs, rows and numbers. NotRemadeError where it does not."""
        name, written, _ = self._written(document)
        return name, written

    def _written(self, document: str) -> tuple[str, Written, dict[str, ParagraphStatus]]:
        """The .docx with its name, and the paragraphs of a draft, none of an issued document."""
        from flows.documents.word.facts import fact_names
        from flows.documents.word.writer import write

        made, period = self._composed_again(document)
        paragraphs = {one.paragraph.id: one for one in self.paragraphs(document)} if "/" in document else {}
        texts = {name: one.text for name, one in paragraphs.items()}
        names = fact_names(self.plan(period.year))
        templates = ROOT / "templates" / "docx"
        written = write(made.page_source, self.typesetter.picture, names, texts, templates)
        return f"{made.name}.docx", written, paragraphs

    def _composed_again(self, document: str) -> tuple[Document, Period]:
        """A draft or an issued document once more from its data, not laid out, and its period: its record must be the one beside
        the PDF, and the gate read the same in the PDF."""
        from flows.issuing.issuing import Issuer
        from flows.plan.issued import issued_as
        from flows.plan.period import Period
        from flows.warehouse.issue_ledger import issued
        from flows.warehouse.words_ledger import edits_in_force

        with self.snapshot() as warehouse:
            if "/" in document:
                draft = self.approval_status(document).draft
                pdf, wanted, period = draft.pdf, draft.sha256, draft.name.period
            else:
                entry = issued_as(issued(warehouse), document)
                pdf = self.settings.data / entry.folder / entry.file_name
                wanted, period = entry.sha256, entry.period
            content = pdf.read_bytes() if pdf.is_file() else b""
            issuer = Issuer(warehouse, self.plans, self.typesetter.for_records(content), self.settings.data)
            if "/" in document:
                made = issuer.redraft(draft, edits_in_force(warehouse, str(draft.name)))
            else:
                made = issuer.reproduce(entry).document
        is_known = (
            sha256_of(content) == wanted and made.manifest == pdf.with_name("manifest.json").read_bytes()
        )
        if made.faults or not is_known:
            raise NotRemadeError(document)
        return made, Period.parse(period)

    def compare_docx(self, document: str, content: bytes) -> Returned:
        """What an edited .docx of a draft would change: nothing is recorded. Its texts can be given to compare_words and
        edit_words. DocxError where the file cannot be read."""
        from flows.documents.word.body import placeholder
        from flows.documents.word.returned import Wordable, compare

        _, written, paragraphs = self._written(document)
        wordable = {
            bookmark: Wordable(name, paragraphs[name].paragraph.lead, placeholder(name))
            for bookmark, name in written.ids.items()
            if name in paragraphs
        }
        return compare(written.content, content, wordable)

    def compare(self, before: str, after: str = "") -> Comparison:
        """Two documents by name or number in words and numbers; a draft with the one before it where only one is named; an
        issued one with its correction, as it would read with the corrected data. NotComparableError where one has no record."""
        from flows.documents.comparison import compare
        from flows.documents.word.facts import fact_names
        from flows.issuing.compared import Comparer
        from flows.issuing.issuing import Issuer
        from flows.plan.period import Period

        with self.snapshot() as warehouse:
            issuer = Issuer(warehouse, self.plans, self.typesetter, self.settings.data)
            sides = Comparer(issuer, self.settings.reports).sides(before, after)
        # Not the year of the data: December's bulletin is made in January.
        return compare(*sides, fact_names(self.plan(Period.parse(sides[1].period).year)))
