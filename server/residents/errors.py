"""How the register refuses."""

from server.errors import DomainError, Kind, NotFound


class AlreadyRegistered(DomainError):
    """Someone with this ID number is in the register."""

    code = "already-registered"
    kind = Kind.CONFLICT


class LooksRegistered(DomainError):
    """Somebody of this name and birth day, with this phone or in this village, is registered."""

    code = "looks-registered"
    kind = Kind.CONFLICT


class IdNumberDisagrees(DomainError):
    """Sex or birth day are not those of the ID number."""

    code = "id-number-disagrees"
    kind = Kind.INVALID


class PersonIncomplete(DomainError):
    """Without an ID number, sex and birth day must be said."""

    code = "person-incomplete"
    kind = Kind.INVALID


class BornAfterLeaving(DomainError):
    """The birth day lies after the day on which the person died or moved away."""

    code = "born-after-leaving"
    kind = Kind.INVALID


class VillageOutOfReach(DomainError):
    """The village is not one of those this office works for."""

    code = "village-out-of-reach"
    kind = Kind.INVALID


class SearchTooShort(DomainError):
    """Two letters of a name at least; people are looked for, not leafed through."""

    code = "search-too-short"
    kind = Kind.INVALID


class FileNotOpen(DomainError):
    """A file is opened with a reason before it is read."""

    code = "file-not-open"
    kind = Kind.FORBIDDEN


class AlreadyHelps(DomainError):
    """This phone's account acts for the resident already."""

    code = "already-helps"
    kind = Kind.CONFLICT


class OutsideScope(DomainError):
    """The helper may act for this resident, but not in this matter."""

    code = "outside-scope"
    kind = Kind.FORBIDDEN


class PeriodOverlaps(DomainError):
    """The resident has a hardship tier on some of these days."""

    code = "period-overlaps"
    kind = Kind.CONFLICT


class AlreadyNoted(DomainError):
    """The resident is called on for this reason already."""

    code = "already-noted"
    kind = Kind.CONFLICT


class PersonAmbiguous(DomainError):
    """Name and birthday fit `number` residents."""

    code = "person-ambiguous"
    kind = Kind.CONFLICT


class NameDisagrees(DomainError):
    """The ID number belongs to somebody of another name."""

    code = "name-disagrees"
    kind = Kind.CONFLICT


class DepartureDayImpossible(DomainError):
    """The day lies in the future, or before the resident was born."""

    code = "departure-day-impossible"
    kind = Kind.INVALID


class DepartureContradicts(DomainError):
    """The same departure is recorded with other facts; `happened_on` is the day that stands."""

    code = "departure-contradicts"
    kind = Kind.CONFLICT


class DepartureWasReversed(DomainError):
    """The same report was recorded before and found to be a mistake."""

    code = "departure-was-reversed"
    kind = Kind.CONFLICT


class LaterDepartureStands(DomainError):
    """Another departure of this resident was reported later: that one is reversed first."""

    code = "later-departure-stands"
    kind = Kind.CONFLICT


class ResidentGone(DomainError):
    """The resident has died or moved away: nothing new is given to them."""

    code = "resident-gone"
    kind = Kind.CONFLICT


class PeriodImpossible(DomainError):
    """A period begins in 1900 at the earliest, ends before 2170, and not before it began."""

    code = "period-impossible"
    kind = Kind.INVALID


class DocumentNumberUnusable(DomainError):
    """Not a number of such a document."""

    code = "document-number-unusable"
    kind = Kind.INVALID


class DocumentKnown(DomainError):
    """Somebody with this document is in the register."""

    code = "document-known"
    kind = Kind.CONFLICT


class ContactKnown(DomainError):
    """This phone is noted among the resident's contacts already."""

    code = "contact-known"
    kind = Kind.CONFLICT


class TooManyHelpers(DomainError):
    """As many people help this resident as may, `most`; one has to be taken back first."""

    code = "too-many-helpers"
    kind = Kind.CONFLICT


class HelpersTriedTooOften(DomainError):
    """Helpers were named, or codes tried, too often; again in `retry_after` seconds."""

    code = "helpers-tried-too-often"
    kind = Kind.TOO_MANY


class HelperCodeUnknown(DomainError):
    """No resident shows this code now: it was mistyped, used, or is older than ten minutes."""

    code = "helper-code-unknown"
    kind = Kind.INVALID


class MergedInto(NotFound):
    """This number was merged into another, `resident_id`, under which the person is kept."""

    code = "merged-into"


class PairIsDecided(DomainError):
    """Of these two it was decided already, or a merge of them is proposed."""

    code = "pair-is-decided"
    kind = Kind.CONFLICT


class MergeUnusable(DomainError):
    """Who is kept is not one of the two, or a field cannot be taken."""

    code = "merge-unusable"
    kind = Kind.INVALID


class MergeIsDecided(DomainError):
    """This proposal was done, given back or undone already."""

    code = "merge-is-decided"
    kind = Kind.CONFLICT


class OwnProposal(DomainError):
    """Whoever proposes a merge does not confirm it."""

    code = "own-proposal"
    kind = Kind.CONFLICT


class MergeCollides(DomainError):
    """Both have what one person cannot; `collisions` names each, with its days. Nothing moved."""

    code = "merge-collides"
    kind = Kind.CONFLICT


class MergeStays(DomainError):
    """The merge cannot be undone: `blockers` names what was changed since. Nothing moved."""

    code = "merge-stays"
    kind = Kind.CONFLICT
