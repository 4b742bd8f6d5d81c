"""How the life of a bed at home refuses."""

from server.errors import DomainError, Kind


class HasAHomeBed(DomainError):
    """The person has a bed at home already, or has applied for one."""

    code = "has-a-home-bed"
    kind = Kind.CONFLICT


class HomeBedNotSo(DomainError):
    """The bed is not in a state in which this step can be taken. `state` is the one it is in."""

    code = "home-bed-not-so"
    kind = Kind.CONFLICT


class NeedsMissing(DomainError):
    """Something must be there before the step. `needs` are all that are missing, by their codes."""

    code = "needs-missing"
    kind = Kind.CONFLICT


class AcceptedAlready(DomainError):
    """This person has accepted what was built, or two others have."""

    code = "accepted-already"
    kind = Kind.CONFLICT


class OwnBuilding(DomainError):
    """Nobody accepts what their own provider built, whatever other office they hold."""

    code = "own-building"
    kind = Kind.FORBIDDEN


class InvoiceTaken(DomainError):
    """Another bed's building rests on this invoice."""

    code = "invoice-taken"
    kind = Kind.CONFLICT


class GrantTaken(DomainError):
    """The building of a bed at home was granted to this person before: once per elder."""

    code = "grant-taken"
    kind = Kind.CONFLICT


class AgreementOverlaps(DomainError):
    """Another agreement of this bed holds on some of those days."""

    code = "agreement-overlaps"
    kind = Kind.CONFLICT


class AgreementUnusable(DomainError):
    """The days or the amounts of the agreement do not go together."""

    code = "agreement-unusable"
    kind = Kind.INVALID


class ObjectionsClosed(DomainError):
    """Nobody can object any more, or the notice has not begun."""

    code = "objections-closed"
    kind = Kind.CONFLICT


class PlaceUnusable(DomainError):
    """Nobody has arrived at this home yet with a place that was measured well enough."""

    code = "home-place-unusable"
    kind = Kind.CONFLICT
