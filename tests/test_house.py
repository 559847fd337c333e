"""The rules of the house that neither a linter nor an import contract can say."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

HOUSE = Path(__file__).parents[1]
FRAMES = {"frames.py", "schemas.py"}
PACKAGE = HOUSE / "flows"
MODULES = sorted(PACKAGE.rglob("*.py"))
ENTRIES = [path for path in sorted(PACKAGE.glob("*.py")) if "\n@flow" in path.read_text("utf-8")]

CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"}
RUNS_SQL = {"execute", "executemany", "sql", "query"}


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in nodes(path) if isinstance(node, ast.Call))


def imported(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def called(call: ast.Call) -> str:
    """The last two names of what is called: `datetime.now`."""
    return ".".join(ast.unparse(call.func).split(".")[-2:])


def decorators(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(one).split("(")[0] for one in function.decorator_list}


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(HOUSE)}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]}"


def test_nothing_directly_in_flows_bears_the_name_of_another_module() -> None:
    """Prefect loads an entry file as a script, with flows/ first on the path: flows/email.py would be `email`."""
    names = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    taken = (sys.stdlib_module_names | packages_distributions().keys()) - {"flows"}
    assert names & taken - {"__main__", "__init__", "__pycache__"} == set()


def test_imports_are_absolute() -> None:
    """A relative import in an entry file loads a third copy of the module."""
    assert [path.name for path in MODULES for name in imported(path) if name.startswith(".")] == []


def test_the_plan_needs_the_standard_library_and_the_calendar_alone() -> None:
    """But for the frames and what loads their library, which whoever computes nothing does not import."""
    allowed = sys.stdlib_module_names | {"flows", "chinese_calendar"}
    modules = [path for path in (PACKAGE / "plan").rglob("*.py") if path.name not in FRAMES]
    assert not [path for path in modules if {"flows.plan.frames", "flows.plan.schemas"} & set(imported(path))]
    foreign = {name for path in modules for name in imported(path)}
    assert {name for name in foreign if name.split(".")[0] not in allowed} == set()


def test_missing_is_never_turned_into_zero() -> None:
    filled = [
        where(path, call)
        for path in MODULES
        for call in calls(path)
        if called(call).endswith("fill_null")
        and any(
            isinstance(a, ast.Constant) and a.value in (0, "zero") and a.value is not False
            for a in arguments(call)
        )
    ]
    assert filled == []


def arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def test_sql_is_never_put_together_from_pieces() -> None:
    pieced = (ast.JoinedStr, ast.BinOp, ast.Call)
    found = [
        where(path, call)
        for path in MODULES
        for call in calls(path)
        if called(call).split(".")[-1] in RUNS_SQL and call.args and isinstance(call.args[0], pieced)
        if not isinstance(call.args[0], ast.Call)
        or called(call.args[0]).endswith((".format", ".join", ".replace"))
    ]
    assert found == []


def test_the_clock_is_asked_in_one_place_alone() -> None:
    others = [path for path in MODULES if path != PACKAGE / "clock.py"]
    assert [where(path, call) for path in others for call in calls(path) if called(call) in CLOCK] == []


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_an_entry_file_defines_no_class_and_flows_of_at_most_25_lines(path: Path) -> None:
    """It exists twice as a module, so a class of its own would too."""
    for node in ast.parse(path.read_text("utf-8")).body:
        assert not isinstance(node, ast.ClassDef), where(path, node)
        if isinstance(node, ast.FunctionDef) and "flow" in decorators(node):
            body = [
                line
                for line in node.body
                if not isinstance(line, ast.Expr) or not isinstance(line.value, ast.Constant)
            ]
            assert (body[-1].end_lineno or 0) - body[0].lineno < 25, where(path, node)


def test_tasks_are_defined_in_entry_files_alone() -> None:
    with_tasks = {
        path
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and "task" in decorators(node)
    }
    assert with_tasks <= set(ENTRIES)


# Words of an earlier edition that only we understood, as names of modules, classes and functions (docs/naming.md).
RETIRED = frozenset(
    [
        "apart",
        "around",
        "as_booked",
        "asked",
        "at_once",
        "backing_up",
        "beat",
        "book",
        "briefing",
        "came_into",
        "come",
        "container",
        "course",
        "cut_off",
        "drafting",
        "enter",
        "examined",
        "faces",
        "free_to_go",
        "gone_out",
        "held",
        "holdings",
        "instead_of",
        "keeping",
        "kept",
        "kept_words",
        "last_words",
        "lay_down",
        "left_over",
        "leftover",
        "look",
        "made_again",
        "narrowed",
        "own_sheets",
        "own_up",
        "passing",
        "patience",
        "patiently",
        "performance",
        "posting",
        "printings",
        "read_again",
        "receiving",
        "rehearsal",
        "renewing",
        "running",
        "said",
        "said_in_period",
        "side_by_side",
        "stage",
        "still_open",
        "take_back",
        "take_up",
        "tame",
        "told",
        "wire",
        "AilingError",
        "Arranged",
        "Asked",
        "Beat",
        "Booking",
        "Crew",
        "Entered",
        "FaceFetcher",
        "Filled",
        "Opinion",
        "Said",
        "Standing",
        "Stated",
        "Trouble",
    ]
)


def defined_names() -> Iterator[tuple[Path, str]]:
    """Every module, class and function of the package, by its bare name."""
    for path in MODULES:
        yield path, path.parent.name if path.stem == "__init__" else path.stem
        for node in nodes(path):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield path, node.name


def test_no_module_class_or_function_bears_a_retired_word() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{name}" for path, name in defined_names() if name.lstrip("_") in RETIRED
    }
    assert found == set()


@pytest.mark.parametrize("python", ["3.11.2", "3.12.0", "3.13.5"])
def test_the_lock_pins_every_dependency_once_for_each_python(python: str) -> None:
    lock = (HOUSE / "requirements.lock").read_text("utf-8")
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    environment = {"python_version": python.rpartition(".")[0], "python_full_version": python}
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    locked = [Requirement(entry.split("\\")[0]) for entry in entries]
    applying = [entry for entry in locked if not entry.marker or entry.marker.evaluate(environment)]
    pins = {entry.name: str(entry.specifier).removeprefix("==") for entry in applying}
    assert len(pins) == len(applying)
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pins[wanted.name]), (
            f"{line} is locked at {pins[wanted.name]}; run make lock"
        )


def test_the_lock_has_hashes_and_names_no_place() -> None:
    lock = (HOUSE / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|^-|^\s*/| @ ", lock, re.MULTILINE)


def test_no_tracked_path_has_a_space_or_a_comma() -> None:
    """Such a path breaks a shell loop, a make rule or an unpacked archive on the way."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert not [path for path in listed.stdout.split("\0") if re.search(r"[ ,]", path)]


@pytest.mark.parametrize("path", sorted((HOUSE / "bench").rglob("*.py")), ids=lambda path: path.stem)
def test_bench_uses_only_names_that_the_program_has(path: Path) -> None:
    """Held without importing bench, whose rivals are installed for `make bench` alone."""
    modules = {}
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(("flows", "tests")):
            module = importlib.import_module(str(node.module))
            for name in node.names:
                if not hasattr(module, name.name):
                    importlib.import_module(f"{node.module}.{name.name}")
                if inspect.ismodule(found := getattr(module, name.name)):
                    modules[name.asname or name.name] = found
    used = [
        (n.value.id, n.attr)
        for n in nodes(path)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
    ]
    assert [f"{m}.{name}" for m, name in used if m in modules and not hasattr(modules[m], name)] == []


def test_tests_do_not_import_bench() -> None:
    imports = [
        n
        for p in (HOUSE / "tests").rglob("*.py")
        for n in nodes(p)
        if isinstance(n, ast.ImportFrom | ast.Import)
    ]
    assert not [ast.unparse(node) for node in imports if re.search(r"\bbench\b", ast.unparse(node))]


def test_the_picture_of_the_parts_shows_every_package_and_the_lives_name_modules_that_exist() -> None:
    page = (HOUSE / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    shown = set(re.findall(r'\["([a-z]+) — ', page))
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == shown
    named = set(re.findall(r"`((?:documents|issuing|plan|formats|submissions)\.[a-z_]+)`", page))
    parents = {"formats": PACKAGE / "submissions"}
    places = {name: parents.get(name.split(".")[0], PACKAGE) / name.replace(".", "/") for name in named}
    assert [
        name for name, at in places.items() if not at.is_dir() and not at.with_suffix(".py").exists()
    ] == []
