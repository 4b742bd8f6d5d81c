"""How the waiting list refuses."""

from server.errors import DomainError, Kind


class PlacesLeft(DomainError):
    """Nobody needs to wait: the sitting has places. `sitting_id` names it."""

    code = "places-left"
    kind = Kind.CONFLICT


class AlreadyWaiting(DomainError):
    """This resident is in the line for that sitting already."""

    code = "already-waiting"
    kind = Kind.CONFLICT


class OfferOver(DomainError):
    """The offer was answered, or nobody answered in time; the place went to the next."""

    code = "place-offer-over"
    kind = Kind.CONFLICT
