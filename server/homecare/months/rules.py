"""What a bed at home is owed in a month, and how facts become one digest."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Owed:
    """The least of a month (domain.md §0 home_bed.service_min: S20, S22)."""

    minutes_a_month: int
    minutes_a_visit: int
    life_care_share: int
    nursing_visits_a_month: int
    least_share_percent: int


def missing(served: Mapping[str, Any], owed: Owed) -> list[str]:
    """Return what a bed did not have, as codes; an empty list is met.

    `life_care_share` is one part in so many. The average visit may be as much shorter as one visit
    may be without being found: minutes count up to those ordered.
    """
    told = {
        "too_few_hours": served["minutes"] < owed.minutes_a_month,
        "visits_too_short": served["minutes"] * 100
        < served["visits"] * owed.minutes_a_visit * owed.least_share_percent,
        "too_little_life_care": served["life_minutes"] * owed.life_care_share < served["minutes"],
        "too_few_nursing_visits": served["nursing_visits"] < owed.nursing_visits_a_month,
    }
    return [code for code, is_missing in told.items() if is_missing]


def digest_of(facts: Iterable[Mapping[str, Any]]) -> bytes:
    """Return SHA-256 over the facts, each as JSON with sorted names on a line of its own."""
    lines = (json.dumps(dict(one), sort_keys=True, default=str) for one in facts)
    return hashlib.sha256("\n".join(lines).encode()).digest()
