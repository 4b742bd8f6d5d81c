"""How a repeated key refuses."""

from server.errors import DomainError, Kind


class IdempotencyKeyMissing(DomainError):
    """A change must carry the `Idempotency-Key` its caller chose for it."""

    code = "idempotency-key-missing"
    kind = Kind.MALFORMED


class IdempotencyKeyReused(DomainError):
    """The key was used for another request; a new intention needs a new key."""

    code = "idempotency-key-reused"
    kind = Kind.CONFLICT
