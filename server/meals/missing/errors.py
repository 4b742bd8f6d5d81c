"""How meals that were missed refuse another one."""

from server.errors import DomainError, Kind


class LateRefused(DomainError):
    """So many booked meals were not fetched that none is booked after the cut-off for a while.

    `misses` were counted in `days` days; booking in time goes on as for everybody.
    """

    code = "late-refused"
    kind = Kind.CONFLICT
