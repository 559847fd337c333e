"""Who else can read what lies here (权限): the data, the backups, the addresses, the settings.

What the program makes is its owner's alone; what an earlier version made, or somebody copied here, may not be.
"""

import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flows.issuing.mail_account import contacts_file
from flows.operations.health_checks import AilingError
from flows.settings import ROOT, Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def rights(settings: Settings, _now: datetime) -> str:
    """That nobody but the owner gets at them: a folder that is closed closes all that is in it."""
    if wide := [*_open_to_others(settings)]:
        said = "、".join(f"{path}（{stat.S_IMODE(path.stat().st_mode):o}）" for path in wide)
        remedy = f"chmod -R go-rwx {' '.join(map(str, wide))}"
        raise AilingError(f"别人也能看：{said}", f"多半是旧版程序建的或拷来的；运行 {remedy}")
    return "数据、备份、通讯录和设置，别人都看不到"


def _open_to_others(settings: Settings) -> Iterator[Path]:
    for path in (settings.data, settings.backups, contacts_file(settings), ROOT / ".env"):
        inside = path.is_relative_to(settings.data) and path != settings.data
        if not inside and path.exists() and path.stat().st_mode & OTHERS:
            yield path
