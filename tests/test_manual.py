"""Every command that the documentation shows exists; those that can be run at a desk say what it shows."""

import importlib
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click
import openpyxl
import pytest

import flows
from flows import __main__ as command_line
from flows import clock
from flows.__main__ import cli
from flows.cli import login
from flows.documents import manuscript
from flows.documents.pdf.typeset import Typesetter
from flows.office import Office
from flows.plan.load import plan_of
from flows.settings import ROOT, Settings
from flows.submissions.forms import write_sample
from tests.console_blocks import Shown, agrees, fences, inline, shown
from tests.issuing.mail.outgoing import account
from tests.issuing.mail.post_office import PostOffice
from tests.staff import TYPED

MANUAL = [ROOT / "README.zh-CN.md", *sorted((ROOT / "docs" / "manual").glob("*.md"))]
PAGES = [ROOT / "README.md", *MANUAL]
DOCUMENTS = [
    *PAGES,
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    *sorted((ROOT / "docs" / "evidence").glob("*.md")),
]
SHOWN = [one for page in PAGES for one in shown(page)]
RUN = [page for page in PAGES if any(one.is_run for one in shown(page))]
REAL_CLOCK = clock.now
ARRIVING = "奈曼旗2025年6月月报.xlsx"  # received while the page is played
LATE = "科左中旗2025年6月月报.xlsx"  # still under way when the month is closed
WRONG = "开鲁县2025年6月月报.xlsx"  # 新增技能人才 adds up to 157, and 148 was typed: G14


def words_after(line: str) -> list[str] | None:
    """The arguments of diaodu, called by its name or its path; None where the line calls something else."""
    words = shlex.split(line, comments=True)
    called = [n for n, word in enumerate(words) if word.endswith("/bin/diaodu") or (n, word) == (0, "diaodu")]
    return words[called[0] + 1 :] if called else None


def check(arguments: list[str]) -> None:
    """Refuse (UsageError) an unknown command or option; nothing is run."""
    command = cli if not arguments or arguments[0].startswith("-") else cli.commands.get(arguments[0])
    if command is None:
        raise click.UsageError(f"no command {arguments[0]}")
    rest = arguments if command is cli else arguments[1:]
    command.make_parser(click.Context(command)).parse_args(list(rest))


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: f"{one.page.name}: {one.line}")
def test_every_command_shown_exists_with_its_options(one: Shown) -> None:
    targets = {line.split(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if "## " in line}
    for part in one.line.split("&&"):
        first, *rest = shlex.split(part, comments=True)
        assert first != "make" or {one for one in rest if "=" not in one} <= targets
    if (arguments := words_after(one.line)) is not None:
        check(arguments)


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_every_command_within_a_sentence_exists(page: Path) -> None:
    for line in inline(page):
        name, *rest = line.split()[1:]
        command = cli.commands.get(name)
        if isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            name, *rest = rest
            command = command.commands.get(name)
        assert command or name.startswith("-"), line
        known = {option for one in command.params for option in one.opts} if command else {"--help"}
        assert {word for word in rest if word.startswith("--")} <= known | {"--help"}, line


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_of_the_project(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [t for t in targets if "://" not in t and not (page.parent / t).exists()] == []


def test_the_manual_shows_every_command() -> None:
    named = {words[0] for one in SHOWN if one.page in MANUAL and (words := words_after(one.line))}
    assert {name for name, command in cli.commands.items() if not command.hidden} - named == set()


def test_the_manual_explains_every_key_of_the_policy_with_its_value() -> None:
    said = (ROOT / "docs" / "manual" / "it.md").read_text(encoding="utf-8")
    policy = (ROOT / "plan" / "2025" / "policy.toml").read_text(encoding="utf-8")
    for key, value in re.findall(r"^(\w+) = (.*?)(?: +#.*)?$", policy, re.MULTILINE):
        assert f"| `{key}` | " in said, key
        assert len(value) > 60 or f"| `{key}` | `{value}` |" in said, f"{key} = {value}"


def _not_laid_out(_self: Typesetter, template: str, html: str, _at: datetime, _within: object) -> bytes:
    """Bytes that differ where the document does."""
    return f"%PDF-1.7 {template} {sha256(html.encode()).hexdigest()}".encode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the manual's sessions find it: May and June received, one report late, one to be mended."""
    folder = tmp_path_factory.mktemp("desk")
    settings = Settings(data=folder / "data")
    write_sample(plan_of(settings, 2025), (5, 6), 2025, settings.inbox)
    arriving = folder / "来件"
    arriving.mkdir()
    for name in (ARRIVING, LATE):
        (settings.inbox / name).rename(arriving / name)
    _mended(settings.inbox / WRONG, arriving / WRONG)
    Office(settings, lambda: datetime(2025, 7, 8, 8, 0)).ingest()
    (folder / "plan").symlink_to(ROOT / "plan")
    settings.data.chmod(0o750)
    return folder


def _mended(form: Path, to: Path) -> None:
    book = openpyxl.load_workbook(form, data_only=True)
    book["月报"]["G14"] = 157  # 113 + 44
    book.save(to)


@pytest.fixture(scope="module")
def _all_modules() -> None:
    """Loaded, so that each can be told another time."""
    for module in pkgutil.walk_packages(flows.__path__, "flows."):
        importlib.import_module(module.name)


@pytest.fixture
def office(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """That desk for one page, and a mail server that takes its letters. Documents are composed and not laid out:
    a page of the manual shows what is printed on a terminal, and layout and gate take most of the time."""
    monkeypatch.setattr(Typesetter, "cache", None)
    monkeypatch.setattr(Typesetter, "_lay_out", _not_laid_out)
    monkeypatch.setattr(manuscript, "examine", lambda *_: [])
    monkeypatch.setattr(login, "type_password", lambda _prompt: TYPED)
    folder = tmp_path / "office"
    shutil.copytree(desk, folder, symlinks=True)
    monkeypatch.chdir(folder)
    with PostOffice() as mail:
        said = account(mail, folder / "data" / "contacts.toml")
        for name, value in {**said, "DIAODU_DATA": str(folder / "data")}.items():
            monkeypatch.setenv(name, value)
        yield folder


@pytest.mark.proof
@pytest.mark.usefixtures("_all_modules")
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_a_page_run_from_top_to_bottom_says_what_it_shows(
    page: Path, office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.is_dir()
    for one in shown(page):
        if one.moment:
            _at(one.moment, monkeypatch)
        if one.is_run:
            code, said = _ran(one, monkeypatch, capsys)
            assert code == one.exit_code, f"$ {one.line}\n{said}"
            assert agrees(one.output, said), f"$ {one.line}\n{said}"


def _at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be that moment for everything that asks the clock."""
    for name, module in list(sys.modules.items()):
        if name.startswith("flows.") and module.__dict__.get("now") is REAL_CLOCK:
            monkeypatch.setattr(module, "now", _now)
    _moments.append(moment)


_moments: list[datetime] = []


def _now() -> datetime:
    return _moments[-1]


def _ran(one: Shown, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what was printed: the program in this process, whatever else in a shell."""
    arguments = words_after(one.line)
    if arguments is None:
        done = subprocess.run(["bash", "-c", one.line], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    codes: list[int] = []
    monkeypatch.setattr(command_line, "_leave", codes.append)
    monkeypatch.setattr(sys, "argv", ["diaodu", *arguments])
    capsys.readouterr()
    command_line.main()
    out, err = capsys.readouterr()
    return codes[0], out + (err if codes[0] else "")


def test_the_receipt_shown_to_the_clerk_is_the_one_he_gets(desk: Path) -> None:
    (receipt,) = (desk / "data" / "receipts" / "2025-06").glob("开鲁县*.txt")
    pages = [text for page in PAGES for name, text in fences(page) if name == "text 回执"]
    assert pages
    for text in pages:
        assert agrees(tuple(line for line in text.splitlines() if line.strip()), receipt.read_text("utf-8"))
