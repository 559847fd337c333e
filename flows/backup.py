"""备份: everything an office has, into one file, read back."""

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.office import Office
from flows.operations.backup.create import Backup
from flows.operations.backup.messages import backup_lines
from flows.runs import is_transient


@task(name="备份", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE)
def back_up() -> Backup:
    """Write a backup and read it back."""
    return Office().backup()


@flow(name="备份", flow_run_name="备份", timeout_seconds=2 * 3600, persist_result=False)
def backup() -> str:
    """备份存件、台账、数据库、文件和方案，读回核对，清理过期的备份。返回备份文件的位置。"""
    kept = back_up()
    lines = list(backup_lines(kept))
    for line in lines:
        get_run_logger().info(line)
    create_markdown_artifact("\n\n".join(lines), key="backup", description="本次备份")
    kept.require_whole_content()
    return str(kept.path)
