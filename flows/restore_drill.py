"""恢复演练: the last backup, restored into a folder of its own, compared, and removed again."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.clock import now
from flows.operations.inventory import mark_done
from flows.plan.agenda import Kind
from flows.settings import Settings
from flows.steps import keeping


@flow(name="恢复演练", flow_run_name="恢复演练", timeout_seconds=4 * 3600, persist_result=False)
def restore_drill() -> list[str]:
    """把最近一份备份恢复到临时文件夹，逐个文件核对，重建数据库逐表比对，随后删去。有差别即为没有做成。"""
    lines, is_whole = keeping.drill(Settings())
    for line in lines:
        get_run_logger().info(line)
    create_markdown_artifact("```\n" + "\n".join(lines) + "\n```", key="drill", description="恢复演练")
    if not is_whole:
        raise RuntimeError("恢复演练：备份恢复出来的与备份时不一致，逐表结果见运行记录")
    mark_done(Settings(), Kind.DRILL, "", now().date())
    return lines
