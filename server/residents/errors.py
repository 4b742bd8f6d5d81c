"""How the register refuses."""

from server.errors import DomainError, Kind


class IdNumberUnusable(DomainError):
    """The resident ID number fails its check digit or holds an impossible birthday (GB 11643)."""

    code = "id-number-unusable"
    kind = Kind.INVALID


class AlreadyRegistered(DomainError):
    """Someone with this ID number is in the register."""

    code = "already-registered"
    kind = Kind.CONFLICT
