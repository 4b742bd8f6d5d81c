"""Each of the 25 cross-checks is answered by name, and explained."""

from pathlib import Path

import pytest

from server.findings.models import FindingKind
from server.homecare.checks.checks import CHECKS as OF_VISITS
from server.homecare.meal_checks.checks import CHECKS as OF_MEALS
from server.homecare.training_checks.checks import CHECKS as OF_CLASSES
from server.subsidies.checks.checks import BLOCKING, BY_KIND, CHECKS, QUERIES
from server.subsidies.checks.registry import ANSWERS

ROOT = Path(__file__).parents[4]
# Put down where it happens: a report of a death, a call, a device that falls silent.
BY_THEMSELVES = {
    FindingKind.NIGHT_AFTER_DEPARTURE,
    FindingKind.HARDSHIP_AFTER_DEPARTURE,
    FindingKind.RETURN_DIFFERS,
    FindingKind.HOME_CALL_CONTRADICTS,
    FindingKind.HOME_DEVICE_SILENT,
}


def test_all_twenty_five_are_answered():
    assert list(ANSWERS) == list(range(1, 26))
    assert all(ANSWERS.values())


@pytest.mark.parametrize(("name", "telling"), [
    ("README.md", "answered by {} kinds of findings, {} of them about runs, {} of which"),
    ("README.zh-CN.md", "由 {} 类疑点回答，其中 {} 类针对核算、{} 类未核清"),
])  # fmt: skip
def test_the_readme_counts_what_there_is(name, telling):
    kinds = {kind for answers in ANSWERS.values() for kind in answers}

    told = telling.format(len(kinds), len(CHECKS), len(BLOCKING))
    assert told in (ROOT / name).read_text()


def test_what_answers_is_looked_for():
    looked_for = {check.kind for check in (*CHECKS, *OF_VISITS, *OF_MEALS, *OF_CLASSES)}

    assert {kind for kinds in ANSWERS.values() for kind in kinds} <= looked_for | BY_THEMSELVES


def test_each_check_of_a_run_answers_the_row_it_names():
    for number, kinds in ANSWERS.items():
        for check in filter(None, map(BY_KIND.get, kinds)):
            assert str(number) in check.source.split(";")[0].split("§5.2")[1]
    assert set(BY_KIND) <= {kind for kinds in ANSWERS.values() for kind in kinds}


def test_each_query_is_of_a_check_and_says_what_it_looks_for():
    assert {path.stem for path in QUERIES.glob("*.sql")} == {check.name for check in CHECKS} | {
        "due"
    }
    assert all(check.query.startswith("-- ") for check in CHECKS)
    assert set(BY_KIND) > BLOCKING
