"""Steps of sending letters (发送)."""

from prefect import task

from flows.issuing import delivery_round
from flows.steps import step

cut_off = task(delivery_round.cut_off).with_options(**step("清点中断的信"))
queue_missing = task(delivery_round.queue_missing).with_options(**step("补排队"))
take_back = task(delivery_round.take_back).with_options(**step("撤下已过时的文书", retried=True))
send_all = task(delivery_round.send_all).with_options(**step("逐封发送"))  # tries again by its own rules only
still_open = task(delivery_round.still_open).with_options(**step("清点未了的信"))
tell_operator = task(delivery_round.tell_operator).with_options(**step("告知经办"))
