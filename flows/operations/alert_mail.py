"""Writing to the operator (告警): a look round, and one letter of what is new and what has passed.

The letter needs neither the plan nor Prefect: either may be what is wrong.
"""

import tomllib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flows.clock import BEIJING
from flows.issuing.mail import smtp
from flows.issuing.mail.line import legible
from flows.issuing.mail_account import MailAccountError, contacts_file, mail_server
from flows.operations import incidents
from flows.operations.watch import troubles
from flows.plan.policy import Delivery
from flows.settings import Settings

SENDER = "就业促进行动调度"
PATIENCE = Delivery((), 1, (), step_seconds=20, conversation_seconds=60, answer_seconds=60)
Post = Callable[[Settings, str, str, datetime], str]


def look_round(settings: Settings, now: datetime, post: Post | None = None) -> list[str]:
    """Look, write to the operator of what he does not know yet, and say what was found and done, a line each."""
    file = settings.logs / "incidents.json"
    found = troubles(settings, now)
    after = incidents.followed(incidents.read(file), found, now)
    lines = [str(one) for one in found]
    if news := incidents.to_tell(after):
        fault = (post or by_mail)(settings, _subject(news), "\n".join(one.line() for one in news), now)
        lines.append(f"没有告知管理员：{fault}" if fault else f"已写信告知管理员 {len(news)} 件")
        after = after if fault else incidents.told(after)
    try:
        incidents.write(file, after)
    except OSError as fault:
        lines.append(f"看护的记录写不进去（{fault.strerror}），下次会再告知一遍")
    return lines


def by_mail(settings: Settings, subject: str, body: str, now: datetime) -> str:
    """One letter to the operator; empty if the server took it (or may have), otherwise why not."""
    try:
        server, address = mail_server(SENDER), operator(settings)
    except (MailAccountError, OSError, LookupError, ValueError) as fault:
        return str(fault) or type(fault).__name__
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = server.sender, address, legible(subject)
    message["Date"] = format_datetime(now.replace(tzinfo=BEIJING))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{body}\n\n本信由看护程序自动发出。\n", charset="utf-8", cte="base64")
    outcome = smtp.send(server, address, message.as_bytes(), PATIENCE)
    return "" if isinstance(outcome, smtp.Accepted | smtp.Uncertain) else outcome.reply


def operator(settings: Settings) -> str:
    """The operator's address, read from the contacts alone; FileNotFoundError in words where there are none."""
    file = contacts_file(settings)
    if not file.exists():
        raise FileNotFoundError(f"没有通讯录 {file}")
    contacts = tomllib.loads(file.read_text(encoding="utf-8"))
    return str(contacts["operator"]["addresses"][0])


def _subject(news: list[incidents.Incident]) -> str:
    wrong, over = sum(not one.over for one in news), sum(one.over for one in news)
    words = [f"{wrong} 件事需要处理"] if wrong else []
    return "就业调度：" + "，".join(words + ([f"{over} 件已恢复"] if over else []))
