"""How the closing of a month refuses."""

from server.errors import DomainError, Kind


class MonthStillOpen(DomainError):
    """The month is not over, or what waits on phones may still arrive; `opens_on` says when."""

    code = "month-still-open"
    kind = Kind.CONFLICT


class CorrectionsWait(DomainError):
    """Corrections of the month wait for a second person; `number` of them."""

    code = "corrections-wait"
    kind = Kind.CONFLICT
