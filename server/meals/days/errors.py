"""How closing a day refuses."""

from server.errors import DomainError, Kind


class ClosedAlready(DomainError):
    """The canteen has closed that day, or that meal of it."""

    code = "closed-already"
    kind = Kind.CONFLICT


class DayIsOver(DomainError):
    """What was served, or not served, on days gone by stays as it was."""

    code = "day-is-over"
    kind = Kind.INVALID
