"""备份: everything an office has, into one file, read back."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.clock import now
from flows.operations.backup.messages import backup_lines
from flows.settings import Settings
from flows.steps import keeping


@flow(name="备份", flow_run_name="备份", timeout_seconds=2 * 3600, persist_result=False)
def backup() -> str:
    """备份存件、台账、数据库、文件和方案，读回核对，清理过期的备份。返回备份文件的位置。"""
    made = keeping.back_up(Settings(), now())
    lines = list(backup_lines(made))
    for line in lines:
        get_run_logger().info(line)
    create_markdown_artifact("\n\n".join(lines), key="backup", description="本次备份")
    if made.damages:
        raise RuntimeError(f"已备份，但有文件损坏：{'；'.join(one.sentence for one in made.damages)}")
    return str(made.path)
