"""Steps of taking in (收表)."""

from prefect import task

from flows.steps import step
from flows.submissions import ingest as reception

take_up = task(reception.take_up).with_options(**step("清点新到报表"))
receive_all = task(reception.receive_all).with_options(**step("逐份收表", retried=True))
