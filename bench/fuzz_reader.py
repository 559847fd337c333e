"""Spoils real workbooks at random for some minutes and reads them: python -m bench.fuzz_reader [MINUTES] [SEED].

Whatever the reader is given, it must answer with a reading that is sound in itself or a refusal in Chinese with a
remedy; a file on which it fails is written to build/fuzz/ and its trace printed once for every place it fails at.
Prints how many files were read, what became of them, and the slowest.
"""

import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from flows.plan.load import load
from flows.plan.observation import Reading, Refusal
from flows.submissions.read_form import read
from tests.submissions.conftest import KNOWN, PLAN
from tests.submissions.mutations import spoilt
from tests.submissions.soundness import faults

FOUND = Path("build/fuzz")


class Tally:
    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.failures: dict[str, str] = {}
        self.slowest = (0.0, "")

    def one(self, name: str, content: bytes) -> None:
        began = time.perf_counter()
        try:
            outcome = read(name, content, CATALOGUE, lambda *_: KNOWN)
            wrong = faults(outcome)
        except Exception as fault:
            outcome, wrong = None, [_place(fault)]
            trace = traceback.format_exc(limit=-4)
        else:
            trace = ""
        self.slowest = max(self.slowest, (time.perf_counter() - began, name))
        self.outcomes[_kind(outcome)] += 1
        if _kind(outcome).startswith("refused: 读取这份文件") and self.outcomes[_kind(outcome)] <= 12:
            FOUND.mkdir(parents=True, exist_ok=True)  # its parser died of it, or would have gone on
            (FOUND / f"beyond-{self.outcomes[_kind(outcome)]:02d}-{name}").write_bytes(content)
        for one in wrong:
            if one not in self.failures:
                FOUND.mkdir(parents=True, exist_ok=True)
                kept = FOUND / f"{len(self.failures):02d}-{name}"
                kept.write_bytes(content)
                self.failures[one] = str(kept)
                print(f"{kept}: {one}\n{trace}", flush=True)


def _place(fault: Exception) -> str:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} at {Path(last.filename).name}:{last.lineno}"


def _kind(outcome: Reading | Refusal | None) -> str:
    if isinstance(outcome, Refusal):
        return "refused: " + outcome.reason.split("“")[0].split("（")[0][:24]
    return "failed" if outcome is None else "read"


def main(minutes: float, start: int) -> None:
    tally, until, chance = Tally(), time.monotonic() + minutes * 60, random.Random(start)
    while time.monotonic() < until:

        @seed(chance.randrange(1 << 30))
        @settings(
            max_examples=300, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(spoilt())
        def round_of(file: tuple[str, bytes]) -> None:
            if time.monotonic() < until:
                tally.one(*file)

        round_of()
    total = tally.outcomes.total()
    print(
        f"{total} files in {minutes:g} min, seed {start}; slowest {tally.slowest[0]:.2f} s ({tally.slowest[1]})"
    )
    for kind, times in tally.outcomes.most_common(30):
        print(f"{times:7d}  {kind}")
    print(f"{len(tally.failures)} kinds of failure")


CATALOGUE = load(PLAN)

if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
