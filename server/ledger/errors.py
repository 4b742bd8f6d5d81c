"""How the ledger refuses."""

from server.errors import DomainError, Kind


class AmountImpossible(DomainError):
    """No amount, or one too large to be meant."""

    code = "amount-impossible"
    kind = Kind.INVALID
