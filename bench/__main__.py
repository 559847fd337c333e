"""The speed of the program, side by side with others (测速): `python -m bench [SUBJECT…] [--runs N] [--full]`.

Each subject writes its own part of docs/evidence/benchmark.md, so that one of them may be measured again alone.
"""

import argparse
import importlib
import time

from bench.speed import aims, page
from bench.speed.measure import WORK

SUBJECTS = ("startup", "month", "reading", "rollup", "pdf", "sheets", "growth")


def main() -> None:
    """Measure the subjects asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("subjects", nargs="*", choices=[*SUBJECTS, []], metavar="SUBJECT")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median is taken (3)")
    parser.add_argument(
        "--full",
        action="store_true",
        help="all 2,844 counties' sheets on two cores, not a sample: a quarter of an hour",
    )
    asked = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    for name in asked.subjects or SUBJECTS:
        _measure(name, asked.runs, asked.full)
    print(f"{page.PAGE.relative_to(page.ROOT)} written after {(time.monotonic() - began) / 60:.1f} min")


def _measure(name: str, runs: int, full: bool) -> None:
    subject, others, began = (
        importlib.import_module(f"bench.speed.{name}"),
        page.used_by_others(),
        time.monotonic(),
    )
    print(f"{name}: {subject.__doc__.splitlines()[0]}", flush=True)
    text, values = subject.measure(runs, full)
    page.put(name, f"{page.machine(others, *subject.PACKAGES)}\n\n{text}")
    aims.enter(name, values, page.is_quiet(others))
    print(f"{name} done in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
