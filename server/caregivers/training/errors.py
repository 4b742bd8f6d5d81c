"""How courses refuse."""

from server.errors import DomainError, Kind


class CourseNotSo(DomainError):
    """The session is not in a state in which this can be done. `state` is the one it is in."""

    code = "course-not-so"
    kind = Kind.CONFLICT


class CourseIsPublished(DomainError):
    """People have enrolled, or may: of what they enrolled for nothing changes any more."""

    code = "course-is-published"
    kind = Kind.CONFLICT


class EnrolmentClosed(DomainError):
    """Enrolling, and leaving again, ended at `until`."""

    code = "enrolment-closed"
    kind = Kind.CONFLICT


class AlreadyEnrolled(DomainError):
    """This person has a place, or waits for one, at that session."""

    code = "already-enrolled"
    kind = Kind.CONFLICT


class CourseFull(DomainError):
    """The last place was taken in the same moment."""

    code = "course-full"
    kind = Kind.CONFLICT


class CourseNotForYou(DomainError):
    """The course is for caregivers, and nobody of this account is one; or it names nobody."""

    code = "course-not-for-you"
    kind = Kind.CONFLICT


class FewerPlacesThanTrainees(DomainError):
    """`enrolled` people have a place already."""

    code = "fewer-places-than-trainees"
    kind = Kind.CONFLICT


class MeetingsOverlap(DomainError):
    """Meetings of one session follow each other, within a day each."""

    code = "meetings-overlap"
    kind = Kind.INVALID


class DoorCodeWrong(DomainError):
    """The code is none of this door now: mistyped, sent on, or from before."""

    code = "door-code-wrong"
    kind = Kind.CONFLICT


class DoorShut(DomainError):
    """The door of the meeting is open from half an hour before it until half an hour after."""

    code = "door-shut"
    kind = Kind.CONFLICT


class TooManyWrongCodes(DomainError):
    """Too many wrong codes: now only the sign-in list helps."""

    code = "too-many-wrong-codes"
    kind = Kind.TOO_MANY


class NoMeetingNow(DomainError):
    """No course of this person has its door open now."""

    code = "no-meeting-now"
    kind = Kind.CONFLICT


class ListClosed(DomainError):
    """The list of the meeting stands, and its minutes count already."""

    code = "list-closed"
    kind = Kind.CONFLICT


class TooEarly(DomainError):
    """That can be done when the meeting, or the session, is over."""

    code = "course-not-over"
    kind = Kind.CONFLICT


class NotAdmitted(DomainError):
    """A trainee attended `percent` percent; `least` are needed to be let in to the exam."""

    code = "not-admitted-to-exam"
    kind = Kind.CONFLICT


class NoSittingLeft(DomainError):
    """A trainee has sat the exam `most` times, or has passed it."""

    code = "no-exam-sitting-left"
    kind = Kind.CONFLICT


class ConfirmedByWhoEntered(DomainError):
    """Whoever entered a result may not confirm it."""

    code = "result-confirmed-by-who-entered"
    kind = Kind.CONFLICT


class NothingToConfirm(DomainError):
    """No result waits to be confirmed."""

    code = "nothing-to-confirm"
    kind = Kind.CONFLICT


class ResultsMissing(DomainError):
    """Results wait to be confirmed, or the lists of meetings are not closed yet."""

    code = "training-results-missing"
    kind = Kind.CONFLICT


class ContestOver(DomainError):
    """The ranks of the contest stand and were told."""

    code = "contest-over"
    kind = Kind.CONFLICT


class ContestScoresMissing(DomainError):
    """Nobody has a score yet."""

    code = "contest-scores-missing"
    kind = Kind.CONFLICT
