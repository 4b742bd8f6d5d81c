"""The one table of checks on meals: what each is called, and what it rests on.

Each is a query of `queries/<name>.sql` that stands on `queries/eaten.sql`. Its figures are dated
parameters, and what an auditor reads of it (`yinling checks show`) is what runs. Meals in hospital
and in a home stand with the checks of home care, which knows of stays as well.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from server.findings.checking import Check, keys_of
from server.findings.models import FindingKind
from server.meals.rules import SUBSIDISED_MEALS_A_DAY

QUERIES = Path(__file__).parent / "queries"
EATEN, EATEN_BY_SOME = QUERIES / "eaten.sql", QUERIES / "eaten_by_some.sql"
PREFIX = "meal_checks."
# What a booking keeps to is said once, for the booking and for whoever checks.
ELSEWHERE = {"subsidised_meals_a_day": SUBSIDISED_MEALS_A_DAY}


def on_meals(
    name: str, kind: FindingKind, figures: tuple[str, ...], source: str, *, folder: Path = QUERIES
) -> Check:
    """Return a check that stands on the meals handed out."""
    return Check(name, kind, figures, source, folder, EATEN, "eaten")


CHECKS: Sequence[Check] = (
    on_meals("over_the_cap", FindingKind.MEAL_OVER_THE_CAP, ("subsidised_meals_a_day",),
             "domain.md §5.2 row 16; §0 meal.per_meal (S27)"),
    on_meals("two_canteens", FindingKind.MEAL_TWO_CANTEENS, ("apart_minutes",),
             "domain.md §5.2 row 16"),
    on_meals("burst", FindingKind.MEAL_COLLECTED_IN_A_BURST, ("burst_meals", "burst_seconds"),
             "domain.md §5.2 row 17"),
    on_meals("more_than_seats", FindingKind.MEAL_MORE_THAN_SEATS, ("turn_minutes",),
             "domain.md §5.2 row 17; §5.1 no. 7 (S147)"),
    on_meals("one_hand", FindingKind.MEAL_ONE_HAND, ("one_hand_percent", "one_hand_meals"),
             "domain.md §5.1 no. 7 (S147, inflated volume); §4, 员工代办"),
    on_meals("tier_differs", FindingKind.MEAL_TIER_DIFFERS, (), "domain.md §5.2 row 19"),
    on_meals("without_licence", FindingKind.MEAL_WITHOUT_LICENCE, (), "domain.md §4, food licence"),
    on_meals("meal_after_departure", FindingKind.MEAL_AFTER_DEPARTURE, (),
             "domain.md §5.2 rows 1 and 16"),
)  # fmt: skip
BY_KIND: Mapping[FindingKind, Check] = {check.kind: check for check in CHECKS}
KEYS = keys_of(CHECKS, PREFIX, ELSEWHERE)
