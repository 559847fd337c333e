"""What was found of one matter today (研判): which rung is due, or why none is."""

from dataclasses import dataclass

from flows.plan.notice import Ladder, Matter, MatterStatus, NoticeKind


@dataclass(frozen=True, slots=True)
class Finding:
    """A matter of an addressee on one ladder. `kind` is what is due, None where nothing is; `why` says why.

    `matter` carries today's figures, also where they are good again.
    """

    addressee: str
    ladder: Ladder
    matter: Matter
    kind: NoticeKind | None
    why: str

    @property
    def key(self) -> tuple[str, Ladder, str, str]:
        """Addressee, ladder, county and indicator, as of a filed matter."""
        return self.addressee, self.ladder, self.matter.county, self.matter.indicator


@dataclass(frozen=True, slots=True)
class MadeGood:
    """A matter sent and since made good (已补报、已赶上): `how` is remembered with it."""

    filed: MatterStatus
    how: str
