"""Tests mirror the tree, so that whoever opens a file knows where its tests are."""

import re

from mobile_api.app import create_app
from tests.architecture.sources import ROOT, TREES

TESTS = ROOT / "tests"
# Folders of tests that hold for the whole house.
OF_THE_HOUSE = {"architecture", "browser", "concurrency", "data", "factories", "journeys", "soak"}


def folders(root):
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_dir() and not {"__pycache__", "data"} & set(path.parts)
    }


def test_every_folder_of_tests_stands_for_one_of_the_sources():
    top = {path.name for path in TESTS.iterdir() if path.is_dir()} - {"__pycache__"}
    assert top - set(TREES) <= OF_THE_HOUSE

    for tree in set(TREES) & top:
        assert folders(TESTS / tree) - folders(ROOT / tree) == set()


def test_every_context_has_tests():
    contexts = {
        path.parent.name
        for path in (ROOT / "server").glob("*/__init__.py")
        if path.parent.name not in {"migrations", "events"}
    }

    tested = {path.parent.name for path in (TESTS / "server").glob("*/test_*.py")}

    assert contexts - tested == set()


def test_every_operation_of_the_phone_api_has_a_file():
    app = create_app()
    paths = app.extensions["problem-api"].spec.to_dict()["paths"]
    names = {
        operation["operationId"]
        for methods in paths.values()
        for method, operation in methods.items()
        if method != "parameters"
    }
    files = {path.stem for path in (TESTS / "mobile_api").rglob("test_*.py")}

    assert {name for name in names if f"test_{_snake(name)}" not in files} == set()


def _snake(name):
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()
