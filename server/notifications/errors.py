"""How messages refuse; what is no mistake of a person's is shown by no face."""

from server.errors import DomainError, Kind


class MessageUnusable(ValueError):
    """There is no text for this kind of message, or a fact that its text needs is missing."""


class TopicNotChoosable(DomainError):
    """What concerns safety and money is always sent by every way."""

    code = "topic-not-choosable"
    kind = Kind.INVALID


class CallIsOver(DomainError):
    """Somebody was reached meanwhile, or the message is of no use any more."""

    code = "call-is-over"
    kind = Kind.CONFLICT
