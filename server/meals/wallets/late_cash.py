"""补单: cash of a day that a tablet told of after the day was closed. The sheet stays as it was."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.ledger.models import AccountKind, PostingKind
from server.ledger.queries import count_postings, sum_posted
from server.ledger.service import Draft, post
from server.meals.wallets.cash_queries import cash_of_meals
from server.meals.wallets.counting import beginning_of, hold_drawer
from server.meals.wallets.errors import NothingLate

LATE = text(
    """
    SELECT b.id, b.paid_at AS at, c.received_at, b.own_pay_fen AS amount_fen, r.name,
           s.display_name AS by_name
      FROM booking b
      JOIN meal_collection c ON c.booking_id = b.id AND c.undone_at IS NULL
      LEFT JOIN resident r ON r.id = b.resident_id
      LEFT JOIN staff s ON s.id = b.paid_to
     WHERE b.canteen_id = :site AND b.paid_how = 'cash'
       AND b.paid_at >= :begins AND b.paid_at < :ends
       AND c.received_at > (
           SELECT max(counted_at) FROM cash_count WHERE site_id = :site AND day = :day)
     ORDER BY c.received_at, b.id
    """
)


def list_late(session: Session, site_id: int, day: date) -> Sequence[Row[Any]]:
    """Return (id, at, received_at, amount_fen, name, by_name) of meals paid in cash on a day that
    were told after its last count; nothing for a day that nobody counted."""
    begins = datetime.combine(day, time(), clock.CITY)
    values = {"site": site_id, "day": day, "begins": begins, "ends": begins + timedelta(days=1)}
    return session.connection().execute(LATE, values).all()


@all_or_nothing
def enter_late(session: Session, site_id: int, day: date) -> int:
    """Enter what came late into today's ledger, once, and return how much; the count stays.

    Raises `NothingLate`, and `NotAllowed` for nobody in person.
    """
    if actor_of(session).staff_id is None:
        raise NotAllowed()
    hold_drawer(session, site_id)
    new = late_fen(session, site_id, day)
    if not new:
        raise NothingLate()
    beginning = beginning_of(site_id, day)
    amounts = {AccountKind.CASH: new, AccountKind.INCOME: -new}
    reference = f"{beginning}late-{count_postings(session, beginning) + 1}"
    draft = Draft(f"counter:{site_id}", PostingKind.MEAL, reference, amounts)
    post(session, draft, site_id=site_id, posted_on=clock.today())
    return new


def late_fen(session: Session, site_id: int, day: date) -> int:
    """Return what was told late and is not in the ledger yet; nought for a day that is open."""
    if not list_late(session, site_id, day):
        return 0
    entered = sum_posted(session, beginning_of(site_id, day), AccountKind.CASH)
    return cash_of_meals(session, site_id, day) - entered
