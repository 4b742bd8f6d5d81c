"""How visits at home refuse."""

from server.errors import DomainError, Kind


class MonthIsClosed(DomainError):
    """The provider's month of that day is closed: nothing in it is made, moved or proved."""

    code = "month-closed"
    kind = Kind.CONFLICT


class VisitNotSo(DomainError):
    """The visit is not in a state in which this can be done. `state` is the one it is in."""

    code = "care-visit-not-so"
    kind = Kind.CONFLICT


class NotItsDay(DomainError):
    """What was noted lies more than half a day from the planned time. `day` is the visit's."""

    code = "visit-not-its-day"
    kind = Kind.CONFLICT


class AtAnotherVisit(DomainError):
    """The worker has arrived elsewhere and not left there yet."""

    code = "at-another-visit"
    kind = Kind.CONFLICT


class HasArrived(DomainError):
    """An arrival at this visit is noted already, by another tap."""

    code = "visit-has-arrival"
    kind = Kind.CONFLICT


class NotArrived(DomainError):
    """No arrival at this visit is noted."""

    code = "visit-not-arrived"
    kind = Kind.CONFLICT


class LeftBeforeArrival(DomainError):
    """By the device's own clock the leaving lies before the arrival."""

    code = "left-before-arrival"
    kind = Kind.INVALID


class VisitCodeWrong(DomainError):
    """That is not the code on the elder's phone."""

    code = "visit-code-wrong"
    kind = Kind.INVALID


class ServiceUnknown(DomainError):
    """A service that is not ordered here, or not in the catalogue."""

    code = "service-unknown"
    kind = Kind.INVALID


class WorkerIsElsewhere(DomainError):
    """The care worker has another visit at that time."""

    code = "worker-elsewhere"
    kind = Kind.CONFLICT


class ElderHasAVisit(DomainError):
    """Somebody else comes to this elder at that time."""

    code = "elder-has-a-visit"
    kind = Kind.CONFLICT


class NotAWorkerHere(DomainError):
    """Not a care worker of this provider on that day."""

    code = "not-a-worker-here"
    kind = Kind.INVALID


class CorrectionAsked(DomainError):
    """A correction of this visit waits for its second person already."""

    code = "correction-asked"
    kind = Kind.CONFLICT


class SecondPersonNeeded(DomainError):
    """Whoever asked for a correction does not decide it."""

    code = "second-person-needed"
    kind = Kind.FORBIDDEN


class Decided(DomainError):
    """It has been decided or answered already."""

    code = "decided-already"
    kind = Kind.CONFLICT


class OrderKeepsItsMonth(DomainError):
    """A visit that was ordered stays in the month that pays for it."""

    code = "order-keeps-its-month"
    kind = Kind.CONFLICT


class OrderChanged(DomainError):
    """The day is another than when its order was proposed."""

    code = "order-changed"
    kind = Kind.CONFLICT


class NotAnsweredYet(DomainError):
    """Nobody has answered yet; only an answer can be said to solve nothing."""

    code = "not-answered-yet"
    kind = Kind.CONFLICT


class SaidAlready(DomainError):
    """It was said already that the answer solved nothing."""

    code = "said-already"
    kind = Kind.CONFLICT


class WishWithCounty(DomainError):
    """An answer solved nothing: the county answers now, or hands it to the provider."""

    code = "wish-with-county"
    kind = Kind.FORBIDDEN
