"""What leaves the office as files (交出): sealed copies, the yearly archive. Base of the Office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.wording import Wording

if TYPE_CHECKING:  # a command loads only what it runs
    from pathlib import Path

    from flows.accounts.accounts import Actor
    from flows.issuing.sealing import SealResult
    from flows.plan.issued import SealedCopy
    from flows.plan.letter import Letter


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
