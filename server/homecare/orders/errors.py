"""How orders of service at home refuse."""

from server.errors import DomainError, Kind


class OrderNotSo(DomainError):
    """The order is not in a state in which this can be done. `state` is the one it is in."""

    code = "care-order-not-so"
    kind = Kind.CONFLICT


class OrderedAlready(DomainError):
    """Something is ordered for this person at that moment already."""

    code = "care-ordered-already"
    kind = Kind.CONFLICT


class OrderTooLate(DomainError):
    """The moment ordered has gone by."""

    code = "care-order-too-late"
    kind = Kind.INVALID


class OrderTooEarly(DomainError):
    """Nobody is sent so far ahead. `until` is the last day that can be ordered."""

    code = "care-order-too-early"
    kind = Kind.INVALID


class AllowanceLapsesBefore(DomainError):
    """What is left of this month lapses before that day. `until` is its last day, `opens_on` the
    first on which the other month can be ordered."""

    code = "allowance-lapses-before"
    kind = Kind.CONFLICT


class AllowanceSpent(DomainError):
    """Somebody else has used what was left a moment ago: the split is another one now."""

    code = "allowance-spent"
    kind = Kind.CONFLICT


class ProviderNotServing(DomainError):
    """Not an open provider of service at home."""

    code = "provider-not-serving"
    kind = Kind.INVALID


class LivesInAHouse(DomainError):
    """The person lives in a care home: nobody is sent to the flat."""

    code = "lives-in-a-house"
    kind = Kind.CONFLICT


class DrawnAlready(DomainError):
    """The sample of this county and month was drawn: it is not drawn again."""

    code = "sample-drawn-already"
    kind = Kind.CONFLICT


class NothingToDraw(DomainError):
    """No order of this month was redeemed."""

    code = "nothing-to-draw"
    kind = Kind.CONFLICT


class CheckedAlready(DomainError):
    """What was found on the spot is written down already."""

    code = "checked-already"
    kind = Kind.CONFLICT


class DoubtUnexplained(DomainError):
    """A result other than that the service was there needs a note."""

    code = "doubt-unexplained"
    kind = Kind.INVALID
