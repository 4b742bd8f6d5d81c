"""How a renovation refuses."""

from server.errors import DomainError, Kind


class HomeRenovated(DomainError):
    """This home, or this person's home, was renovated within the years, or is about to be."""

    code = "home-renovated"
    kind = Kind.CONFLICT


class RenovationNotSo(DomainError):
    """The renovation is not in a state in which this can be done. `state` is the one it is in."""

    code = "renovation-not-so"
    kind = Kind.CONFLICT


class ItemNotOffered(DomainError):
    """The catalogue of the day has no such item."""

    code = "item-not-offered"
    kind = Kind.INVALID


class ItemCodeTaken(DomainError):
    """From that day on the item is set already, or another has its name."""

    code = "item-code-taken"
    kind = Kind.CONFLICT


class NeedNotedAlready(DomainError):
    """This item is noted for this room already."""

    code = "need-noted-already"
    kind = Kind.CONFLICT


class QuoteUnusable(DomainError):
    """Every item that the survey names has one price above nothing, and no other has one."""

    code = "quote-unusable"
    kind = Kind.INVALID


class PriceAboveCeiling(DomainError):
    """`item` may not cost more than `most_fen`."""

    code = "price-above-ceiling"
    kind = Kind.INVALID


class QuoteChanged(DomainError):
    """The quote that was agreed to is not the one that stands now."""

    code = "quote-changed"
    kind = Kind.CONFLICT


class RenovationAcceptedAlready(DomainError):
    """This person has accepted the work, or two others have."""

    code = "renovation-accepted-already"
    kind = Kind.CONFLICT


class RenovationInvoiceTaken(DomainError):
    """Another renovation rests on this invoice."""

    code = "renovation-invoice-taken"
    kind = Kind.CONFLICT


class AddressMissing(DomainError):
    """Nobody knows where the home is: the address must be written down first."""

    code = "address-missing"
    kind = Kind.INVALID
