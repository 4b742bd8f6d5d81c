"""How findings refuse."""

from server.errors import DomainError, Kind


class FindingIsSettled(DomainError):
    """Somebody said already what it came to, or what it rested on was taken back."""

    code = "finding-is-settled"
    kind = Kind.CONFLICT


class FindingIsTaken(DomainError):
    """Somebody else looks into this one; it is theirs to settle."""

    code = "finding-is-taken"
    kind = Kind.CONFLICT


class FindingIsNobodys(DomainError):
    """Whoever settles a finding takes it first."""

    code = "finding-is-nobodys"
    kind = Kind.CONFLICT


class DueDayPast(DomainError):
    """A finding is to be settled today or later."""

    code = "due-day-past"
    kind = Kind.INVALID
