"""Steps of making documents (成文): of the plan's beats, of notices, of corrections."""

from prefect import task

from flows.documents import composing, evidence, publishing
from flows.documents import corrections as correcting
from flows.documents import notices as noticing
from flows.documents import worker_pool as crew
from flows.steps import step

gather = task(evidence.gather).with_options(**step("汇总依据", retried=True))
compose = task(composing.compose).with_options(**step("成文"))
write_batch = task(crew.write_by).with_options(**step("成文一批", retried=True))
publish = task(publishing.publish).with_options(**step("存档", retried=True))
work_out = task(noticing.work_out).with_options(**step("研判提醒催办", retried=True))
write_out = task(noticing.write_out).with_options(**step("文书成文", retried=True))
notice_rows = task(noticing.as_rows).with_options(**step("列出办理情况"))
corrections_due = task(correcting.due).with_options(**step("核对已印发文件", retried=True))
write_corrections = task(correcting.write_out).with_options(**step("更正说明成文", retried=True))
