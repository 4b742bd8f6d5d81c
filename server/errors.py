"""How the domain says no: a code and facts. A face adds the sentence and the status."""

from enum import Enum
from typing import Any, ClassVar


class Kind(Enum):
    """What a refusal means for the one who asked; faces turn it into a status code or a page."""

    MALFORMED = "malformed"
    INVALID = "invalid"
    UNKNOWN_ACTOR = "unknown-actor"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    TOO_MANY = "too-many"


class DomainError(Exception):
    """A request that was understood, and that the rules refuse.

    `facts` fill the placeholders of the sentence in the catalogues and travel to the caller:
    they never hold personal data.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(DomainError):
    """There is no such thing, or none that this actor may know of."""

    code = "not-found"
    kind = Kind.NOT_FOUND


class NotAllowed(DomainError):
    """The actor is known, and may not do this."""

    code = "not-allowed"
    kind = Kind.FORBIDDEN


class SignInNeeded(DomainError):
    """Nobody is signed in, or the sign-in has ended."""

    code = "sign-in-needed"
    kind = Kind.UNKNOWN_ACTOR
