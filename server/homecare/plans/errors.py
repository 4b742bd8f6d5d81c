"""How care plans refuse."""

from server.errors import DomainError, Kind


class PlanNotSo(DomainError):
    """The plan is not in a state in which this can be done. `state` is the one it is in."""

    code = "care-plan-not-so"
    kind = Kind.CONFLICT


class PlanWaits(DomainError):
    """A version of this plan waits for the elder's yes already."""

    code = "care-plan-waits"
    kind = Kind.CONFLICT


class BedNotServing(DomainError):
    """The bed at home is not one that is signed for yet, or has ended."""

    code = "home-bed-not-serving"
    kind = Kind.CONFLICT


class PlanItemUnusable(DomainError):
    """An item names a service the catalogue lacks, or somebody who does not work there."""

    code = "care-plan-item-unusable"
    kind = Kind.INVALID
