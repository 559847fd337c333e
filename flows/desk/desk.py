"""What every page of the desk shares: the Office, who is logged in, work under way, and the templates."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException

from flows import clock
from flows.accounts.accounts import Account, Actor, Duty
from flows.desk.answer_cache import Answer, AnswerCache
from flows.desk.sessions import COOKIE, Session, Sessions
from flows.desk.work import Outcome, Works
from flows.documents.evidence import Evidence, data_version, gather
from flows.documents.reporting_status import ReportingStatus
from flows.issuing.approval import ApprovalStatus, Draft
from flows.office import Office
from flows.operations import deployment_run
from flows.plan.agenda import periods
from flows.plan.catalogue import Catalogue
from flows.plan.issued import Issued
from flows.plan.letter import LetterStatus
from flows.plan.period import Frequency, Period
from flows.plan.terms import CITY
from flows.settings import ROOT, Settings

TEMPLATES = ROOT / "templates" / "desk"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LoggedOutError(Exception):
    """Nobody is logged in: the page asks for it."""


class ForgedFormError(Exception):
    """A form that this desk did not make for this session, or made for one that is over."""


class ForbiddenError(Exception):
    """A county's or department's account asks for a page of the office."""


class Desk:
    """The desk of one office. The Office is opened again when a file of the plans has changed."""

    def __init__(
        self, settings: Settings, now: Callable[[], datetime] = clock.now, *, is_tls: bool = False
    ) -> None:
        self.settings, self.now, self.is_tls = settings, now, is_tls
        self.sessions, self.works = Sessions(), Works()
        self._of_ledgers, self._of_drafts = AnswerCache(self._ledgers), AnswerCache(self._drafts)
        self._of_reports = AnswerCache(self._reports)
        self._office, self._plans_at = Office(settings, now), self._plans_changed_at()
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._templates.filters |= {
            "moment": self._moment, "day": _day, "period": period_label, "named": self.title_of,
        }  # fmt: skip

    @property
    def office(self) -> Office:
        """The Office with the plans as they are now."""
        if (changed := self._plans_changed_at()) != self._plans_at:
            self._office, self._plans_at = Office(self.settings, self.now), changed
        return self._office

    def cached(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer to a question about the ledgers as they are now, worked out once for all who ask."""
        return self._of_ledgers.get(question, work_out)

    def cached_of_drafts(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The same of a question about ledgers and drafts."""
        return self._of_drafts.get(question, work_out)

    def cached_of_reports(self, question: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The same of a question that only reports and answers change: not drafts, approvals, letters."""
        return self._of_reports.get(question, work_out)

    def evidence(self, period: Period, as_of: datetime | None = None) -> Evidence:
        """What `gather` finds; NothingReceivedError before anything was received."""

        def gathered() -> Evidence:
            with self.office.snapshot() as warehouse:
                return gather(warehouse, self.office.plan(period.year), period, as_of)

        return self.cached_of_reports(("evidence", period, as_of), gathered)

    def waiting(self) -> list[ApprovalStatus]:
        """The drafts that are not issued."""
        return self.cached_of_drafts("waiting", self.office.waiting)

    def letters(self) -> tuple[LetterStatus, ...]:
        """Every letter."""
        return self.cached("letters", self.office.letters)

    def issued(self) -> tuple[Issued, ...]:
        """Every issued document."""
        return self.cached("issued", self.office.issued)

    def status(self, month: Period) -> ReportingStatus:
        """Who has reported a month."""
        return self.cached_of_reports(("status", month), lambda: self.office.status(month))

    def account(self, session: Session) -> Account:
        """The account as it stands now; LoggedOutError where it has been disabled meanwhile."""
        account = self.office.accounts.all().get(session.account)
        if account is None or not account.is_enabled:
            raise LoggedOutError
        return account

    def may(self, account: Account) -> dict[str, bool]:
        """Which duties the account has, by their codes, for the templates."""
        return {str(duty): account.may(duty, self.office.accounts.policy) for duty in Duty}

    def run(
        self,
        flow: str,
        parameters: Mapping[str, object],
        artifact: str,
        here: Callable[[], list[dict[str, Any]]],
    ) -> list[dict[str, Any]]:
        """Run a deployment where `diaodu up` runs, else do it here; the rows of the run's table either way."""
        if api := deployment_run.server(self.settings):
            return deployment_run.run(api, flow, parameters, artifact)
        return here()

    def page(
        self, template: str, session: Session, code: int = 200, *, is_passing: bool = False, **values: object
    ) -> HTMLResponse:
        """A page for whoever is logged in; one that is passing, since it loads itself again, leaves messages for the next."""
        account = self.account(session)
        text = self._templates.get_template(template).render(
            account=account,
            may=self.may(account),
            csrf=session.csrf,
            messages=[] if is_passing else session.take_messages(),
            **values,
        )
        return HTMLResponse(text, code)

    def bare_page(self, template: str, code: int = 200, **values: object) -> HTMLResponse:
        """A page for whoever is not."""
        return HTMLResponse(self._templates.get_template(template).render(**values), code)

    def start(self, session: Session, key: str, title: str, do: Callable[[], Outcome]) -> RedirectResponse:
        """Begin a piece of work and show its page."""
        return back_to(f"/progress/{self.works.start(key, title, session.account, do).id}")

    def last_month(self) -> Period:
        """The month that is being reported: the one before this, within the newest plan's year."""
        year, today = self.office.plan().plan.year, self.now()
        if (today.year, today.month) <= (year, 1):
            return Period.month(year, 1)
        return Period.month(year, 12 if today.year > year else today.month - 1)

    def periods(self, frequency: Frequency | None = None) -> list[Period]:
        """The periods of every plan, the newest plan's first."""
        found = (one for plan in self.office.plans for one in periods(plan.plan.year))
        return [one for one in found if frequency in (None, one.frequency)]

    def title_of(self, draft: Draft) -> str:
        """A draft's title, with whom it is for where the title does not say."""
        to_whom = self.office.addressee(draft.name)
        return draft.title if to_whom in draft.title else f"{draft.title}（{to_whom}）"

    def _moment(self, at: datetime) -> Markup:
        """A moment as offices write it, 7月7日 09:00; with its year where that is not this one."""
        year = "" if at.year == self.now().year else f"{at.year}年"
        return Markup('<time datetime="{}">{}{}月{}日 {}</time>').format(
            at.isoformat(), year, at.month, at.day, f"{at:%H:%M}"
        )

    def _plans_changed_at(self) -> int:
        files = (path for folder in self.settings.plan_folders for path in folder.iterdir())
        return max((path.stat().st_mtime_ns for path in files if path.is_file()), default=0)

    def _ledgers(self) -> Hashable:
        """What answers about the ledgers rest on: warehouse and journal, the plans, and the day."""
        files = self.settings.warehouse, self.settings.journal
        return self._plans_at, self.now().date(), _states(files)

    def _drafts(self) -> Hashable:
        """The ledgers, and every document that is made."""
        reports = self.settings.reports
        found = (*reports.glob("*/*/manifest.json"), *reports.glob("*/notices/*/manifest.json"))
        return self._ledgers(), _states(found)

    def _reports(self) -> Hashable:
        """The plans, and how many reports and answers there are, up to when."""

        def version() -> Hashable:
            with self.office.snapshot() as warehouse:
                return data_version(warehouse)

        return self._plans_at, self.cached("data version", version)


def _states(files: Iterable[Path]) -> Hashable:
    """Files by place, size and moment of the last change; what is not there is left out."""
    return tuple(
        (file, at.st_mtime_ns, at.st_size) for file in files if file.exists() for at in [file.stat()]
    )


def _day(at: date) -> str:
    return f"{at.year}年{at.month}月{at.day}日"


def period_label(written: str) -> str:
    """2025-06 as people read it: 2025年6月."""
    return Period.parse(written).long_label


def desk_of(request: Request) -> Desk:
    """The desk that the application serves."""
    desk: Desk = request.app.state.desk
    return desk


AnyDesk = Annotated[Desk, Depends(desk_of)]


def session_of(request: Request, desk: AnyDesk) -> Session:
    """Who asks; LoggedOutError for nobody."""
    session = desk.sessions.of(request.cookies.get(COOKIE), desk.now())
    if session is None:
        raise LoggedOutError
    return session


Anybody = Annotated[Session, Depends(session_of)]


def office_session(session: Anybody, desk: AnyDesk) -> Session:
    """Who of the office asks; ForbiddenError for a county's or department's account. Every page of the office takes this."""
    if desk.account(session).unit:
        raise ForbiddenError
    return session


LoggedIn = Annotated[Session, Depends(office_session)]


def form_session(session: Anybody, csrf: Annotated[str, Form()] = "") -> Session:
    """Who sends a form; ForgedFormError where it does not carry the session's own mark."""
    if csrf != session.csrf:
        raise ForgedFormError
    return session


Sender = Annotated[Session, Depends(form_session)]


@dataclass(frozen=True)
class Act:
    """Who does something at the desk: logged in, the form checked, the account as it stands."""

    desk: Desk
    session: Session
    instructed_by: str

    def actor(self, duty: Duty) -> Actor:
        """The account with that duty; AccountError where it has it not."""
        return Actor(self.desk.office.accounts.require(self.session.account, duty), self.instructed_by)


def act_of(
    desk: AnyDesk, _office: LoggedIn, session: Sender, instructed_by: Annotated[str, Form()] = ""
) -> Act:
    """What a form of an account of the office asks for."""
    return Act(desk, session, instructed_by)


Acting = Annotated[Act, Depends(act_of)]


def back_to(address: str) -> RedirectResponse:
    """To another page by GET, so that going back or loading again repeats nothing."""
    return RedirectResponse(address, status_code=303)


def require_county(catalogue: Catalogue, county: str) -> str:
    """The name of a county of the plan, or of the city; 404 for what is neither."""
    if county != CITY and county not in {one.id for one in catalogue.counties}:
        raise HTTPException(404)
    return catalogue.name_of(county)


def download(content: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
    """A file under its Chinese name, in the browser or to be kept."""
    how = "inline" if inline else "attachment"
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}"},
    )


def within(folder: Path, relative: str) -> Path | None:
    """A file below a folder; None for one that is not there, or a name that leads out of it."""
    path = (folder / relative).resolve()
    return path if path.is_file() and path.is_relative_to(folder.resolve()) else None
