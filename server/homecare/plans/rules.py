"""What a plan adds up to, held against what a bed at home is owed; plain arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

MINUTES_A_MONTH = "plans.minutes_a_month"
MINUTES_A_VISIT = "plans.minutes_a_visit"
LIFE_CARE_SHARE = "plans.life_care_share"
NURSING_VISITS = "plans.nursing_visits_a_month"
PARAMETERS = (MINUTES_A_MONTH, MINUTES_A_VISIT, LIFE_CARE_SHARE, NURSING_VISITS)

# A month of four weeks: the shortest there is, so that what is promised holds in every month.
WEEKS_A_MONTH = 4


class Shortfall(StrEnum):
    """What a plan lacks of what a bed at home is owed."""

    MONTH_TOO_SHORT = "month_too_short"
    VISIT_TOO_SHORT = "visit_too_short"
    TOO_LITTLE_LIFE_CARE = "too_little_life_care"
    TOO_FEW_NURSING_VISITS = "too_few_nursing_visits"


@dataclass(frozen=True)
class Draft:
    """An item as it is drafted: when, what, and whom one would like to come."""

    services: Sequence[str]
    weekdays: Sequence[int]
    starts: time
    worker_id: int


@dataclass(frozen=True)
class Sum:
    """Minutes and visits of four weeks by what kind of care they are."""

    minutes: int
    shortest_visit: int
    life_minutes: int
    nursing_visits: int


def minutes_of(services: Sequence[str], minutes: Mapping[str, int]) -> int:
    """Return how long a visit with these services takes by the catalogue."""
    return sum(minutes[code] for code in services)


def sum_of(
    drafts: Sequence[Draft], minutes: Mapping[str, int], categories: Mapping[str, str]
) -> Sum:
    """Return what the items add up to in four weeks."""
    times = [len(set(draft.weekdays)) * WEEKS_A_MONTH for draft in drafts]
    lengths = [minutes_of(draft.services, minutes) for draft in drafts]
    life = [
        minutes_of([one for one in draft.services if categories[one] == "life"], minutes)
        for draft in drafts
    ]
    nursing = [any(categories[one] == "nursing" for one in draft.services) for draft in drafts]
    return Sum(
        minutes=sum(often * length for often, length in zip(times, lengths, strict=True)),
        shortest_visit=min(lengths, default=0),
        life_minutes=sum(often * length for often, length in zip(times, life, strict=True)),
        nursing_visits=sum(often for often, is_one in zip(times, nursing, strict=True) if is_one),
    )


def shortfalls(total: Sum, figures: Mapping[str, int]) -> list[Shortfall]:
    """Return what is missing, in the order in which the rules name it."""
    lacking = {
        Shortfall.MONTH_TOO_SHORT: total.minutes < figures[MINUTES_A_MONTH],
        Shortfall.VISIT_TOO_SHORT: total.shortest_visit < figures[MINUTES_A_VISIT],
        Shortfall.TOO_LITTLE_LIFE_CARE: total.life_minutes * figures[LIFE_CARE_SHARE]
        < total.minutes,
        Shortfall.TOO_FEW_NURSING_VISITS: total.nursing_visits < figures[NURSING_VISITS],
    }
    return [shortfall for shortfall, is_lacking in lacking.items() if is_lacking]
