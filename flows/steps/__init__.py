"""Every task of every flow, a module a job and one line a task: the names an operator sees on Prefect's page.

A flow loads the modules it needs, so that taking in workbooks does not load the layout engine. Nothing is cached: a step's
result depends on the warehouse, not on its arguments alone. Those that touch a disk or the warehouse are tried
three times, and only when waiting may help; done twice, they do it once.
"""

from typing import Any

from prefect import State, Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun

from flows import last_words, progress
from flows.warehouse.connection import WarehouseError

last_words.drop()  # of every process that runs a flow


def may_pass(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Whether waiting may help: a disk or another writer, but not a plan or a period that is wrong."""
    return isinstance(state.data, OSError | WarehouseError)


def fault_of(state: State[Any]) -> str:
    """Why a run did not do its work; empty where it did."""
    return "" if state.is_completed() else str(state.message)


def step(name: str, *, retried: bool = False) -> dict[str, Any]:
    """The options of a task called `name`, which says so on a terminal while it runs."""
    patience = {"retries": 2, "retry_delay_seconds": 5, "retry_condition_fn": may_pass} if retried else {}
    told = {"on_running": [_begun], "on_completion": [_ended], "on_failure": [_ended]}
    # Prefect logs two lines a hook: a run that nobody looks at on a terminal is spared them.
    return {"name": name, "cache_policy": NO_CACHE, **(told if progress.is_seen() else {}), **patience}


def _begun(task: Task[..., Any], _run: TaskRun, _state: State[Any]) -> None:
    progress.begin(task.name)


def _ended(_task: Task[..., Any], _run: TaskRun, _state: State[Any]) -> None:
    progress.end()
