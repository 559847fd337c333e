"""The office's own rules (工作口径), as policy.toml holds them: every deadline, threshold, colour and name.

The plan gives none of these; each document prints the ones it used (口径说明). A field here is a key
there; a key without a field is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.issued import Step
from flows.plan.notice import Ladder, NoticeKind
from flows.plan.paragraph_edit import Slot
from flows.plan.terms import AccountRole


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of the State Council's notice on holidays (放假安排): off, or a weekend day worked in exchange (调休上班)."""

    on: date
    is_workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """The calendar of a reporting month: days of the following month, and working days around the due day.

    `least_reported_pct`: the reports of a period's last month that there must be for its document. `holidays` are those
    typed into the plan's holidays.csv; they come before what the calendar package knows.
    """

    due_day: int
    reminder_workdays_before: int
    urging_workdays_after: int
    dispatch_workdays_after: int
    answer_workdays_after: int
    closing_day: int
    least_reported_pct: float = 50.0
    holidays: tuple[Holiday, ...] = ()

    def is_enough(self, reported: int, expected: int) -> bool:
        """Whether that many reports of a period's last month are enough for its document."""
        return reported * 100 >= expected * self.least_reported_pct


@dataclass(frozen=True, slots=True)
class Marks:
    """The thresholds of the marks in percentage points against pace, and when urging may begin."""

    blue_at_least_pp: float
    yellow_at_most_pp: float
    red_at_most_pp: float
    red_after_yellow_months: int
    no_urging_before_month: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """What ranking has to be fair about: an annual target this small is marked (基数小)."""

    small_target_at_most: int


@dataclass(frozen=True, slots=True)
class Checks:
    """When a reported number is doubted (核实): against the annual target, in its unit or in % of it; `..._rows`
    say how many rows must agree. `part_of` names for an indicator the one that it is a part of."""

    slip_times_target: int
    slip_down_pct: int
    jump_pct_of_target: float
    jump_at_least: int
    exact_target_at_least: int
    last_months_file_rows: int
    most_per_county: int
    same_increment_at_least: int
    wrong_month_rows: int
    neighbours_numbers_rows: int
    neighbours_numbers_at_least: int
    part_of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CityOwnFigures:
    """Indicators for which a department also reports the city's own, de-duplicated figure."""

    indicators: tuple[str, ...] = ()
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A number the plan leaves to somebody else (调查失业率的国家调控目标), with its source."""

    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Seasonal:
    """A seasonal curve: the cumulative share of the year, 0–100, after each of the twelve months; `tested` says in words on
    which years a forecast by it was tried, empty where it was not."""

    cumulative_pct: tuple[float, ...]
    source: str
    tested: str = ""


@dataclass(frozen=True, slots=True)
class Annual:
    """How a county's year is scored (年度评估): points 0–100, deductions in points, the grades' lower limits. Who missed one
    of the `headline_indicators` is neither 优秀 nor proposed for commendation."""

    capped_at_pct: float
    deduct_per_late_report: float
    deduct_per_missing_report: float
    deduct_per_open_query: float
    deduct_at_most: float
    excellent_at_least: float
    excellent_share_at_most_pct: float
    passing_at_least: float
    headline_indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Commendation:
    """Who may be proposed for commendation (表扬): quarters without yellow or red in a row, and what vetoes it."""

    quarters_in_a_row: int
    score_at_least: float
    late_reports_at_most: int
    missing_reports_at_most: int
    open_queries_at_most: int
    revision_at_most_pct: float


@dataclass(frozen=True, slots=True)
class Documents:
    """Who issues, to whom and on whose authority (行文): issuer, number prefixes, addressees, copies, printer.

    `county_body` and `zone_body` follow a county's name (开鲁县人民政府, 开发区管委会). `authority` opens whatever asks something of
    them: a department may write to governments below only what its own government has agreed to, and says so
    (《党政机关公文处理工作条例》第十六条). `sealed`: the signature leaves room for the seal (GB/T 9704-2012, 7.3.5.1).
    `quote_at_most`: how many characters of a reporter's words a table prints.
    """

    issuer: str
    number_prefix: str
    letter_prefix: str
    monthly_addressees: str
    report_addressee: str
    copies_to: tuple[str, ...]
    printed_by: str
    quote_at_most: int = 300
    county_body: str = "人民政府"
    zone_body: str = "管委会"
    authority: str = ""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """How letters are sent (发送): the figures they name, how often one is tried and after which growing pauses,
    and how long the mail server may take for a step, for all up to the last dot, and to answer that."""

    figures: tuple[str, ...]
    attempts: int
    pauses_minutes: tuple[int, ...]
    step_seconds: float
    conversation_seconds: float
    answer_seconds: float


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail with the reporters (邮件收报): how many receipts one address gets in a day; on which day of a month its blank
    forms go out, or the next working day (0: they do not); whether who has not reported is reminded before the due day.
    """

    receipts_per_day: int = 20
    forms_day: int = 0
    prompts: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """Whether issued documents are laid out for an OA or a document exchange system (交换文件夹), with which 密级 and 保管期限,
    the latter by kind of document."""

    enabled: bool = False
    secrecy: str = ""
    retention_otherwise: str = "10年"
    retention: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalSteps:
    """The steps each kind of document must pass before it is issued, in order, by its approval key; none: it is issued
    as soon as it is made. `people_differ`: nobody may approve the same draft at two steps."""

    people_differ: bool
    by_key: Mapping[str, tuple[Step, ...]]

    def steps(self, kind: str) -> tuple[Step, ...]:
        """The steps of one kind."""
        return self.by_key[DOCUMENT_KINDS[kind].approval_key]


@dataclass(frozen=True, slots=True)
class NoticeKinds:
    """Which kinds of notice are drafted on each ladder (迟报、滞后); a kind that is left out is switched off."""

    late: tuple[NoticeKind, ...] = tuple(NoticeKind)
    behind: tuple[NoticeKind, ...] = tuple(NoticeKind)

    def of(self, ladder: Ladder) -> tuple[NoticeKind, ...]:
        """Those of one ladder."""
        return self.late if ladder is Ladder.LATE else self.behind


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """Which roles may take which step, and when passwords, locks and one-time codes end (账号).

    `register` is to record answers, the fate of letters and notices, and confirmed sources; `manage` to change accounts.
    `password_kinds`: how many of capitals, small letters, digits and other characters a password must mix.
    `reporter_accounts`: whether counties and departments may have accounts, which see what is their own alone.
    """

    review: tuple[AccountRole, ...] = (AccountRole.REVIEWER,)
    sign: tuple[AccountRole, ...] = (AccountRole.SIGNER,)
    register: tuple[AccountRole, ...] = (AccountRole.CLERK, AccountRole.REVIEWER, AccountRole.SIGNER)
    manage: tuple[AccountRole, ...] = (AccountRole.ADMIN,)
    password_at_least: int = 10
    password_kinds: int = 3
    password_days: int = 180
    wrong_passwords: int = 5
    locked_minutes: int = 30
    code_minutes: int = 10
    reporter_accounts: bool = False


@dataclass(frozen=True, slots=True)
class BackupRetention:
    """How many backups are kept (备份): the last of each of that many days, weeks and months."""

    daily: int
    weekly: int
    monthly: int


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the office decides for itself. `slots` are the places that each kind of document keeps for the office's own
    paragraphs (空处), by its approval key."""

    reporting: Reporting
    marks: Marks
    ranking: Ranking
    checks: Checks
    annual: Annual
    commendation: Commendation
    documents: Documents
    approval: ApprovalSteps
    delivery: Delivery
    backup: BackupRetention
    accounts: AccountPolicy = field(default_factory=AccountPolicy)
    notices: NoticeKinds = field(default_factory=NoticeKinds)
    mail: Mail = field(default_factory=Mail)
    exchange: Exchange = field(default_factory=Exchange)
    city_own_figures: CityOwnFigures = field(default_factory=CityOwnFigures)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    seasonal: Mapping[str, Seasonal] = field(default_factory=dict)
    slots: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
