"""A thousand counties' workbooks for June: python -m bench.speed.reading_files COUNT FOLDER."""

import sys
from itertools import islice
from pathlib import Path

from bench.large_plan import make
from bench.speed.measure import say
from flows.files import write_whole
from flows.plan.load import load
from flows.plan.workdays import deadlines
from flows.submissions.sample.submissions import sample

MONTH = "2025-06"


def main(count: int, folder: Path) -> None:
    """The plan of so many counties, and what each of them sends in; the departments' and corrections are left out."""
    make(count + 1, folder / "plan")  # in the sample one county never reports
    catalogue = load(folder / "plan")
    due = deadlines(MONTH, catalogue.policy.reporting)
    counties = {c.name for c in catalogue.counties}
    sent = (
        f
        for f in sample(catalogue, [MONTH], 2025, lambda _: due)
        if f.name.partition("2025年")[0] in counties
    )
    sizes = []
    for file in islice(sent, count):
        write_whole(folder / "workbooks" / file.name, file.content)
        sizes.append(len(file.content))
    say(files=len(sizes), kilobytes=sum(sizes) / len(sizes) / 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
