"""Which canteens and wallets are within this person's reach."""

from secrets import token_hex
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import masking
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.meals.queries.canteens import list_canteens_within
from server.meals.wallets.queries import get_wallet

SEE, KEEP = "meals.see-wallets", "meals.keep-wallets"
DECIDE, REFUND = "meals.decide-wallets", "meals.refund-wallets"


def canteen_of(session: Session, canteen_id: int, permission: str) -> Row[Any]:
    """Return a canteen over which this person's offices hold the permission, or `NotFound`."""
    reach = reach_of(actor_of(session), permission)
    canteens = list_canteens_within(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
    for canteen in canteens:
        if canteen.id == canteen_id:
            return canteen
    raise NotFound()


def wallet_of(session: Session, wallet_id: int, permission: str) -> Row[Any]:
    """Return a wallet at a canteen over which this person holds the permission."""
    wallet = get_wallet(session, wallet_id)
    canteen_of(session, wallet.site_id, permission)
    return wallet


def rights(session: Session) -> dict[str, bool]:
    """Return what this person may do here, by the name that pages ask for."""
    actor = actor_of(session)
    return {
        "may_keep": may(actor, KEEP),
        "may_decide": may(actor, DECIDE),
        "may_refund": may(actor, REFUND),
    }


def called(session: Session, name: str | None) -> str:
    """Return a name as this person reads it: whole at the counter, masked for who only looks."""
    if not name:
        return _("not known")
    return name if may(actor_of(session), KEEP) else masking.name(name)


def a_new_key() -> str:
    """Return what a form bears once."""
    return token_hex(16)
