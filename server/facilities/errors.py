"""How facilities refuse."""

from server.errors import DomainError, Kind


class BedTaken(DomainError):
    """Somebody or something else takes the bed on some of those days. `bed` is its label."""

    code = "bed-taken"
    kind = Kind.CONFLICT


class BedOfAnotherKind(DomainError):
    """The bed is of another kind than the stay: that way leads a referral. `bed` is its label."""

    code = "bed-of-another-kind"
    kind = Kind.CONFLICT


class HasABed(DomainError):
    """The person is in a bed on some of those days: one person, one bed."""

    code = "has-a-bed"
    kind = Kind.CONFLICT


class HasAHold(DomainError):
    """A bed is already held for this person."""

    code = "has-a-hold"
    kind = Kind.CONFLICT


class BedNotReady(DomainError):
    """The bed has not been cleaned since somebody left it. `bed` is its label."""

    code = "bed-not-ready"
    kind = Kind.CONFLICT


class HoldLapsed(DomainError):
    """The bed was held until the day before `hold_until`."""

    code = "hold-lapsed"
    kind = Kind.CONFLICT


class StayNotSo(DomainError):
    """The stay is not in a state in which this can be done. `status` is the one it is in."""

    code = "stay-not-so"
    kind = Kind.CONFLICT


class DayOutOfReach(DomainError):
    """The day lies too far back or ahead: between `earliest` and `latest`."""

    code = "day-out-of-reach"
    kind = Kind.INVALID


class FacilityNotOpen(DomainError):
    """The facility takes nobody in at present."""

    code = "facility-not-open"
    kind = Kind.CONFLICT


class RoomExists(DomainError):
    """The facility has a room of this name. `room` is the name."""

    code = "room-exists"
    kind = Kind.CONFLICT


class BedOccupied(DomainError):
    """Somebody is in the bed, so that it cannot be taken out of use. `bed` is its label."""

    code = "bed-occupied"
    kind = Kind.CONFLICT


class RoomsUnreadable(DomainError):
    """The numbers of rooms cannot be read, or are too many at once."""

    code = "rooms-unreadable"
    kind = Kind.INVALID


class BedLabelTaken(DomainError):
    """The facility has a bed of this label. `bed` is the label."""

    code = "bed-label-taken"
    kind = Kind.CONFLICT


class FiguresDoNotAddUp(DomainError):
    """Occupied and on leave exceed the usable, or the usable the licensed. `part` is too large."""

    code = "figures-do-not-add-up"
    kind = Kind.INVALID


class ReasonNeeded(DomainError):
    """Figures of a past day are corrected with a reason only."""

    code = "reason-needed"
    kind = Kind.INVALID


class NothingToRepeat(DomainError):
    """There is no return before today whose figures could be taken over."""

    code = "nothing-to-repeat"
    kind = Kind.CONFLICT


class NoWeekBefore(DomainError):
    """No earlier week was told whose caregivers could be taken over."""

    code = "no-week-before"
    kind = Kind.CONFLICT


class ReplyUnreadable(DomainError):
    """A text message that is neither `0` nor two numbers."""

    code = "reply-unreadable"
    kind = Kind.INVALID


class PeopleStillHere(DomainError):
    """Somebody stays, is away or is expected, so that the facility cannot close. `people`: how
    many."""

    code = "people-still-here"
    kind = Kind.CONFLICT


class NursingAboveLicensed(DomainError):
    """More nursing beds than beds."""

    code = "nursing-above-licensed"
    kind = Kind.INVALID


class CountedHere(DomainError):
    """The facility's beds are kept here, stay by stay: the counts are its return of the day."""

    code = "counted-here"
    kind = Kind.CONFLICT
