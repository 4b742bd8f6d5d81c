"""How the counter refuses."""

from server.errors import DomainError, Kind


class MealCodeForged(DomainError):
    """No key of this city has signed the code, or its key was revoked."""

    code = "meal-code-forged"
    kind = Kind.INVALID


class MealOfAnotherCanteen(DomainError):
    """The meal was booked elsewhere."""

    code = "meal-of-another-canteen"
    kind = Kind.CONFLICT


class MealOfAnotherDay(DomainError):
    """The meal is for another day, `service_on`."""

    code = "meal-of-another-day"
    kind = Kind.CONFLICT


class MealDaySettled(DomainError):
    """The canteen's day `service_on` is settled; nothing more is added to it here."""

    code = "meal-day-settled"
    kind = Kind.CONFLICT


class UndoTooLate(DomainError):
    """A meal can be taken back within two minutes of being handed out."""

    code = "undo-too-late"
    kind = Kind.CONFLICT


class MealCardUnknown(DomainError):
    """No card in use has that number."""

    code = "meal-card-unknown"
    kind = Kind.NOT_FOUND


class MealCardTaken(DomainError):
    """The number is that of another card, or the person has a card in use."""

    code = "meal-card-taken"
    kind = Kind.CONFLICT


class DinerUnknown(DomainError):
    """Nobody in the city's register has that ID number."""

    code = "diner-unknown"
    kind = Kind.NOT_FOUND


class NothingServed(DomainError):
    """The canteen serves no such meal today."""

    code = "nothing-served"
    kind = Kind.CONFLICT
