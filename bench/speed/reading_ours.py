"""Workbooks read by the program: python -m bench.speed.reading_ours FOLDER apart|inside.

`apart`, each is opened by the reading child, as `diaodu intake` has it; `inside`, by this process. Either way the cells
are then understood: found by their labels, checked, and turned into observations.
"""

import sys
import time
from pathlib import Path

from bench.speed.measure import say
from flows.plan.load import load
from flows.plan.observation import Reading
from flows.submissions.formats import sandbox as apart
from flows.submissions.formats.opening import open_file
from flows.submissions.read_form import understand


def main(folder: Path, where: str) -> None:
    """Open all, then understand all, the two timed apart."""
    catalogue = load(folder / "plan")
    opened_by = apart.open_in_sandbox if where == "apart" else open_file
    paths = sorted((folder / "workbooks").iterdir())
    began = time.perf_counter()
    opened = [(path.name, opened_by(path.name, path.read_bytes())) for path in paths]
    cells = time.perf_counter()
    parts = [understand(name, one, catalogue, lambda *_: {}, lambda _: {}) for name, one in opened]
    ended = time.perf_counter()
    apart.end()  # so that its processor time is known
    readings = [part.outcome for some in parts for part in some if isinstance(part.outcome, Reading)]
    if len(readings) != len(paths):
        raise RuntimeError(f"{len(paths) - len(readings)} workbooks were refused")
    say(
        opening=cells - began,
        understanding=ended - cells,
        observations=sum(len(r.observations) for r in readings),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
