"""Is everything in order (体检): one line an item, what was found, or what is wrong and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flows.operations import health_checks as examinations
from flows.operations.health_checks import AilingError
from flows.operations.rights import rights
from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One examination's outcome: its name, whether all is well, what was found, and otherwise the remedy."""

    name: str
    is_well: bool
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{'✓' if self.is_well else '✗'} {self.name}：{self.found}" + (
            f"。{self.remedy}" if self.remedy else ""
        )


Examination = Callable[[Settings, datetime], str]
EXAMINATIONS: dict[str, Examination] = {
    "机器": examinations.machine,
    "方案": examinations.plan,
    "字体": examinations.faces,
    "数据库": examinations.warehouse,
    "通讯录": examinations.contacts,
    "邮件": examinations.mail,
    "流程": examinations.prefect,
    "磁盘": examinations.disk,
    "权限": rights,
    "备份": examinations.backup,
    "日历": examinations.calendar,
    "时钟": examinations.clock,
}


def examined(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every examination in turn; one that breaks down is a finding too."""
    for name, examine in EXAMINATIONS.items():
        try:
            yield Finding(name, True, examine(settings, now))
        except AilingError as ailing:
            yield Finding(name, False, ailing.what, ailing.remedy)
        except Exception as fault:  # the doctor ends with a list, whatever is wrong
            yield Finding(name, False, str(fault) or type(fault).__name__)
