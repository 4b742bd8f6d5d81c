"""How payments refuse."""

from server.errors import DomainError, Kind


class PaymentsSwitchedOff(DomainError):
    """No provider takes payments in this city."""

    code = "payments-switched-off"
    kind = Kind.CONFLICT


class NoticeRefused(DomainError):
    """A notice that was not believed, and is kept as it came. `verdict` says why."""

    code = "payment-notice-refused"
    kind = Kind.CONFLICT


class NoticeForged(DomainError):
    """The notice does not bear the provider's signature, or is too old."""

    code = "payment-notice-forged"
    kind = Kind.UNKNOWN_ACTOR


class NothingToGiveBack(DomainError):
    """There is less left of the payment than is to be given back."""

    code = "payment-nothing-left"
    kind = Kind.CONFLICT
