"""How entitlements refuse."""

from server.errors import DomainError, Kind


class EntitlementNeedsMissing(DomainError):
    """What the programme asks for is not there. `needs` are all that are missing, as codes."""

    code = "entitlement-needs-missing"
    kind = Kind.CONFLICT


class HasEntitlement(DomainError):
    """The person has this entitlement already, or has asked for it."""

    code = "has-entitlement"
    kind = Kind.CONFLICT


class EntitlementNotSo(DomainError):
    """The entitlement is not in a state in which this can be done. `state` is the one it is in."""

    code = "entitlement-not-so"
    kind = Kind.CONFLICT
