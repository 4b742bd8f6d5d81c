"""How meals refuse."""

from server.errors import DomainError, Kind


class SittingFull(DomainError):
    """Every place of the sitting is taken. `nearby` lists sittings that still have places."""

    code = "sitting-full"
    kind = Kind.CONFLICT


class PastCutOff(DomainError):
    """The kitchen already counts on the numbers it has."""

    code = "past-cut-off"
    kind = Kind.CONFLICT


class SittingClosed(DomainError):
    """The canteen does not serve this sitting."""

    code = "sitting-closed"
    kind = Kind.CONFLICT


class AlreadyBooked(DomainError):
    """This resident already has that meal on that day. `booking_id` names it."""

    code = "already-booked"
    kind = Kind.CONFLICT


class AlreadyCollected(DomainError):
    """The meal was handed out, at `collected_at`."""

    code = "already-collected"
    kind = Kind.CONFLICT


class BookingCancelled(DomainError):
    """The meal code belongs to a booking that was cancelled."""

    code = "booking-cancelled"
    kind = Kind.CONFLICT


class NobodyToFeed(DomainError):
    """The register says that this resident has died or moved away."""

    code = "resident-not-here"
    kind = Kind.CONFLICT


class MealCodeUnknown(DomainError):
    """No booking of this canteen and day has that code."""

    code = "meal-code-unknown"
    kind = Kind.NOT_FOUND
