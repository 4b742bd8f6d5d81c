"""What is in a wallet, and the number of a receipt, as plain functions. Money is whole fen."""

from datetime import date

from server.ledger.models import AccountKind
from server.meals.wallets.models import Via, WalletMove

MOST_IN_A_WALLET = "meals.wallet_most_fen"
YEARS_KNOWN = 2


def subject_of(wallet_id: int) -> str:
    """Return whom the ledger's entries of a wallet are about."""
    return f"wallet:{wallet_id}"


def receipt_number(site_id: int, made_on: date, entry_id: int) -> str:
    """Return the number printed on a receipt: canteen, day, and a number given once."""
    return f"{site_id}-{made_on:%y%m%d}-{entry_id:06d}"


def other_side(via: Via) -> AccountKind:
    """Return the account that stands opposite to the elder's money."""
    sides = {
        Via.CASH: AccountKind.CASH,
        Via.PROVIDER: AccountKind.CLEARING,
        Via.BALANCE: AccountKind.INCOME,
    }
    return sides[via]


def may_be_taken_back(move: WalletMove, via: Via) -> bool:
    """True for what somebody at the counter may have got wrong: cash that was noted, a meal."""
    return move is WalletMove.MEAL or (move is WalletMove.TOP_UP and via is Via.CASH)


def postings_of(amount_fen: int, via: Via) -> dict[AccountKind, int]:
    """Return the two lines that raise (or, below nought, lower) a wallet by an amount.

    What is in a wallet is owed to its elder, and so stands below nought.
    """
    return {AccountKind.PREPAID: -amount_fen, other_side(via): amount_fen}


def known_until(today: date) -> date:
    """Return until when a canteen may know somebody whose money it holds: whole months."""
    return date(today.year + YEARS_KNOWN, today.month, 1)
