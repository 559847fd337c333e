"""Alerts to the operator (告警): one letter when something goes wrong, however long it lasts, and one when it is over.

Sending needs neither the plan nor Prefect: either may be what is wrong.
"""

import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from flows.clock import BEIJING
from flows.files import write_whole
from flows.issuing.mail import smtp
from flows.issuing.mail.account import MailAccountError, contacts_file, mail_server
from flows.issuing.mail.line import legible
from flows.plan.policy import Delivery
from flows.settings import Settings

SENDER = "就业促进行动调度"
TIMEOUTS = Delivery((), 1, (), step_seconds=20, conversation_seconds=60, answer_seconds=60)
Send = Callable[[Settings, str, str, datetime], str]


@dataclass(frozen=True, slots=True)
class Alert:
    """Something wrong: a key that stays the same while it lasts, what it is, and what to do."""

    key: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence}。{self.remedy}"


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert since it was first seen (Beijing). `is_notified`: the operator was written to; `is_over`: it has passed,
    and the operator is still to be notified of that."""

    key: str
    text: str
    since: datetime
    is_notified: bool = False
    is_over: bool = False

    def line(self) -> str:
        """The line of the letter."""
        return f"{'已恢复' if self.is_over else '出事了'}（{self.since:%m月%d日 %H:%M} 起）：{self.text}"


@dataclass(frozen=True, slots=True)
class AlertLog:
    """What the last round of checks found, and when it was (Beijing; null before the first)."""

    checked_at: datetime | None
    records: tuple[AlertRecord, ...]

    def followed_by(self, alerts: list[Alert], now: datetime) -> "AlertLog":
        """The log after another round: what lasts, what is new, and what is over after a notification."""
        known, seen = {one.key: one for one in self.records}, {one.key for one in alerts}
        open_now = [
            replace(known.get(one.key, AlertRecord(one.key, "", now)), text=str(one), is_over=False)
            for one in alerts
        ]
        passed = [
            replace(one, is_over=True) for one in self.records if one.key not in seen and one.is_notified
        ]
        return AlertLog(now, (*open_now, *passed))

    @property
    def unsent(self) -> list[AlertRecord]:
        """What the operator is still to be notified of."""
        return [one for one in self.records if one.is_over or not one.is_notified]

    def after_sending(self) -> "AlertLog":
        """The log after the letter: what is over is removed."""
        open_now = (replace(one, is_notified=True) for one in self.records if not one.is_over)
        return AlertLog(self.checked_at, tuple(open_now))


def log_file(settings: Settings) -> Path:
    """Where the log of alerts lies."""
    return settings.logs / "alerts.json"


def read_log(settings: Settings) -> AlertLog:
    """The log of the last round; empty without a readable file."""
    try:
        content = json.loads(log_file(settings).read_text(encoding="utf-8"))
        records = [
            AlertRecord(**one | {"since": datetime.fromisoformat(one["since"])}) for one in content["records"]
        ]
        return AlertLog(datetime.fromisoformat(content["checked_at"]), tuple(records))
    except (OSError, ValueError, TypeError, KeyError):
        return AlertLog(None, ())


def notify_operator(
    settings: Settings, alerts: list[Alert], now: datetime, send: Send | None = None
) -> list[str]:
    """Write to the operator about what is new and what is over; returns lines on what was found and done."""
    log = read_log(settings).followed_by(alerts, now)
    lines = [str(one) for one in alerts]
    if news := log.unsent:
        fault = (send or send_mail)(settings, _subject(news), "\n".join(one.line() for one in news), now)
        lines.append(f"没有告知管理员：{fault}" if fault else f"已写信告知管理员 {len(news)} 件")
        log = log if fault else log.after_sending()
    try:
        write_whole(
            log_file(settings), json.dumps(asdict(log), ensure_ascii=False, default=str, indent=1).encode()
        )
    except OSError as error:
        lines.append(f"看护的记录写不进去（{error.strerror}），下次会再告知一遍")
    return lines


def send_mail(settings: Settings, subject: str, body: str, now: datetime) -> str:
    """Send one letter to the operator; returns why it was not sent, empty if the server accepted it or may have."""
    try:
        server, address = mail_server(SENDER), operator(settings)
    except (MailAccountError, OSError, LookupError, ValueError) as error:
        return str(error) or type(error).__name__
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = server.sender, address, legible(subject)
    message["Date"] = format_datetime(now.replace(tzinfo=BEIJING))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{body}\n\n本信由看护程序自动发出。\n", charset="utf-8", cte="base64")
    outcome = smtp.send(server, address, message.as_bytes(), TIMEOUTS)
    return "" if isinstance(outcome, smtp.Accepted | smtp.Uncertain) else outcome.reply


def operator(settings: Settings) -> str:
    """The operator's address from the contacts; FileNotFoundError with a sentence where there is no file."""
    file = contacts_file(settings)
    if not file.exists():
        raise FileNotFoundError(f"没有通讯录 {file}")
    contacts = tomllib.loads(file.read_text(encoding="utf-8"))
    return str(contacts["operator"]["addresses"][0])


def _subject(news: list[AlertRecord]) -> str:
    wrong, over = sum(not one.is_over for one in news), sum(one.is_over for one in news)
    parts = [f"{wrong} 件事需要处理"] if wrong else []
    return "就业调度：" + "，".join(parts + ([f"{over} 件已恢复"] if over else []))
