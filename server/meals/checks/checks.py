"""The one table of checks on meals: what each is called, and what it rests on.

Each is a query of `queries/<name>.sql` that stands on `queries/eaten.sql`. Its figures are dated
parameters, and what an auditor reads of it (`yinling checks show`) is what runs. Meals in hospital
and in a home stand with the checks of home care, which knows of stays as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile
from pathlib import Path

from sqlalchemy import TextClause, text

from server.findings.models import FindingKind
from server.meals.rules import SUBSIDISED_MEALS_A_DAY

QUERIES = Path(__file__).parent / "queries"
PREFIX = "meal_checks."


@dataclass(frozen=True)
class Check:
    """One question: the file that asks it, the figures it takes, and where it comes from."""

    name: str
    kind: FindingKind
    figures: Sequence[str]
    source: str
    folder: Path = QUERIES

    @property
    def query(self) -> str:
        """The query as it runs, with its head line in words."""
        words, own = _parted((self.folder / f"{self.name}.sql").read_text())
        _, eaten = _parted((QUERIES / "eaten.sql").read_text())
        return f"{words}WITH eaten AS (\n{eaten})\n{own}"


CHECKS: Sequence[Check] = (
    Check("over_the_cap", FindingKind.MEAL_OVER_THE_CAP, ("subsidised_meals_a_day",),
          "domain.md §5.2 row 16; §0 meal.per_meal (S27)"),
    Check("two_canteens", FindingKind.MEAL_TWO_CANTEENS, ("apart_minutes",),
          "domain.md §5.2 row 16"),
    Check("burst", FindingKind.MEAL_COLLECTED_IN_A_BURST, ("burst_meals", "burst_seconds"),
          "domain.md §5.2 row 17"),
    Check("more_than_seats", FindingKind.MEAL_MORE_THAN_SEATS, ("turn_minutes",),
          "domain.md §5.2 row 17; §5.1 no. 7 (S147)"),
    Check("one_hand", FindingKind.MEAL_ONE_HAND, ("one_hand_percent", "one_hand_meals"),
          "domain.md §5.1 no. 7 (S147, inflated volume); §4, 员工代办"),
    Check("tier_differs", FindingKind.MEAL_TIER_DIFFERS, (), "domain.md §5.2 row 19"),
    Check("without_licence", FindingKind.MEAL_WITHOUT_LICENCE, (), "domain.md §4, food licence"),
    Check("meal_after_departure", FindingKind.MEAL_AFTER_DEPARTURE, (),
          "domain.md §5.2 rows 1 and 16"),
)  # fmt: skip
BY_KIND: Mapping[FindingKind, Check] = {check.kind: check for check in CHECKS}
# What a booking keeps to is said once, for the booking and for whoever checks.
ELSEWHERE = {"subsidised_meals_a_day": SUBSIDISED_MEALS_A_DAY}


def key_of(figure: str) -> str:
    """Return the key under which a figure of a check is a dated parameter."""
    return ELSEWHERE.get(figure, PREFIX + figure)


FIGURES: Sequence[str] = sorted({key_of(name) for check in CHECKS for name in check.figures})


@cache
def statement_of(check: Check) -> TextClause:
    """Return the check's query, read once in the life of a process."""
    return text(check.query)


def _parted(query: str) -> tuple[str, str]:
    """Part what the query says of itself, at its head, from what it asks."""
    lines = query.splitlines(keepends=True)
    own = list(dropwhile(lambda line: line.startswith("--"), lines))
    return "".join(lines[: len(lines) - len(own)]), "".join(own)
