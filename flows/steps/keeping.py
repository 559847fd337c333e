"""Steps of keeping (备份、恢复)."""

from prefect import task

from flows.operations.backup import create as backing_up
from flows.operations.backup import messages as kept_words
from flows.steps import step

back_up = task(backing_up.back_up).with_options(**step("备份", retried=True))
drill = task(kept_words.drill).with_options(**step("恢复演练"))
