"""What assessments announce."""

from dataclasses import dataclass
from datetime import date

from server.residents.assessments.models import AbilityLevel


@dataclass(frozen=True)
class AbilityLevelConfirmed:
    """From a day on a resident has this level; whatever the level was before has ended."""

    assessment_id: int
    resident_id: int
    level: AbilityLevel
    starts_on: date
    ends_on: date
