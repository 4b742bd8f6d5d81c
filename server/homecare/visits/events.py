"""What visits announce, in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitTold:
    """A visit without a bed was left, confirmed, or put right: what it proves may be enough now."""

    visit_id: int


@dataclass(frozen=True)
class VisitCalledOff:
    """A visit without a bed is not made."""

    visit_id: int
    reason: str
