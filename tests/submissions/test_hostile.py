"""Files made to harm: each is answered, nothing is loaded that no report needs, and the next file is read."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading, Refusal
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.formats import sandbox as apart
from flows.submissions.formats.grid import UnreadableError
from flows.submissions.formats.reader import MAX_MEMORY, MAX_SECONDS
from flows.submissions.formats.sandbox import open_in_sandbox
from flows.submissions.read_form import read, unpack_or_refuse
from tests.submissions.conftest import KNOWN, NAME, filled, understood
from tests.submissions.hostile_cases import BEYOND, CASES, READ, book_of
from tests.submissions.mutations import spoilt
from tests.submissions.soundness import faults

pytestmark = pytest.mark.services
QUADRATIC = book_of(b"<!--", (b"<c >", 1_500_000), b"-->")  # a search that would take hours


def outcome_of(name: str, content: bytes, catalogue: Catalogue) -> Reading | Refusal:
    inside = unpack_or_refuse(content)
    return inside if isinstance(inside, Refusal) else read(name, content, catalogue, lambda *_: KNOWN)


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_answered_and_the_next_one_is_read(
    case: str, catalogue: Catalogue, form: FormSpec
) -> None:
    hostile = CASES[case]
    outcome = outcome_of(hostile.name, hostile.build(), catalogue)
    said = outcome.reason if isinstance(outcome, Refusal) else READ
    assert said.startswith(hostile.becomes)
    assert faults(outcome) == []
    assert (said == READ) == (hostile.becomes == READ)
    understood(read(NAME, filled(form), catalogue, lambda *_: KNOWN))


def test_nothing_that_runs_is_run_and_the_receipt_says_so(catalogue: Catalogue) -> None:
    reading = understood(outcome_of(NAME, CASES["macros"].build(), catalogue))
    assert "文件带有宏（程序），没有运行，也没有读取" in "".join(reading.decisions)


def test_a_file_named_by_a_declaration_is_not_opened(catalogue: Catalogue) -> None:
    for case in ("entity_of_a_file", "entity_of_a_file_in_an_ods"):
        assert "root:" not in repr(outcome_of(NAME, CASES[case].build(), catalogue))


def child() -> int:
    """The process identity of the reading process, alive."""
    open_in_sandbox("a.csv", b"1,2\n3,4\n")
    return apart.child_pid() or 0


def test_the_reading_process_is_held_to_little_memory_and_no_files() -> None:
    lines = Path(f"/proc/{child()}/limits").read_text().splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max address space"] == [str(MAX_MEMORY)] * 2
    assert limits["Max core file size"] == ["0"] * 2
    assert limits["Max file size"] == ["0"] * 2
    assert int(limits["Max cpu time"][0]) <= 1 + MAX_SECONDS + 60  # seconds of the files it read before


def test_the_reading_process_inherits_no_settings_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    apart.end()
    monkeypatch.setenv("DIAODU_MAIL_PASSWORD", "secret")
    assert b"secret" not in Path(f"/proc/{child()}/environ").read_bytes()


def test_the_same_process_reads_one_harmless_file_after_another() -> None:
    assert child() == child()


def test_who_computes_without_end_is_ended_and_replaced() -> None:
    before = child()
    with pytest.raises(UnreadableError, match=BEYOND):
        open_in_sandbox(NAME, QUADRATIC)
    assert child() != before
    assert not Path(f"/proc/{before}").exists()


def test_a_file_does_not_answer_for_who_else_ended_the_process() -> None:
    os.kill(child(), signal.SIGKILL)
    assert [grid.rows for grid in open_in_sandbox("a.csv", b"1,2\n3,4\n").grids] == [[["1", "2"], ["3", "4"]]]


def test_a_parsers_panic_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnreadableError):
        open_in_sandbox("6月.xls", CASES["broken_xls"].build())
    assert capfd.readouterr() == ("", "")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(file=spoilt())
def test_a_spoilt_workbook_is_read_soundly_or_refused(catalogue: Catalogue, file: tuple[str, bytes]) -> None:
    """bench/fuzz_reader does the same for as long as one likes."""
    assert faults(outcome_of(*file, catalogue)) == []
