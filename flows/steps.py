"""Every task of every flow, one line each: the names an operator sees on Prefect's page.

Nothing is cached: a step's result depends on the warehouse, not on its arguments alone. Those that touch a
disk or the warehouse are tried three times, and only when waiting may help; done twice, they do it once.
"""

from typing import Any

from prefect import State, Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun

from flows.drafting import composing, correcting, crew, evidence, noticing, publishing
from flows.issuance import issuing, passing
from flows.keeping import backing_up as keeping
from flows.keeping import kept_words
from flows.posting import delivery_round
from flows.receiving import reception
from flows.warehouse.warehouse import WarehouseError


def may_pass(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Whether waiting may help: a disk or another writer, but not a plan or a period that is wrong."""
    return isinstance(state.data, OSError | WarehouseError)


def fault_of(state: State[Any]) -> str:
    """Why a run did not do its work; empty where it did."""
    return "" if state.is_completed() else str(state.message)


def step(name: str, *, retried: bool = False) -> dict[str, Any]:
    """The options of a task called `name`."""
    patience = {"retries": 2, "retry_delay_seconds": 5, "retry_condition_fn": may_pass} if retried else {}
    return {"name": name, "cache_policy": NO_CACHE, **patience}


take_up = task(reception.take_up).with_options(**step("清点新到报表"))
receive_all = task(reception.receive_all).with_options(**step("逐份收表", retried=True))
gather = task(evidence.gather).with_options(**step("汇总依据", retried=True))
compose = task(composing.compose).with_options(**step("成文"))
write_batch = task(crew.write_by).with_options(**step("成文一批", retried=True))
publish = task(publishing.publish).with_options(**step("存档", retried=True))
work_out = task(noticing.work_out).with_options(**step("研判提醒催办", retried=True))
write_out = task(noticing.write_out).with_options(**step("文书成文", retried=True))
notice_rows = task(noticing.as_rows).with_options(**step("列出办理情况"))
corrections_due = task(correcting.due).with_options(**step("核对已印发文件", retried=True))
write_corrections = task(correcting.write_out).with_options(**step("更正说明成文", retried=True))
standing = task(passing.standing).with_options(**step("查审核进度", retried=True))
free_to_go = task(passing.free_to_go).with_options(**step("列出可印发的", retried=True))
decide = task(passing.decide).with_options(**step("登记意见", retried=True))
lay_down_lacking = task(issuing.lay_down_lacking).with_options(**step("补齐已编号的文件", retried=True))
issue_document = task(issuing.issue_document).with_options(**step("编号印发"))
back_up = task(keeping.back_up).with_options(**step("备份", retried=True))
drill = task(kept_words.drill).with_options(**step("恢复演练"))
cut_off = task(delivery_round.cut_off).with_options(**step("清点中断的信"))
queue_missing = task(delivery_round.queue_missing).with_options(**step("补排队"))
take_back = task(delivery_round.take_back).with_options(**step("撤下已过时的文书", retried=True))
send_all = task(delivery_round.send_all).with_options(**step("逐封发送"))  # tries again by its own rules only
still_open = task(delivery_round.still_open).with_options(**step("清点未了的信"))
tell_operator = task(delivery_round.tell_operator).with_options(**step("告知经办"))
