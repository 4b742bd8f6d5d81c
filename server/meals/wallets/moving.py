"""The one way for money into and out of a wallet: held, posted, and noted on its statement."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.ledger.models import PostingKind
from server.ledger.service import Draft, post
from server.meals.wallets import rules
from server.meals.wallets.errors import WalletTooLow
from server.meals.wallets.models import Via, Wallet, WalletEntry, WalletMove

POSTED_AS = {
    WalletMove.TOP_UP: PostingKind.TOP_UP,
    WalletMove.MEAL: PostingKind.MEAL,
    WalletMove.REFUND: PostingKind.REFUND,
    WalletMove.REVERSAL: PostingKind.REVERSAL,
}


@dataclass(frozen=True)
class Move:
    """What is to happen to a wallet, once under its reference; above nought raises the balance."""

    move: WalletMove
    via: Via
    amount_fen: int
    reference: str
    booking_id: int | None = None
    reverses_id: int | None = None
    note: str = ""


def open_wallet(session: Session, *, site_id: int, resident_id: int) -> Wallet:
    """Return the resident's wallet at the canteen, held, opening it where there is none."""
    row = {"site_id": site_id, "resident_id": resident_id, "opened_at": clock.now()}
    session.execute(upsert(table_of(Wallet)).on_conflict_do_nothing(), row)
    return _held(session, col(Wallet.site_id) == site_id, col(Wallet.resident_id) == resident_id)


def hold_wallet(session: Session, wallet_id: int) -> Wallet:
    """Return the wallet, held until the end of the transaction; raises `NotFound`."""
    return _held(session, col(Wallet.id) == wallet_id)


def move_money(session: Session, wallet: Wallet, move: Move) -> WalletEntry:
    """Post a move of a wallet that is held, and return the line of its statement.

    Raises `WalletTooLow` before the database would, which never lets a balance below nought.
    """
    assert wallet.id is not None, "a stored wallet has its key"
    balance = wallet.balance_fen + move.amount_fen
    if balance < 0:
        raise WalletTooLow(balance_fen=wallet.balance_fen)
    today = clock.today()
    amounts = rules.postings_of(move.amount_fen, move.via)
    subject, kind = rules.subject_of(wallet.id), POSTED_AS[move.move]
    draft = Draft(subject, kind, move.reference, amounts, move.note)
    posting_id = post(session, draft, site_id=wallet.site_id, posted_on=today)
    entry = _entry(session, wallet, move, balance, posting_id)
    session.add(entry)
    session.flush()
    session.refresh(wallet)
    return entry


def _held(session: Session, *conditions: object) -> Wallet:
    query = select(Wallet).where(*conditions).with_for_update()  # type: ignore[arg-type]
    found = session.execute(query.execution_options(populate_existing=True))
    wallet: Wallet | None = found.scalar_one_or_none()
    if wallet is None:
        raise NotFound()
    return wallet


def _entry(
    session: Session, wallet: Wallet, move: Move, balance_fen: int, posting_id: int
) -> WalletEntry:
    return WalletEntry(
        wallet_id=wallet.id or 0,
        site_id=wallet.site_id,
        resident_id=wallet.resident_id,
        move=move.move,
        via=move.via,
        amount_fen=move.amount_fen,
        balance_fen=balance_fen,
        booking_id=move.booking_id,
        reverses_id=move.reverses_id,
        posting_id=posting_id,
        made_by=actor_of(session).staff_id,
        made_on=clock.today(),
        made_at=clock.now(),
        note=move.note,
    )
