"""Steps of passing and issuing (审核、签发、编号、印发)."""

from prefect import task

from flows.issuing import approval as passing
from flows.issuing import issuing
from flows.steps import step

standing = task(passing.standing).with_options(**step("查审核进度", retried=True))
free_to_go = task(passing.free_to_go).with_options(**step("列出可印发的", retried=True))
decide = task(passing.decide).with_options(**step("登记意见", retried=True))
lay_down_lacking = task(issuing.lay_down_lacking).with_options(**step("补齐已编号的文件", retried=True))
issue_document = task(issuing.issue_document).with_options(**step("编号印发"))
