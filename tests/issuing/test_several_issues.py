"""Several issues in one command, in a fresh process that knows of no server."""

import os
import subprocess
import sys

from flows.office import Office
from flows.settings import ROOT, Settings
from tests.staff import TYPED, typed

COUNTIES = ("kailu", "hure", "naiman")


def test_three_documents_are_approved_and_issued_by_one_command(office: Settings) -> None:
    names = [f"2025-05/monthly_dispatch-{county}" for county in COUNTIES]
    for county in COUNTIES:
        Office(office).make("monthly_dispatch", "2025-05", county=county)
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "flows", "approve", *names, *typed("审核岗")]
    done = subprocess.run(
        command, cwd=ROOT, env=alone, input=TYPED, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("已印发：通人社函〔") == 3
    assert [(one.serial, one.county) for one in Office(office).issued()] == list(enumerate(COUNTIES, 1))
