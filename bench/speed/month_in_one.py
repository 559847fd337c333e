"""The month's four flows in one process, as a run of the agenda has them: python -m bench.speed.month_in_one. See month.py."""

from datetime import date

from bench.speed.measure import clocked, say
from flows.operations import private_server as engine
from flows.settings import Settings

MONTH, ON = "2025-06", date(2025, 7, 8)


def main() -> None:
    """Against the server that runs beside the data folder."""
    with engine.running(Settings().engine):
        from flows.county_feedback import county_feedback

        from flows.intake import intake
        from flows.monthly_dispatch import monthly_dispatch
        from flows.reminders import reminders

        def month() -> object:
            return intake(), monthly_dispatch(MONTH), county_feedback(MONTH), reminders(MONTH, on=ON)

        say(**clocked(month)[1])


if __name__ == "__main__":
    main()
