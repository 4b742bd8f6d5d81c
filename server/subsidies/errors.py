"""How the money of subsidies refuses in several of its parts."""

from server.errors import DomainError, Kind


class NeedsAnotherPerson(DomainError):
    """Who asked for it, or made it, does not decide on it."""

    code = "subsidy-needs-another-person"
    kind = Kind.CONFLICT


class AlreadyDecided(DomainError):
    """Somebody has decided this before."""

    code = "subsidy-already-decided"
    kind = Kind.CONFLICT
