"""How the sources are written: one committer, one clock, plain names, short functions and files."""

import ast
import re
import statistics

from tests.architecture.sources import ROOT, calls, found_in, functions, imports, modules

LONGEST_FUNCTION = 90
MOST_FUNCTIONS_ARE_BELOW = 55
MEDIAN_FUNCTION = 11
LONGEST_FILE = 400

ENDS_A_TRANSACTION = re.compile(r"\.(commit|rollback)$")
READS_A_CLOCK = re.compile(
    r"(^|\.)(datetime|date|dt|_datetime)\.(now|utcnow|today)$|^time\.(time|time_ns|localtime|gmtime)$"
)
CLOCK_IN_SQL = re.compile(
    r"(?<!\.)\b(now|clock_timestamp|statement_timestamp)\(\)"
    r"|\b(current_date|current_timestamp|localtimestamp|current_time)\b",
    re.IGNORECASE,
)
IS_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER)\b")
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "data", "info"}

# What measures a machine, not the city: certificates, file ages, a load generator's own stopwatch.
CLOCKS_OF_THE_MACHINE = {"server/clock.py"}


def test_only_the_sessions_end_a_transaction():
    def check(path, tree):
        for name, line in calls(tree):
            if ENDS_A_TRANSACTION.search(name):
                yield f"{line} {name}"

    allowed = ("server/db/", "infra/")
    assert [one for one in found_in(check) if not one.startswith(allowed)] == []


def test_only_the_sessions_begin_one():
    def check(path, tree):
        for name, line in calls(tree):
            if name.endswith((".begin", "sessionmaker")) or name in {"Session", "session_factory"}:
                yield f"{line} {name}"

    allowed = ("server/db/", "server/migrations/", "infra/")
    assert [one for one in found_in(check) if not one.startswith(allowed)] == []


def test_only_the_clock_reads_the_time():
    def check(path, tree):
        for name, line in calls(tree):
            if READS_A_CLOCK.search(name) and path not in CLOCKS_OF_THE_MACHINE:
                yield f"{line} {name}"

    assert found_in(check) == []


def test_sql_is_handed_the_time():
    def check(path, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if IS_SQL.search(node.value) and CLOCK_IN_SQL.search(node.value):
                    yield f"{node.lineno} {CLOCK_IN_SQL.search(node.value)[0]}"
            elif isinstance(node, ast.Attribute) and ast.unparse(node) in {
                "func.now",
                "func.current_date",
                "func.current_timestamp",
            }:
                yield f"{node.lineno} {ast.unparse(node)}"

    assert found_in(check) == []
    for path in sorted((ROOT / "server" / "migrations" / "sql").glob("*.sql")):
        lines = [line.partition("--")[0] for line in path.read_text("utf-8").splitlines()]
        assert [line for line in lines if CLOCK_IN_SQL.search(line)] == [], path.name


def test_nothing_is_imported_inside_a_function():
    def check(path, tree):
        for function in functions(tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"{node.lineno} in {function.name}"

    assert found_in(check) == []


def test_below_the_faces_nobody_knows_a_status_code():
    def check(path, tree):
        if path.startswith("server/") and not path.startswith(("server/web/", "server/open_api/")):
            yield from (
                name for name in imports(tree) if name.split(".")[0] in {"http", "werkzeug"}
            )
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and node.attr in {"status_code", "HTTPStatus"}:
                    yield f"{node.lineno} {node.attr}"

    assert found_in(check) == []


def test_no_module_is_named_for_nothing():
    names = {path: set(path.removesuffix(".py").split("/")) for path in modules()}

    assert {path for path, parts in names.items() if parts & NAMES_THAT_SAY_NOTHING} == set()


def test_every_module_says_what_it_is_for():
    assert [path for path, tree in modules().items() if not ast.get_docstring(tree)] == []


def test_functions_are_short():
    lengths = sorted(
        (function.end_lineno - function.lineno + 1, f"{path} {function.name}")
        for path, tree in modules().items()
        for function in functions(tree)
    )
    sizes = [length for length, _ in lengths]

    assert lengths[-1][0] <= LONGEST_FUNCTION, lengths[-5:]
    assert sizes[int(len(sizes) * 0.99)] <= MOST_FUNCTIONS_ARE_BELOW, lengths[-20:]
    assert statistics.median(sizes) <= MEDIAN_FUNCTION


def test_files_are_short():
    lengths = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in modules()}

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}
