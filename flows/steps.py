"""Every task of every flow, one line each: the names an operator sees on Prefect's page.

Nothing is cached: a step's result depends on the warehouse, not on its arguments alone. Retries stand where
the outside (a disk, another writer) can fail for a moment.
"""

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows import composing, evidence, publishing, reception

take_up = task(name="清点新到报表", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)(reception.take_up)
receive_all = task(name="逐份收表", cache_policy=NO_CACHE)(reception.receive_all)
gather = task(name="汇总依据", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)(evidence.gather)
compose = task(name="成文", cache_policy=NO_CACHE)(composing.compose)
publish = task(name="存档", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=5)(publishing.publish)
