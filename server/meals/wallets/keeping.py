"""Top up, give back, and take back: what the counter does with an elder's money."""

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.ledger.errors import AmountImpossible
from server.meals.wallets import queries, rules
from server.meals.wallets.errors import (
    AskedAlready,
    CanteenTakesNoMoney,
    NothingToRefund,
    NotReversible,
    RequestDecided,
    SamePersonDecides,
    WalletTooFull,
)
from server.meals.wallets.models import (
    RequestKind,
    RequestState,
    Via,
    Wallet,
    WalletEntry,
    WalletMove,
    WalletRequest,
)
from server.meals.wallets.moving import Move, hold_wallet, move_money, open_wallet
from server.policies.queries import get_figures
from server.providers.models import OpeningState, Site
from server.residents.models import CareLink


@all_or_nothing
def top_up(
    session: Session,
    *,
    site_id: int,
    resident_id: int,
    amount_fen: int,
    key: str,
    via: Via = Via.CASH,
) -> WalletEntry:
    """Put money into the resident's wallet at the canteen, once for each `key`.

    The counter takes money from whom the canteen knows; from then on it knows them for as long as
    it may hold their money. Raises `AmountImpossible`,
    `CanteenTakesNoMoney`, `WalletTooFull`, `RuleMissing`, `NotFound`.
    """
    if amount_fen <= 0:
        raise AmountImpossible()
    if actor_of(session).staff_id is not None:
        queries.get_diner(session, site_id, resident_id)
    wallet = open_wallet(session, site_id=site_id, resident_id=resident_id)
    reference = f"wallet-top-up:{wallet.id}:{key}"
    known = queries.find_entry(session, reference)
    if known is not None:
        return known
    _check_takes_money(session, site_id)
    _check_room(session, wallet, amount_fen)
    _let_the_canteen_know(session, wallet)
    return move_money(session, wallet, Move(WalletMove.TOP_UP, via, amount_fen, reference))


@all_or_nothing
def refund(session: Session, wallet_id: int, *, key: str, note: str = "") -> WalletEntry:
    """Give back in cash what is in the wallet, all of it, once for each `key`.

    An open request for it is done with that. Raises `NothingToRefund`, `NotFound`.
    """
    wallet = hold_wallet(session, wallet_id)
    reference = f"wallet-refund:{wallet.id}:{key}"
    known = queries.find_entry(session, reference)
    if known is not None:
        return known
    if not wallet.balance_fen:
        raise NothingToRefund()
    move = Move(WalletMove.REFUND, Via.CASH, -wallet.balance_fen, reference, note=note)
    entry = move_money(session, wallet, move)
    finish_refund(session, wallet_id, note=note)
    return entry


def finish_refund(session: Session, wallet_id: int, *, note: str = "") -> None:
    """An open request for a refund is done with the refund."""
    request = queries.find_open_refund(session, wallet_id)
    if request is not None:
        decide(session, request, RequestState.DONE, note)


def ask_for_refund(session: Session, wallet_id: int, *, reason: str = "") -> WalletRequest:
    """Ask, for the elder, that the money be given back.

    Raises `NothingToRefund`, `AskedAlready`.
    """
    wallet = hold_wallet(session, wallet_id)
    if not wallet.balance_fen:
        raise NothingToRefund()
    return _ask(session, wallet, RequestKind.REFUND, reason)


def withdraw(session: Session, request_id: int) -> None:
    """Take a request back; raises `RequestDecided`, `NotFound`."""
    decide(session, open_request(session, request_id), RequestState.WITHDRAWN, "")


def ask_for_reversal(session: Session, entry_id: int, *, reason: str) -> WalletRequest:
    """Ask that a top-up or a meal be taken back, which somebody else decides.

    What came by phone was counted by the provider, and nobody mistyped it: it is given back by the
    way it came, as a refund. Raises `NotReversible`, `AskedAlready`, `NotFound`.
    """
    entry = queries.get_entry(session, entry_id)
    if not rules.may_be_taken_back(entry.move, entry.via):
        raise NotReversible()
    if queries.is_reversed(session, entry_id):
        raise NotReversible()
    wallet = hold_wallet(session, entry.wallet_id)
    return _ask(session, wallet, RequestKind.REVERSAL, reason, entry_id=entry_id)


@all_or_nothing
def decide_reversal(session: Session, request_id: int, *, agrees: bool, note: str = "") -> None:
    """Take the entry back, or refuse to, as somebody else than the one who asked.

    Raises `SamePersonDecides`, `RequestDecided`, `NotReversible`, `WalletTooLow`, `NotFound`.
    """
    request = open_request(session, request_id)
    if request.kind is not RequestKind.REVERSAL or request.entry_id is None:
        raise NotFound()
    if actor_of(session).staff_id in (None, request.asked_by):
        raise SamePersonDecides()
    if agrees:
        _reverse(session, queries.get_entry(session, request.entry_id), request.reason)
    decide(session, request, RequestState.DONE if agrees else RequestState.REFUSED, note)


def _reverse(session: Session, entry: WalletEntry, reason: str) -> None:
    if not rules.may_be_taken_back(entry.move, entry.via):
        raise NotReversible()
    wallet = hold_wallet(session, entry.wallet_id)
    move = Move(
        WalletMove.REVERSAL,
        entry.via,
        -entry.amount_fen,
        reference=f"wallet-reversal:{entry.id}",
        booking_id=entry.booking_id,
        reverses_id=entry.id,
        note=reason,
    )
    with refusing(session, {"uq_wallet_entry_reverses_id": NotReversible()}):
        move_money(session, wallet, move)


def _ask(
    session: Session,
    wallet: Wallet,
    kind: RequestKind,
    reason: str,
    *,
    entry_id: int | None = None,
) -> WalletRequest:
    request = WalletRequest(
        wallet_id=wallet.id or 0,
        site_id=wallet.site_id,
        resident_id=wallet.resident_id,
        kind=kind,
        entry_id=entry_id,
        reason=reason,
        asked_by=actor_of(session).staff_id,
        asked_at=clock.now(),
    )
    twice = ("uq_wallet_request_one_refund", "uq_wallet_request_one_reversal")
    with refusing(session, dict.fromkeys(twice, AskedAlready())):
        session.add(request)
    return request


def open_request(session: Session, request_id: int) -> WalletRequest:
    """Return a request that waits for a decision, held; raises `RequestDecided`, `NotFound`."""
    request = queries.get_request(session, request_id)
    if request.state is not RequestState.OPEN:
        raise RequestDecided(state=request.state.value)
    return request


def decide(session: Session, request: WalletRequest, state: RequestState, note: str) -> None:
    """Note who decided on a held request, when, and how."""
    request.state, request.note = state, note
    request.decided_by, request.decided_at = actor_of(session).staff_id, clock.now()
    session.flush()


def _check_takes_money(session: Session, site_id: int) -> None:
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound()
    if site.opening_state is not OpeningState.OPEN:
        raise CanteenTakesNoMoney()


def _check_room(session: Session, wallet: Wallet, amount_fen: int) -> None:
    name = rules.MOST_IN_A_WALLET
    most = int(get_figures(session, [name], on=clock.today())[name].value)
    if wallet.balance_fen + amount_fen > most:
        raise WalletTooFull(most_fen=most)


def _let_the_canteen_know(session: Session, wallet: Wallet) -> None:
    today = clock.today()
    link = upsert(table_of(CareLink)).values(
        resident_id=wallet.resident_id,
        site_id=wallet.site_id,
        starts_on=today,
        ends_on=rules.known_until(today),
    )
    longer = link.on_conflict_do_update(
        index_elements=["resident_id", "site_id"],
        set_={"ends_on": link.excluded.ends_on},
        where=col(CareLink.ends_on) < link.excluded.ends_on,
    )
    with reaching_everywhere(session):
        session.execute(longer)
