"""How notices and objections refuse."""

from server.errors import DomainError, Kind


class NoNoticeNeeded(DomainError):
    """The programme asks for no notice."""

    code = "no-notice-needed"
    kind = Kind.CONFLICT


class IsPublished(DomainError):
    """A notice of this run stands already."""

    code = "run-is-published"
    kind = Kind.CONFLICT


class NoticeIsOver(DomainError):
    """The notice has ended, or was withdrawn."""

    code = "notice-is-over"
    kind = Kind.CONFLICT


class ObjectionAnswered(DomainError):
    """Somebody answered this objection already."""

    code = "objection-answered"
    kind = Kind.CONFLICT


class NotOfThisNotice(DomainError):
    """The line that is named does not stand in this notice."""

    code = "line-not-in-notice"
    kind = Kind.INVALID


class NoticeTooLong(DomainError):
    """The list is too long for one paper: choose a county. `most` is how many rows fit."""

    code = "notice-too-long"
    kind = Kind.CONFLICT
