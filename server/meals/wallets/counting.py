"""日清日结: the cash of a counter, day by day: what came in, went out, and is there."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing_finally
from server.db.sessions import TryAgain, actor_of
from server.errors import NotAllowed
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import sum_posted
from server.ledger.service import Draft, post
from server.meals.models import Canteen
from server.meals.wallets.cash_queries import cash_of_meals, expected_cash
from server.meals.wallets.errors import DifferenceUnexplained
from server.meals.wallets.models import CashCount


@all_or_nothing
def count_cash(
    session: Session, site_id: int, *, day: date, counted_fen: int, note: str = ""
) -> CashCount:
    """Note what was counted in the drawer for a day; a later count of the same day stands.

    Meals paid in cash are entered into the ledger with it, each of them once. Raises
    `DifferenceUnexplained` where a difference has no note, and `NotAllowed` for nobody in person.
    """
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    hold_drawer(session, site_id)
    expected = expected_cash(session, site_id, day)
    if counted_fen != expected and not note:
        raise DifferenceUnexplained()
    counted = CashCount(
        site_id=site_id, day=day, number=_next_number(session, site_id, day),
        expected_fen=expected, counted_fen=counted_fen, note=note,
        counted_by=staff_id, counted_at=clock.now(),
    )  # fmt: skip
    with refusing_finally({"uq_cash_count_site_id_day_number": TryAgain()}):
        session.add(counted)
        session.flush()
    _enter_meals(session, counted)
    return counted


def hold_drawer(session: Session, site_id: int) -> None:
    """Hold a canteen's drawer until the transaction ends.

    Whoever enters its cash sees what whoever held it before has entered.
    """
    drawer = select(col(Canteen.site_id)).where(col(Canteen.site_id) == site_id)
    session.execute(drawer.with_for_update(key_share=True))


def beginning_of(site_id: int, day: date) -> str:
    """Return how the references begin under which a day's cash of meals is in the ledger."""
    return f"cash-meals:{site_id}:{day}:"


def _next_number(session: Session, site_id: int, day: date) -> int:
    last = session.execute(
        select(func.max(col(CashCount.number))).where(
            col(CashCount.site_id) == site_id, col(CashCount.day) == day
        )
    ).scalar_one()
    return (last or 0) + 1


def _enter_meals(session: Session, counted: CashCount) -> None:
    beginning = beginning_of(counted.site_id, counted.day)
    entered = sum_posted(session, beginning, AccountKind.CASH)
    new = cash_of_meals(session, counted.site_id, counted.day) - entered
    if not new:
        return
    amounts = {AccountKind.CASH: new, AccountKind.INCOME: -new}
    reference = f"{beginning}{counted.number}"
    draft = Draft(f"counter:{counted.site_id}", PostingKind.MEAL, reference, amounts)
    post(session, draft, site_id=counted.site_id, posted_on=counted.day)
