"""How a copy is refused."""

from server.errors import DomainError, Kind


class CopyNotAskedFor(DomainError):
    """A copy is handed out for half an hour to the device that asked for it."""

    code = "copy-not-asked-for"
    kind = Kind.FORBIDDEN


class CopyAskedTooOften(DomainError):
    """Another copy may be asked for in `retry_after` seconds."""

    code = "copy-asked-too-often"
    kind = Kind.TOO_MANY
