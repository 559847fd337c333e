"""An office before June's reports: sample workbooks of January to May taken in, June's waiting in the inbox.

Run as a child, DIAODU_DATA naming the folder: python -m bench.speed.month_office. See month.py.
"""

import json

from bench.speed.measure import say
from flows.files import write_whole
from flows.office import Office
from flows.plan.load import plan_of
from flows.plan.workdays import deadlines
from flows.settings import Settings
from flows.submissions.sample.submissions import SampleFile, sample
from flows.warehouse.raw import ENVELOPE

MONTHS = [f"2025-{month:02d}" for month in range(1, 7)]


def main() -> None:
    """Make the year's first half, and take in all but its last month."""
    settings = Settings()
    catalogue = plan_of(settings, 2025)
    due = {month: deadlines(month, catalogue.policy.reporting) for month in MONTHS}
    files = list(sample(catalogue, MONTHS, 2025, due.__getitem__))
    for file in files:
        if file.month != MONTHS[-1]:
            _lay(settings, file)
    Office(settings).ingest()
    june = [file for file in files if file.month == MONTHS[-1]]
    for file in june:
        _lay(settings, file)
    say(workbooks=len(june))


def _lay(settings: Settings, file: SampleFile) -> None:
    envelope = json.dumps({"received_at": file.received_at.isoformat()})
    write_whole(settings.inbox / (file.name + ENVELOPE), envelope.encode())
    write_whole(settings.inbox / file.name, file.content)


if __name__ == "__main__":
    main()
