"""That somebody is not at home for a while, as the contexts above announce and handle it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class AwayCause(StrEnum):
    IN_HOSPITAL = "in_hospital"
    IN_CARE_HOME = "in_care_home"


@dataclass(frozen=True)
class ResidentAway:
    """Somebody is elsewhere from a day on, and eats there."""

    resident_id: int
    cause: AwayCause
    on: date


@dataclass(frozen=True)
class ResidentBack:
    """Somebody is at home again from a day on."""

    resident_id: int
    cause: AwayCause
    on: date
