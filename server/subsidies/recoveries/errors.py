"""How recoveries refuse."""

from server.errors import DomainError, Kind


class RecoveryTooLarge(DomainError):
    """More would be taken back of a line than was given by it."""

    code = "recovery-too-large"
    kind = Kind.CONFLICT


class MoreThanIsLeft(DomainError):
    """More than is left of a recovery. `left_fen` is what is."""

    code = "recovery-less-is-left"
    kind = Kind.CONFLICT


class ReceiptKnown(DomainError):
    """This receipt was entered for this recovery before."""

    code = "recovery-receipt-known"
    kind = Kind.CONFLICT


class FindingNotTrue(DomainError):
    """A recovery rests on a finding that is true, and not on one that is open or false."""

    code = "recovery-finding-not-true"
    kind = Kind.CONFLICT


class DecisionWaits(DomainError):
    """Something of this recovery waits for a decision already."""

    code = "recovery-decision-waits"
    kind = Kind.CONFLICT


class DayPast(DomainError):
    """A deferment is until a day that is still to come."""

    code = "recovery-day-past"
    kind = Kind.INVALID
