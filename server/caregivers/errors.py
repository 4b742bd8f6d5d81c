"""How the register of caregivers says no."""

from server.errors import DomainError, Kind


class CaregiverRegisteredElsewhere(DomainError):
    """The ID number is in the register, kept by somebody else: take them on by transfer."""

    code = "caregiver-registered-elsewhere"
    kind = Kind.CONFLICT


class CaregiverKnownHere(DomainError):
    """The ID number is in the register, kept here. `caregiver_id` leads to the file."""

    code = "caregiver-known-here"
    kind = Kind.CONFLICT


class CaregiverNotConfirmed(DomainError):
    """No caregiver has this ID number and this name; which of the two is wrong is not told."""

    code = "caregiver-not-confirmed"
    kind = Kind.INVALID


class TooManyLooks(DomainError):
    """So many numbers were tried within an hour that somebody may be guessing."""

    code = "too-many-looks"
    kind = Kind.TOO_MANY


class PayeeAccountUnusable(DomainError):
    """A bank account has 8 to 30 digits."""

    code = "payee-account-unusable"
    kind = Kind.INVALID


class CaregiverFileClosed(DomainError):
    """Whoever wants to read the whole number says why, first."""

    code = "caregiver-file-closed"
    kind = Kind.FORBIDDEN


class StaffIsAnother(DomainError):
    """That sign-in belongs to another caregiver, or to nobody at this site."""

    code = "staff-is-another"
    kind = Kind.CONFLICT


class WorksFullTimeElsewhere(DomainError):
    """Nobody has two full-time employers on one day."""

    code = "works-full-time-elsewhere"
    kind = Kind.CONFLICT


class EmployedHereAlready(DomainError):
    """They work at this site on one of those days already."""

    code = "employed-here-already"
    kind = Kind.CONFLICT


class EmploymentDaysImpossible(DomainError):
    """The day lies before the employment began, or beyond what a register can hold."""

    code = "employment-days-impossible"
    kind = Kind.INVALID


class EmploymentHasEnded(DomainError):
    """What has ended is not changed any more."""

    code = "employment-has-ended"
    kind = Kind.CONFLICT


class ContractOverlaps(DomainError):
    """Two contracts of one employment hold on one day."""

    code = "labour-contract-overlaps"
    kind = Kind.CONFLICT


class SiteOfAnother(DomainError):
    """Only a site of the same provider is gone to at once."""

    code = "site-of-another"
    kind = Kind.CONFLICT


class TakeoverWaits(DomainError):
    """Somebody has asked for this caregiver already, and the answer is not there yet."""

    code = "takeover-waits"
    kind = Kind.CONFLICT


class SettledAlready(DomainError):
    """Somebody has said yes or no already."""

    code = "settled-already"
    kind = Kind.CONFLICT


class CertificateNumberTaken(DomainError):
    """A certificate's number is one person's."""

    code = "certificate-number-taken"
    kind = Kind.CONFLICT


class CertificateDaysImpossible(DomainError):
    """Issued after it ends, or in the future."""

    code = "certificate-days-impossible"
    kind = Kind.INVALID


class EducationKnown(DomainError):
    """A degree of this kind stands in the file."""

    code = "education-known"
    kind = Kind.CONFLICT


class BreachDaysImpossible(DomainError):
    """A breach that is still to come, or lifted before it happened or on a day to come."""

    code = "breach-days-impossible"
    kind = Kind.INVALID


class BreachKnown(DomainError):
    """A breach of this kind and day stands in the file by the same document."""

    code = "breach-known"
    kind = Kind.CONFLICT


class LiftedByWhoEntered(DomainError):
    """Whoever entered a breach does not lift it."""

    code = "lifted-by-who-entered"
    kind = Kind.CONFLICT


class MonthIsClosed(DomainError):
    """Days of a month change only for a reason once it is closed. `month`, `closed_on`."""

    code = "attendance-month-closed"
    kind = Kind.CONFLICT


class MonthNotBegun(DomainError):
    """Days that nobody has worked yet."""

    code = "attendance-month-not-begun"
    kind = Kind.INVALID


class DaysImpossible(DomainError):
    """More days than the month has, or somebody who was not employed there in it."""

    code = "attendance-days-impossible"
    kind = Kind.INVALID


class NotAtWorkHere(DomainError):
    """Whoever punches is employed on the day."""

    code = "not-at-work-here"
    kind = Kind.CONFLICT


class NotArrived(DomainError):
    """Nobody leaves who has not come."""

    code = "not-arrived"
    kind = Kind.CONFLICT


class CaregiverNotLinked(DomainError):
    """No caregiver has the phone of this account and an ID number that ends so."""

    code = "caregiver-not-linked"
    kind = Kind.INVALID


class AccountLinkedAlready(DomainError):
    """The account of this phone is another caregiver's: each needs a phone of their own."""

    code = "account-linked-already"
    kind = Kind.CONFLICT


class CaregiverSearchTooShort(DomainError):
    """Nothing was typed that could find anybody."""

    code = "caregiver-search-too-short"
    kind = Kind.INVALID


class CaregiverListStale(DomainError):
    """What was checked cannot be read any more: the list has to be chosen again."""

    code = "caregiver-list-stale"
    kind = Kind.INVALID
