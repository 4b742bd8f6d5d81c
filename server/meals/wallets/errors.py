"""How wallets refuse."""

from server.errors import DomainError, Kind


class WalletTooLow(DomainError):
    """There is less in the wallet than is to be taken out. `balance_fen` says how much there is."""

    code = "wallet-too-low"
    kind = Kind.CONFLICT


class WalletTooFull(DomainError):
    """No wallet holds more than `most_fen`: what is paid in advance may be lost with a canteen."""

    code = "wallet-too-full"
    kind = Kind.CONFLICT


class CanteenTakesNoMoney(DomainError):
    """A canteen that is not open takes no money in advance."""

    code = "canteen-takes-no-money"
    kind = Kind.CONFLICT


class CanteenIsOpen(DomainError):
    """Everybody is given their money back by a canteen that closes, not by one that is open."""

    code = "canteen-is-open"
    kind = Kind.CONFLICT


class NothingToRefund(DomainError):
    """The wallet is empty."""

    code = "nothing-to-refund"
    kind = Kind.CONFLICT


class AskedAlready(DomainError):
    """The same is asked for already, and not decided yet."""

    code = "wallet-asked-already"
    kind = Kind.CONFLICT


class RequestDecided(DomainError):
    """The request is decided, or was withdrawn. `state` says which."""

    code = "wallet-request-decided"
    kind = Kind.CONFLICT


class SamePersonDecides(DomainError):
    """Who asked for a reversal cannot decide on it."""

    code = "wallet-same-person"
    kind = Kind.CONFLICT


class NotReversible(DomainError):
    """Only a top-up in cash or a meal is taken back, and once."""

    code = "wallet-entry-not-reversible"
    kind = Kind.CONFLICT


class DifferenceUnexplained(DomainError):
    """What was counted differs from what should be there; a note says why."""

    code = "cash-difference-unexplained"
    kind = Kind.INVALID


class TopUpOutOfBounds(DomainError):
    """By phone are paid in between `least_fen` and `most_fen`."""

    code = "top-up-out-of-bounds"
    kind = Kind.INVALID


class TooManyTopUps(DomainError):
    """Some payments are begun and not finished; each ends by itself after a while."""

    code = "top-ups-unfinished"
    kind = Kind.TOO_MANY


class ReasonMissing(DomainError):
    """An elder whose money is not given back is told why."""

    code = "refund-reason-missing"
    kind = Kind.INVALID


class NothingLate(DomainError):
    """Nothing was told of the day since it was closed."""

    code = "cash-nothing-late"
    kind = Kind.CONFLICT
