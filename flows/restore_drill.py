"""恢复演练: the last backup, restored into a folder of its own, compared, and removed again."""

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.office import Office


@task(name="恢复演练", cache_policy=NO_CACHE)
def drill() -> list[str]:
    """Restore, compare, remove."""
    return Office().restore_drill()


@flow(name="恢复演练", flow_run_name="恢复演练", timeout_seconds=4 * 3600, persist_result=False)
def restore_drill() -> list[str]:
    """把最近一份备份恢复到临时文件夹，逐个文件核对，重建数据库逐表比对，随后删去。有差别即为没有做成。"""
    lines = drill()
    for line in lines:
        get_run_logger().info(line)
    create_markdown_artifact("```\n" + "\n".join(lines) + "\n```", key="drill", description="恢复演练")
    return lines
