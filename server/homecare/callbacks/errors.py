"""How calls back refuse."""

from server.errors import DomainError, Kind


class SampleDrawn(DomainError):
    """This month was drawn already: a second drawing would let somebody choose."""

    code = "sample-drawn"
    kind = Kind.CONFLICT


class SampleTooEarly(DomainError):
    """A month is drawn from once it is over; from `opens_on` on."""

    code = "sample-too-early"
    kind = Kind.CONFLICT


class NoVisitsToDraw(DomainError):
    """No visit of that month is proved here."""

    code = "no-visits-to-draw"
    kind = Kind.CONFLICT


class NoCallWaits(DomainError):
    """Every call is made, in somebody's hands, or is to be tried again later."""

    code = "no-call-waits"
    kind = Kind.CONFLICT


class CallNotInHand(DomainError):
    """The call is not in your hands, or no longer."""

    code = "call-not-in-hand"
    kind = Kind.CONFLICT
