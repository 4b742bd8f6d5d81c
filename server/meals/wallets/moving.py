"""The one way for money into and out of a wallet: held, posted, and noted on its statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.ledger.models import PostingKind
from server.ledger.service import Draft, post_all
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
    turn: int = 1


def open_wallet(session: Session, *, site_id: int, resident_id: int) -> Wallet:
    """Return the resident's wallet at the canteen, held, opening it where there is none."""
    row = {"site_id": site_id, "resident_id": resident_id, "opened_at": clock.now()}
    session.execute(upsert(table_of(Wallet)).on_conflict_do_nothing(), row)
    return _held(session, col(Wallet.site_id) == site_id, col(Wallet.resident_id) == resident_id)


def hold_wallet(session: Session, wallet_id: int) -> Wallet:
    """Return the wallet, held until the end of the transaction; raises `NotFound`."""
    return _held(session, col(Wallet.id) == wallet_id)


def hold_wallets(session: Session, wallet_ids: Sequence[int]) -> Mapping[int, Wallet]:
    """Return wallets by their key, held until the end of the transaction."""
    if not wallet_ids:
        return {}
    query = select(Wallet).where(col(Wallet.id).in_(wallet_ids)).order_by(col(Wallet.id))
    held = query.with_for_update().execution_options(populate_existing=True)
    return {wallet.id or 0: wallet for wallet in session.execute(held).scalars()}


def move_money(session: Session, wallet: Wallet, move: Move) -> WalletEntry:
    """Post a move of a wallet that is held, and return the line of its statement.

    Raises `WalletTooLow` before the database would, which never lets a balance below nought.
    """
    [entry] = move_all(session, [(wallet, move)])
    session.refresh(wallet)
    return entry


def move_all(session: Session, moves: Sequence[tuple[Wallet, Move]]) -> Sequence[WalletEntry]:
    """Post moves of held wallets of one canteen, in order; as `move_money`.

    As many statements for a hundred as for one.
    """
    if not moves:
        return []
    balances = _balances_after(moves)
    drafts = [_draft(wallet, move) for wallet, move in moves]
    numbers = post_all(session, drafts, site_id=moves[0][0].site_id, posted_on=clock.today())
    entries = [
        _entry(session, wallet, move, balance, numbers[move.reference])
        for (wallet, move), balance in zip(moves, balances, strict=True)
    ]
    session.add_all(entries)
    session.flush()
    return entries


def _balances_after(moves: Sequence[tuple[Wallet, Move]]) -> list[int]:
    """Return what is in its wallet after each of the moves; raises `WalletTooLow`."""
    balance = {wallet.id: wallet.balance_fen for wallet, _ in moves}
    after = []
    for wallet, move in moves:
        balance[wallet.id] += move.amount_fen
        if balance[wallet.id] < 0:
            raise WalletTooLow(balance_fen=wallet.balance_fen)
        after.append(balance[wallet.id])
    return after


def _draft(wallet: Wallet, move: Move) -> Draft:
    assert wallet.id is not None, "a stored wallet has its key"
    amounts = rules.postings_of(move.amount_fen, move.via)
    subject = rules.subject_of(wallet.id)
    return Draft(subject, POSTED_AS[move.move], move.reference, amounts, move.note)


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
        turn=move.turn,
        reverses_id=move.reverses_id,
        posting_id=posting_id,
        made_by=actor_of(session).staff_id,
        made_on=clock.today(),
        made_at=clock.now(),
        note=move.note,
    )
