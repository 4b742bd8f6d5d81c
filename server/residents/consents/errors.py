"""How consents refuse."""

from server.errors import DomainError, Kind


class ConsentNeeded(DomainError):
    """This is only done for somebody who has agreed to `purpose`, or whose new text is unread."""

    code = "consent-needed"
    kind = Kind.FORBIDDEN


class ConsentTextOutdated(DomainError):
    """The text that was read is no longer the one in force: the new one is to be read first."""

    code = "consent-text-outdated"
    kind = Kind.CONFLICT


class WitnessNeeded(DomainError):
    """What is agreed to on paper or by word is witnessed by somebody else than the giver."""

    code = "witness-needed"
    kind = Kind.INVALID
