"""Whether the machine can do the work (看护机器): its disk, its folder's rights, its clock."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from flows.operations.alert import Trouble
from flows.operations.run_log import runs
from flows.settings import Settings

FREE_BYTES = 2 * 2**30
CLOCK_BACK = timedelta(minutes=10)


def disk_has_room(settings: Settings, _now: datetime) -> Iterator[Trouble]:
    """Whether there is room, and whether the data folder can be written to."""
    free = shutil.disk_usage(settings.data).free
    if free < FREE_BYTES:
        yield Trouble("disk", f"{settings.data} 所在磁盘只剩 {free / 2**30:.1f} GB", "清理磁盘，至少留 2 GB")
    probe = settings.logs / f".probe.{os.getpid()}"
    try:
        settings.logs.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as fault:
        yield Trouble("writable", f"数据文件夹写不进去（{fault.strerror}）", "检查磁盘、挂载和权限")


def clock_goes_forward(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether the clock stands before something that has already happened."""
    last = max((run.ended_at for run in runs(settings)), default=now)
    if last - now > CLOCK_BACK:
        yield Trouble(
            "clock",
            f"时钟往回走了：现在 {now:%Y-%m-%d %H:%M}，上次运行却在 {last:%Y-%m-%d %H:%M}",
            "校准系统时间",
        )
