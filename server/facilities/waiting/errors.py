"""How the waiting list refuses."""

from server.errors import DomainError, Kind


class WaitsAlready(DomainError):
    """The person waits for a bed of this kind at this facility."""

    code = "waits-already"
    kind = Kind.CONFLICT


class NoBedsOfThisKind(DomainError):
    """The facility has no beds of this kind."""

    code = "no-beds-of-this-kind"
    kind = Kind.CONFLICT


class NoLongerWaiting(DomainError):
    """The person has left the list, was taken off it, or has a bed."""

    code = "no-longer-waiting"
    kind = Kind.CONFLICT


class OfferOver(DomainError):
    """The offer was answered, has lapsed, or the bed is taken. The place in the list stays."""

    code = "offer-over"
    kind = Kind.CONFLICT
