"""How figures refuse."""

from server.errors import DomainError, Kind


class RuleMissing(DomainError):
    """No document sets this figure for the day: we stop rather than reckon with nothing."""

    code = "rule-missing"
    kind = Kind.CONFLICT
