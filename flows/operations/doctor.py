"""Health checks (体检) of `diaodu doctor`: one line a check, what was found, or what is wrong and what to do.

A check returns what it found, or raises CheckFailedError. Nothing is changed, and no letter is sent.
"""

import os
import platform
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from flows.accounts.accounts import Accounts
from flows.clock import BEIJING
from flows.documents.pdf.fonts import find_fonts
from flows.issuing.mail import line as mail_line
from flows.issuing.mail.account import MailSettings, contacts_file, mail_server
from flows.issuing.mail.contacts import load_contacts
from flows.operations import work_pool
from flows.operations.alerts import SENDER, TIMEOUTS, operator
from flows.operations.backup.archive import backups
from flows.operations.content import damaged_files, expected_hashes
from flows.operations.data_folder import missing_data
from flows.operations.services import SERVER, WORKER, prefect_api, running_process
from flows.operations.watch import BACKUP_DAYS, clock_goes_forward, disk_has_room
from flows.plan.load import plan_of, plans
from flows.plan.workdays import holidays_known
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse, WarehouseBusyError
from flows.warehouse.raw import rejected_envelopes

DAMAGES_SHOWN = 5
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class CheckFailedError(Exception):
    """What is wrong, and what to do."""

    def __init__(self, sentence: str, remedy: str) -> None:
        self.sentence, self.remedy = sentence, remedy
        super().__init__(sentence, remedy)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's outcome: its name, whether all is well, what was found, and otherwise the remedy."""

    name: str
    is_well: bool
    sentence: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{'✓' if self.is_well else '✗'} {self.name}：{self.sentence}"
        return f"{line}。{self.remedy}" if self.remedy else line


def findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Run every check; one that itself fails is a finding, too."""
    for name, check in CHECKS.items():
        try:
            yield Finding(name, True, check(settings, now))
        except CheckFailedError as failed:
            yield Finding(name, False, failed.sentence, failed.remedy)
        except Exception as error:  # the doctor ends with a list, whatever is wrong
            yield Finding(name, False, str(error) or type(error).__name__)


def machine(_settings: Settings, _now: datetime) -> str:
    """Python's version, and every locked package at its locked version."""
    if not (3, 11) <= sys.version_info < (3, 14):
        raise CheckFailedError(
            f"Python {platform.python_version()}", "应为 3.11、3.12 或 3.13，装好后重新运行 make install"
        )
    pins = [line.split()[0].split("==") for line in _lock() if "==" in line and " ; " not in line]
    if wrong := [name for name, version in pins if _installed(name) != version]:
        raise CheckFailedError(
            f"{len(wrong)} 个软件包与锁定的不一致：{'、'.join(wrong[:5])}", "运行 make install"
        )
    return f"Python {platform.python_version()}，软件包与锁定的一致（{len(pins)} 个）"


def fonts(settings: Settings, _now: datetime) -> str:
    """A font for every role, with the characters of every county's and department's name."""
    found, catalogue = find_fonts(settings.fonts), plan_of(settings)
    lacking = sorted({c for r in catalogue.reporters for c in r.name if not found.has(c)})
    if lacking:
        raise CheckFailedError(
            f"字体缺地名、单位用字：{'、'.join(lacking)}", f"在 {settings.fonts} 放入含这些字的公文字体"
        )
    names = "、".join(font["file"] for font in found.record())
    return f"五种字体齐全（{names}），{len(catalogue.reporters)} 个单位的名称都能印"


def plan(settings: Settings, _now: datetime) -> str:
    """Every plan can be read, and its parts agree."""
    return "、".join(
        f"{c.plan.year} 年方案（{len(c.tasks)} 项任务、{len(c.indicators)} 项指标）" for c in plans(settings)
    )


def warehouse(settings: Settings, _now: datetime) -> str:
    """The warehouse opens, agrees with the journal, and sql/check finds nothing."""
    if sentence := missing_data(settings):
        raise CheckFailedError(*sentence)
    if not settings.warehouse.exists():
        return "还没有（收第一份报表时建立）"
    try:
        with Warehouse(settings.warehouse, settings.journal) as opened:
            faults = opened.faults()
    except WarehouseBusyError:
        return "一个任务正在使用，没有打开检查"
    if faults:
        raise CheckFailedError(f"自查不通过：{'；'.join(faults)}", "从备份恢复，或重建")
    return f"打得开，自查通过（{settings.warehouse.stat().st_size / 2**20:.1f} MB）"


def content(settings: Settings, now: datetime) -> str:
    """Stored and issued files and the journal have their hashes; of a large store, today's share of the week."""
    damaged = [*damaged_files(settings, (now.weekday(), 7))]
    if damaged:
        named = "；".join(f"{one.sentence}" for one in damaged[:DAMAGES_SHOWN])
        more = f"；另有 {len(damaged) - DAMAGES_SHOWN} 个" if len(damaged) > DAMAGES_SHOWN else ""
        raise CheckFailedError(named + more, "；".join(dict.fromkeys(one.remedy for one in damaged)))
    return f"存件、已印发文件 {len(expected_hashes(settings))} 个与校验码一致，台账流水前后衔接"


def contacts(settings: Settings, _now: datetime) -> str:
    """The contacts can be read, and every county has an address."""
    file = contacts_file(settings)
    if not file.exists():
        raise CheckFailedError(f"没有 {file}", "照 plan/2025/contacts.example.toml 写一份，只有本人可读")
    catalogue = plan_of(settings)
    known = load_contacts(file, catalogue)
    without = [
        c.name for c in catalogue.counties if c.id not in known.units or not known.units[c.id].addresses
    ]
    if without:
        raise CheckFailedError(f"没有邮箱地址：{'、'.join(without)}", f"补进 {file}")
    return f"管理员 {known.operator}，{len(catalogue.counties)} 个旗县市区都有地址"


def mail(settings: Settings, _now: datetime) -> str:
    """The mail server accepts the login (connection, TLS, password); nothing is sent."""
    server = mail_server(SENDER)
    try:
        mail_line.connected(server, TIMEOUTS).close()
    except mail_line.Broken as broken:
        raise CheckFailedError(broken.reply, "核对 DIAODU_SMTP_ 各项设置，或问邮件服务器的管理员") from None
    if MailSettings().secret:
        raise CheckFailedError(
            "口令存在 Prefect 里，流程服务停了看护就发不出信", "把口令放进环境变量 DIAODU_SMTP_PASSWORD"
        )
    return (
        f"{server.host}:{server.port}（{server.security.label}）连得上、进得去，告警寄给 {operator(settings)}"
    )


def accounts(settings: Settings, _now: datetime) -> str:
    """The access record is whole, and somebody can manage the accounts."""
    found = Accounts(settings.data, plan_of(settings).policy.accounts)
    names, lines = [one.name for one in found.all().values() if not one.is_sample], found.record.events()
    if not names:
        return "还没有账号；审核、签发以前建：diaodu account add 姓名 --role 管理"
    if not found.manager_exists():
        sentence = "没有管理账号，进得了这台机器的都能建账号"
        raise CheckFailedError(sentence, "建一个（最好两个）：diaodu account add 姓名 --role 管理")
    return f"账号 {len(names)} 个，登记 {len(lines)} 条，前后衔接"


def prefect(settings: Settings, _now: datetime) -> str:
    """Server, worker and deployments."""
    server, worker = running_process(settings, SERVER), running_process(settings, WORKER)
    if server is None or worker is None:
        name = "流程服务" if server is None else "执行器"
        raise CheckFailedError(f"{name}没有在运行", "运行 diaodu up")
    api = prefect_api(settings)
    names = [deployment["name"] for deployment in api.filter("deployments")]
    if work_pool.AGENDA not in names:
        raise CheckFailedError("没有部署日程", "运行 diaodu down，再 diaodu up")
    if (following := work_pool.next_run(api)) is None:
        raise CheckFailedError("日程没有排定下一次", f"看 {settings.logs / 'server.log'}；日程不会自己运行")
    heartbeat = work_pool.last_heartbeat(api)
    return f"{api.address} 应答，部署 {len(names)} 项，执行器最近报到 {_hour(heartbeat)}，下次日程 {_hour(following)}"


def disk(settings: Settings, now: datetime) -> str:
    """Room, and that the data folder can be written to."""
    if found := [*disk_has_room(settings, now)]:
        raise CheckFailedError(found[0].sentence, found[0].remedy)
    free = os.statvfs(settings.data)
    return f"{settings.data} 写得进，余 {free.f_bavail * free.f_frsize / 2**30:.0f} GB"


def backup(settings: Settings, now: datetime) -> str:
    """How old the last backup is, how many there are, and whether another disk has them."""
    present = backups(settings.backups)
    if not present:
        raise CheckFailedError(f"还没有备份（{settings.backups}）", "运行 diaodu backup；日程每天做一次")
    last, path = [*present.items()][-1]
    if (now.date() - last.date()).days > BACKUP_DAYS:
        raise CheckFailedError(f"上次备份是 {last:%Y-%m-%d}", "运行 diaodu backup，看为什么没有做成")
    sentence = f"共 {len(present)} 份，最近 {last:%m-%d %H:%M}（{path.stat().st_size / 2**20:.1f} MB）"
    if settings.backups.stat().st_dev == settings.data.stat().st_dev:
        return f"{sentence}；与数据在同一块盘上，盘坏了两样都没有：用 DIAODU_BACKUPS 指到别的盘，或 diaodu backup --to 另存"
    return sentence


def calendar(settings: Settings, now: datetime) -> str:
    """Whether the holidays of this year, and from November on of the next, are known.

    The next year matters as long as the newest plan's last reports are due in it.
    """
    plan = plan_of(settings)
    years = (now.year, now.year + 1) if now.year <= plan.plan.year else (now.year,)
    unknown = [year for year in years if not holidays_known(year, plan.policy.reporting.holidays)]
    if now.year in unknown or (unknown and now.month >= 11):
        raise CheckFailedError(
            f"不知道 {'、'.join(map(str, unknown))} 年的节假日，按周一至周五推算",
            f"国务院公布后，把通知里的每一天填入 {settings.plan_folders[0].name}/holidays.csv（见 docs/assumptions.md）",
        )
    return f"知道 {now.year} 年的节假日" + (f"；{now.year + 1} 年的待公布（通常在 11 月）" if unknown else "")


def clock(settings: Settings, now: datetime) -> str:
    """Whether the clock is ahead of every moment on record."""
    for alert in clock_goes_forward(settings, now):
        raise CheckFailedError(alert.sentence, alert.remedy)
    return f"北京时间 {now:%Y-%m-%d %H:%M:%S}"


def arrival_times(settings: Settings, _now: datetime) -> str:
    """How many files had an envelope with an impossible time of receipt; they count as received when they were noticed."""
    if found := rejected_envelopes(settings.raw):
        return f"{len(found)} 份报表随附的收到时间不可信，已按实际收到登记（如 {found[-1]}）；请核对代收机器的时钟"
    return "各份报表随附的收到时间都可信"


def access(settings: Settings, _now: datetime) -> str:
    """Only the owner can read the data: a closed folder closes everything in it."""
    if wide := [*_open_to_others(settings)]:
        named = "、".join(f"{path}（{stat.S_IMODE(path.stat().st_mode):o}）" for path in wide)
        remedy = f"chmod -R go-rwx {' '.join(map(str, wide))}"
        raise CheckFailedError(f"别人也能看：{named}", f"多半是旧版程序建的或拷来的；运行 {remedy}")
    return "数据、备份、通讯录和设置，别人都看不到"


def _open_to_others(settings: Settings) -> Iterator[Path]:
    for path in (settings.data, settings.backups, contacts_file(settings), ROOT / ".env"):
        is_inside = path.is_relative_to(settings.data) and path != settings.data
        if not is_inside and path.exists() and path.stat().st_mode & OTHERS:
            yield path


def _hour(at: datetime | None) -> str:
    return f"{at.astimezone(BEIJING):%H:%M}" if at else "从未"


def _lock() -> list[str]:
    """The lock that was installed: the offline pack's where there is one, which leaves out the test tools."""
    packed = ROOT / "offline" / "wheels" / "requirements.lock"
    lock = packed if packed.exists() else ROOT / "requirements.lock"
    return lock.read_text(encoding="utf-8").splitlines()


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


Check = Callable[[Settings, datetime], str]
CHECKS: dict[str, Check] = {
    "机器": machine,
    "方案": plan,
    "字体": fonts,
    "数据库": warehouse,
    "存件": content,
    "通讯录": contacts,
    "邮件": mail,
    "账号": accounts,
    "流程": prefect,
    "磁盘": disk,
    "权限": access,
    "备份": backup,
    "日历": calendar,
    "时钟": clock,
    "到件": arrival_times,
}
