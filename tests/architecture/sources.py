"""The sources that the rules of this folder hold for."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TREES = ("server", "mobile_api", "admin", "scheduler", "infra")
STEPS = ROOT / "server" / "migrations" / "versions"


@cache
def modules():
    """Return path → syntax tree of every module; migrations' steps are frozen and left out."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for tree in TREES
        for path in sorted((ROOT / tree).rglob("*.py"))
        if STEPS not in path.parents
    }


def functions(tree):
    """Yield every function of a module, also those inside classes and functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def calls(tree):
    """Return (dotted name, line) of everything that is called."""
    return [
        (ast.unparse(node.func), node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def imports(tree):
    """Yield the dotted name of everything that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def found_in(check):
    """Return "path: finding" for all that `check(path, tree)` yields over all modules."""
    return [f"{path}: {found}" for path, tree in modules().items() for found in check(path, tree)]
