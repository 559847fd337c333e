"""Steps of taking in (收表)."""

from prefect import task

from flows.steps import step
from flows.submissions import ingest as reception

scan_inbox = task(reception.scan_inbox).with_options(**step("清点新到报表"))
ingest_all = task(reception.ingest_all).with_options(**step("逐份收表", retried=True))
