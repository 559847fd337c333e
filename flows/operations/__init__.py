"""Running (运行): the services, what is due, the look from outside, and the letter to the operator.

`engine` is Prefect for one command; `service` and `serving` are Prefect for good; `watching` needs neither."""
