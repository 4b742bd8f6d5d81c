"""How a canteen is set up: its form, who cooks for it, its account."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals.kitchen.errors import SupplierUnfit
from server.meals.models import Canteen, CanteenKind
from server.providers.models import Site
from server.secrets.fields import keyring

ACCOUNT_FIELD = "canteen.account"
LAST = 4


def get_canteen(session: Session, canteen_id: int) -> Canteen:
    """Return how a canteen is set up; raises `NotFound`."""
    found = session.get(Canteen, canteen_id)
    if found is None:
        raise NotFound()
    return found


def list_suppliers(session: Session, canteen_id: int) -> Sequence[Row[Any]]:
    """Return (id, name) of the central kitchens that could cook for a canteen, by name."""
    return session.execute(
        select(col(Site.id), col(Site.name))
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .where(col(Canteen.kind) == CanteenKind.CENTRAL_KITCHEN, col(Site.id) != canteen_id)
        .order_by(col(Site.name), col(Site.id))
    ).all()


def set_up(session: Session, canteen_id: int, values: Mapping[str, Any]) -> None:
    """Put down the form, supplier, seats and ways of a canteen; raises `SupplierUnfit`."""
    canteen = get_canteen(session, canteen_id)
    supplier = values.get("supplied_by_id")
    fit = {row.id for row in list_suppliers(session, canteen_id)} if supplier else set()
    if supplier is not None and supplier not in fit:
        raise SupplierUnfit()
    for name, value in values.items():
        setattr(canteen, name, value)
    session.flush()


def set_account(session: Session, canteen_id: int, *, bank: str, account: str) -> None:
    """Put down where the canteen's money goes; the number is sealed, its last four are shown."""
    canteen = get_canteen(session, canteen_id)
    canteen.bank = bank
    canteen.account_cipher = keyring().encrypt(account, ACCOUNT_FIELD)
    canteen.account_digest = keyring().digest(account, ACCOUNT_FIELD)
    canteen.last_four = account[-LAST:]
    session.flush()
