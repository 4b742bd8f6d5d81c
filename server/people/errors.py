"""What cannot be read from a person's papers."""

from server.errors import DomainError, Kind


class IdNumberUnusable(DomainError):
    """The resident ID number fails its check digit or holds an impossible birthday (GB 11643)."""

    code = "id-number-unusable"
    kind = Kind.INVALID


class ContactPhoneUnusable(DomainError):
    """Nobody can be called under this number."""

    code = "contact-phone-unusable"
    kind = Kind.INVALID
