"""How contracts and money of a stay refuse."""

from server.errors import DomainError, Kind


class ContractOverlaps(DomainError):
    """The stay has a contract on some of these days."""

    code = "contract-overlaps"
    kind = Kind.CONFLICT


class ContractDaysImpossible(DomainError):
    """The contract begins before the stay was planned, or ends before it begins."""

    code = "contract-days-impossible"
    kind = Kind.INVALID


class ContractMissing(DomainError):
    """No contract covers the night of `day`."""

    code = "contract-missing"
    kind = Kind.CONFLICT


class DepositTooHigh(DomainError):
    """The deposit is above the ceiling. `most_fen` is the most that may be asked or taken."""

    code = "deposit-too-high"
    kind = Kind.CONFLICT


class PrepaymentTooHigh(DomainError):
    """Money would be taken for more months than may be. `most_fen` is what may still be taken."""

    code = "prepayment-too-high"
    kind = Kind.CONFLICT


class MonthNotOver(DomainError):
    """The month is not over yet, and the stay goes on."""

    code = "month-not-over"
    kind = Kind.CONFLICT


class NothingToBill(DomainError):
    """The stay has no night in this month."""

    code = "nothing-to-bill"
    kind = Kind.CONFLICT


class MonthsUnbilled(DomainError):
    """Months of the stay have no bill yet; the first is `month`."""

    code = "months-unbilled"
    kind = Kind.CONFLICT


class StayGoesOn(DomainError):
    """Money is given back after the last day."""

    code = "stay-goes-on"
    kind = Kind.CONFLICT


class ReceiptNoted(DomainError):
    """Another amount was noted under this receipt: `amount_fen`."""

    code = "receipt-noted"
    kind = Kind.CONFLICT


class DeathNotConfirmed(DomainError):
    """The stay ended because of a death that the county has not confirmed yet."""

    code = "death-not-confirmed"
    kind = Kind.CONFLICT


class AlreadySettled(DomainError):
    """The stay's money was settled."""

    code = "already-settled"
    kind = Kind.CONFLICT
