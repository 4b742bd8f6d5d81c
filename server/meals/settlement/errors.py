"""How the settling of a canteen's month refuses."""

from server.errors import DomainError, Kind


class MonthOfMealsStillOpen(DomainError):
    """The month is not over, or counters without a network may still send; see `opens_on`."""

    code = "month-of-meals-still-open"
    kind = Kind.CONFLICT


class MonthOfMealsIsSettled(DomainError):
    """The month was drawn up: what is put right goes into `next_month` as an adjustment."""

    code = "month-of-meals-is-settled"
    kind = Kind.CONFLICT


class AdjustmentsWait(DomainError):
    """Adjustments of the month wait for a second person; `number` of them."""

    code = "adjustments-wait"
    kind = Kind.CONFLICT


class AdjustmentDecided(DomainError):
    """Somebody has decided it."""

    code = "adjustment-decided"
    kind = Kind.CONFLICT


class NotThisStage(DomainError):
    """The settlement stands elsewhere, at `stage`."""

    code = "settlement-not-at-this-stage"
    kind = Kind.CONFLICT


class SamePerson(DomainError):
    """Another person must do that step."""

    code = "settlement-needs-another-person"
    kind = Kind.CONFLICT
