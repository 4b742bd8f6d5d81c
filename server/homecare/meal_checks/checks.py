"""Checks on meals that need to know where somebody slept; they run as those of `meals` do."""

from collections.abc import Sequence
from pathlib import Path

from server.findings.checking import Check
from server.findings.models import FindingKind
from server.meals.checks.checks import CHECKS as OF_MEALS
from server.meals.checks.checks import on_meals

QUERIES = Path(__file__).parent / "queries"

BESIDE_STAYS: Sequence[Check] = (
    on_meals("meal_in_hospital", FindingKind.MEAL_IN_HOSPITAL, (), "domain.md §5.2 rows 5 and 16",
             folder=QUERIES),
    on_meals("meal_in_a_home", FindingKind.MEAL_IN_A_HOME, (), "domain.md §5.2 row 16",
             folder=QUERIES),
)  # fmt: skip
CHECKS: Sequence[Check] = (*OF_MEALS, *BESIDE_STAYS)
