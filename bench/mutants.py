"""Change one token of the arithmetic, checks, escalation and calendar at a time, and see whether a test notices.

`python -m bench.mutants` tries every mutant and writes docs/evidence/mutants.md; `python -m bench.mutants MODULE…`
(flows/indicators/marks.py) tries those modules alone and keeps what the last runs found of the others. A mutant swaps a
comparison for its neighbour (`<` and `<=`, `==` and `!=`, `in` and `not in`), `and` and `or`, `+` and `-`, `*` and `/`, drops
a negation, raises a number by one or flips a truth value. Text, docstrings, and options of dataclasses and joins stay.

Every mutant is one process forked from a parent that has Polars and pytest loaded but has run nothing yet (a fork does not
survive Polars' threads), with the mutated module put in place by an import hook: no file is changed. Why not mutmut or
cosmic-ray: docs/decisions/0029.
"""

import ast
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evidence" / "mutants.md"
REASONS = ROOT / "bench" / "mutants.toml"
RESULTS = ROOT / "build" / "mutants.json"
TIMEOUT_SECONDS = 240

INDICATORS = ["tests/indicators/test_exact.py"]  # every figure, mark and rank a second time
CHECKS = ["tests/submissions/test_boundaries.py", "tests/submissions/test_rules.py", "tests/submissions/test_report_rules.py",
          "tests/submissions/test_table_rules.py", "tests/submissions/test_states.py"]  # fmt: skip
# Module or folder → the tests beside it, the most likely to notice first.
TESTS = {
    "flows/indicators/exact.py": ["tests/indicators/test_exact.py"],
    "flows/indicators/cells.py": ["tests/indicators/rules", *INDICATORS],
    "flows/indicators/rules.py": ["tests/indicators/rules", *INDICATORS],
    "flows/indicators/amounts.py": ["tests/indicators/test_coverage.py", "tests/indicators/rules", *INDICATORS],
    "flows/indicators/pace.py": ["tests/indicators/test_pace.py", "tests/indicators/test_seasonal.py", *INDICATORS],
    "flows/indicators/marks.py": ["tests/indicators/test_marks.py", *INDICATORS],
    "flows/indicators/rank.py": ["tests/indicators/test_rank.py", *INDICATORS],
    "flows/indicators/figures.py": [
        f"tests/indicators/test_{name}.py" for name in ("compare", "corrections", "trend", "city_own", "figures", "rank", "marks", "exact")
    ],
    "flows/indicators/scores.py": ["tests/indicators/test_scores.py"],
    "flows/indicators/forecast.py": ["tests/indicators/test_forecast.py"],
    "flows/indicators/escalation/ladder.py": ["tests/indicators/escalation"],
    "flows/indicators/escalation/late.py": ["tests/indicators/escalation"],
    "flows/indicators/escalation/behind.py": ["tests/indicators/escalation"],
    "flows/indicators/escalation/reconcile.py": ["tests/indicators/escalation"],
    "flows/plan/period.py": ["tests/plan/test_period.py"],
    "flows/plan/units.py": ["tests/plan/test_numbers.py"],
    "flows/plan/workdays.py": ["tests/plan/test_workdays.py"],
    "flows/plan/verify.py": ["tests/plan/test_refusals.py", "tests/plan/test_plan.py", "tests/plan/test_numbers.py"],
    **{
        f"flows/submissions/checks/{name}.py": CHECKS
        for name in ("cell_rules", "level_rules", "report_rules", "run", "slip_rules", "total_rules")
    },
}  # fmt: skip
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
OPTIONS = {
    "frozen",
    "slots",
    "order",
    "strict",
    "validate",
    "maintain_order",
    "encoding",
    "how",
    "descending",
}


@dataclass(frozen=True)
class Mutant:
    """One changed token: where, what stood there and what stands there now; `source` is the whole module."""

    module: str
    function: str
    before: str
    after: str
    source: str

    @property
    def key(self) -> str:
        return f"{self.function}: {self.before} → {self.after}"


class Changes(ast.NodeVisitor):
    """Collects every node that can be changed, with its replacement, outside text, annotations and options."""

    def __init__(self) -> None:
        self.found: list[tuple[str, ast.AST, str, object]] = []
        self.scope: list[str] = []

    def visit_scope(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        self.scope.append(node.name)
        for child in node.body:
            self.visit(child)
        self.scope.pop()

    visit_FunctionDef = visit_ClassDef = visit_scope  # noqa: N815  # NodeVisitor's names

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in OPTIONS:
            self.visit(node.value)

    def add(self, node: ast.AST, field: str, value: object) -> None:
        self.found.append((".".join(self.scope) or "module", node, field, value))

    def visit_Compare(self, node: ast.Compare) -> None:
        if type(node.ops[0]) in SWAPS:
            self.add(node, "ops", [SWAPS[type(node.ops[0])](), *node.ops[1:]])
        if len(node.ops) == 2:
            self.add(node, "ops", [node.ops[0], SWAPS[type(node.ops[1])]()])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.add(node, "op", SWAPS[type(node.op)]())
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        is_text = any(
            isinstance(n, ast.JoinedStr) or (isinstance(n, ast.Constant) and isinstance(n.value, str))
            for n in (node.left, node.right)
        )
        if type(node.op) in SWAPS and not is_text:
            self.add(node, "op", SWAPS[type(node.op)]())
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.Invert | ast.USub):
            self.add(node, "op", ast.UAdd() if isinstance(node.op, ast.USub) else None)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.add(node, "value", not node.value)
        elif isinstance(node.value, int | float):
            self.add(node, "value", node.value + 1)


def mutants_of(module: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    changes = Changes()
    changes.visit(tree)
    seen: dict[str, int] = {}
    for function, node, field, value in changes.found:
        before, kept = ast.unparse(node), node.__dict__.copy()
        if value is None:  # a negation dropped: the operand in its place
            operand = deepcopy(kept["operand"])
            node.__class__, node.__dict__ = operand.__class__, operand.__dict__
        else:
            setattr(node, field, value)
        after, source = ast.unparse(node), ast.unparse(tree)
        if value is None:
            node.__class__ = ast.UnaryOp
        node.__dict__ = kept
        at = seen[before + after] = seen.get(before + after, 0) + 1
        yield Mutant(module, function, before + (f" (#{at})" if at > 1 else ""), after, source)


class Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed source."""

    def __init__(self, module: str, source: str) -> None:
        self.name, self.source = module.removesuffix(".py").replace("/", "."), source
        self.path = str(ROOT / module)

    def find_spec(self, name: str, path: object, target: object = None) -> object:
        return (
            importlib.util.spec_from_file_location(name, self.path, loader=self)
            if name == self.name
            else None
        )  # type: ignore[arg-type]  # a loader without get_filename

    def exec_module(self, module: object) -> None:
        exec(compile(self.source, self.path, "exec"), module.__dict__)  # the mutant is run


def survives(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether no test fails with the mutant in place, in a process of its own; one that hangs is killed and noticed."""
    child = os.fork()
    if child == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        sys.meta_path.insert(0, Hook(mutant.module, mutant.source))
        import pytest

        code = 1
        try:
            code = int(pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *tests]))
        finally:
            os._exit(code)
    began = time.monotonic()
    while time.monotonic() - began < TIMEOUT_SECONDS:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def page(counts: dict[str, tuple[int, list[str]]], reasons: dict[str, dict[str, str]]) -> Iterator[str]:
    """docs/evidence/mutants.md."""
    tried = sum(n for n, _ in counts.values())
    alive = sum(len(left) for _, left in counts.values())
    yield "# Mutants\n\nWritten by `make mutants`; do not edit. Each mutant changes one token (bench/mutants.py says which);"
    yield "it is killed when a test beside the module fails.\n"
    yield f"**{tried - alive} of {tried} killed, {100 * (tried - alive) / tried:.1f} %.**\n"
    if untried := [module for module in TESTS if module not in counts]:
        yield f"Not tried yet: {', '.join(untried)}.\n"
    yield "| module | mutants | killed | % |\n|---|--:|--:|--:|"
    for module, (n, left) in counts.items():
        yield f"| {module} | {n} | {n - len(left)} | {100 * (n - len(left)) / max(n, 1):.0f} |"
    yield "\n## Survivors\n"
    for module, (_, left) in counts.items():
        for key in left:
            yield f"- {module} · `{key}`: {reasons.get(module, {}).get(key, '**no reason given**')}"


def main(modules: Sequence[str]) -> int:
    """Try the mutants of the modules, all by default; 1 where fewer than nine in ten are killed."""
    os.environ |= {"PYTHONHASHSEED": "0", "POLARS_MAX_THREADS": "1"}
    import polars  # noqa: F401  # loaded once for all children
    import pytest  # noqa: F401

    os.chdir(ROOT)
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    for module in modules or TESTS:
        results[module] = try_module(module)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results), encoding="utf-8")
    counts = {module: (n, left) for module in TESTS if module in results for n, left in [results[module]]}
    reasons = tomllib.loads(REASONS.read_text("utf-8"))
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(page(counts, reasons)) + "\n", encoding="utf-8")
    tried, alive = sum(n for n, _ in counts.values()), sum(len(left) for _, left in counts.values())
    return int(tried - alive < 0.9 * tried)


def try_module(module: str) -> tuple[int, list[str]]:
    """How many mutants a module has, and the keys of those that no test notices."""
    mutants, left = [*mutants_of(module)], []
    if not survives(Mutant(module, "", "", "", (ROOT / module).read_text("utf-8")), TESTS[module]):
        sys.exit(f"{module}: its tests fail without any change")
    for mutant in mutants:
        if survives(mutant, TESTS[module]):
            left.append(mutant.key)
            print(f"SURVIVED {module} {mutant.key}", flush=True)
    print(f"{module}: {len(mutants) - len(left)} of {len(mutants)} killed", flush=True)
    return len(mutants), left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
