"""How the register of sites refuses."""

from server.errors import DomainError, Kind


class UsccUnusable(DomainError):
    """Not a unified social credit code of GB 32100: 18 signs, the last of which checks the rest."""

    code = "uscc-unusable"
    kind = Kind.INVALID


class UsccOfAnother(DomainError):
    """Another organisation of the register has this code."""

    code = "uscc-of-another"
    kind = Kind.CONFLICT


class PositionOutsideCity(DomainError):
    """The two numbers name a point outside the city, or only one was given: the city lies between
    `west` and `east`, `south` and `north`."""

    code = "position-outside-city"
    kind = Kind.INVALID


class PriceRangeReversed(DomainError):
    """The lowest price is above the highest."""

    code = "price-range-reversed"
    kind = Kind.INVALID


class DetailDaysImpossible(DomainError):
    """The days are in the wrong order, or none that a register could hold."""

    code = "detail-days-impossible"
    kind = Kind.INVALID


class StarOverlaps(DomainError):
    """A site has one star level a day."""

    code = "star-overlaps"
    kind = Kind.CONFLICT


class DetailExists(DomainError):
    """The same is noted already from that day on."""

    code = "detail-exists"
    kind = Kind.CONFLICT


class OpeningNotNext(DomainError):
    """A site of the state `before` does not become what was asked for."""

    code = "opening-not-next"
    kind = Kind.CONFLICT


class OpeningDayOutOfReach(DomainError):
    """The day lies before the last change, or in the future: between `earliest` and `latest`."""

    code = "opening-day-out-of-reach"
    kind = Kind.INVALID


class TooManyPhotos(DomainError):
    """A site shows at most `most` photos."""

    code = "too-many-photos"
    kind = Kind.CONFLICT
