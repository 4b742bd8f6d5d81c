"""How the kitchen refuses."""

from server.errors import DomainError, Kind


class CutOffAhead(DomainError):
    """Until `cutoff_at` people still book: a sheet would be wrong in a minute."""

    code = "cut-off-ahead"
    kind = Kind.CONFLICT


class DishUnknown(DomainError):
    """A dish of another canteen, or one that is offered no more."""

    code = "dish-unknown"
    kind = Kind.INVALID


class PlacesTaken(DomainError):
    """So many places are booked or held for who waits: there cannot be fewer."""

    code = "places-taken"
    kind = Kind.CONFLICT


class MenuOfThePast(DomainError):
    """The day is over; what was eaten is not rewritten."""

    code = "menu-of-the-past"
    kind = Kind.CONFLICT


class NothingToPublish(DomainError):
    """No sitting of the week has dishes and waits to be published."""

    code = "nothing-to-publish"
    kind = Kind.CONFLICT


class FoodLicenceExpired(DomainError):
    """The food licence ended with `ended_on`: nothing is offered until a new one is noted."""

    code = "food-licence-expired"
    kind = Kind.CONFLICT


class TemplateInThePast(DomainError):
    """A template begins today or later; what was served stays as it was."""

    code = "template-in-the-past"
    kind = Kind.CONFLICT


class SampleTooSmall(DomainError):
    """Less than `least` grams of a dish."""

    code = "sample-too-small"
    kind = Kind.INVALID


class SampleNotCold(DomainError):
    """The fridge is not between `lowest` and `highest` degrees."""

    code = "sample-not-cold"
    kind = Kind.INVALID


class SampleTaken(DomainError):
    """Of this dish and sitting a sample is kept already."""

    code = "sample-taken"
    kind = Kind.CONFLICT


class SampleStillKept(DomainError):
    """A sample stays in the fridge until `ends_at`."""

    code = "sample-still-kept"
    kind = Kind.CONFLICT


class SupplierUnfit(DomainError):
    """Only a central kitchen supplies others, and none supplies itself."""

    code = "supplier-unfit"
    kind = Kind.INVALID
