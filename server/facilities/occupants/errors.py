"""How a list of people in beds is refused as a whole."""

from server.errors import DomainError, Kind


class TooManyLists(DomainError):
    """So many lists were sent within an hour that somebody may be guessing. `retry_after` s."""

    code = "too-many-lists"
    kind = Kind.TOO_MANY


class ListStale(DomainError):
    """What was checked cannot be read any more: the list has to be chosen again."""

    code = "list-stale"
    kind = Kind.INVALID
