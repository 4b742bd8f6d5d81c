"""A refund that was asked for and cannot be given: the elder is told, and why."""

from sqlmodel import Session

from server.errors import NotFound
from server.meals.telling import Told, tell
from server.meals.wallets import queries
from server.meals.wallets.errors import ReasonMissing
from server.meals.wallets.keeping import decide, open_request
from server.meals.wallets.models import RequestKind, RequestState


def refuse_refund(session: Session, request_id: int, *, reason: str) -> None:
    """Refuse to give the money back now; it stays in the wallet, and the elder's phones hear of it.

    Why stands in the app: a text message in the platform's name carries nobody's own words.

    Raises `ReasonMissing`, `RequestDecided`, `NotFound`.
    """
    request = open_request(session, request_id)
    if request.kind is not RequestKind.REFUND:
        raise NotFound()
    if not reason.strip():
        raise ReasonMissing()
    decide(session, request, RequestState.REFUSED, reason.strip())
    wallet = queries.get_wallet(session, request.wallet_id)
    facts = {"canteen": wallet.canteen_name}
    told = Told("meals.refund_refused", f"wallet-request:{request.id}", request.resident_id, facts)
    tell(session, [told])
