"""停餐: a canteen closes a day or a meal of it. Everybody is told once, and nobody pays."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select, text
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.meals import reasons
from server.meals.days.errors import ClosedAlready, DayIsOver
from server.meals.days.models import CanteenClosure
from server.meals.models import Meal
from server.meals.telling import Told, tell

_THEIRS = """s.canteen_id = :canteen AND s.service_on = :day
             AND (CAST(:meal AS text) IS NULL OR s.meal = :meal)"""
CLOSE_SITTINGS = text(
    f"""
    UPDATE sitting s SET closed_at = :now WHERE {_THEIRS} AND s.closed_at IS NULL
    RETURNING s.id
    """
)
# Also what is past its cut-off: the kitchen itself calls it off.
CANCEL = text(
    f"""
    WITH held AS (
        SELECT b.id FROM booking b JOIN sitting s ON s.id = b.sitting_id
         WHERE {_THEIRS} AND b.status = 'booked'
         ORDER BY b.sitting_id, b.id FOR UPDATE OF b
    )
    UPDATE booking SET status = 'cancelled', cancelled_at = :now, cancel_reason = :code
      FROM held WHERE booking.id = held.id
    RETURNING booking.resident_id, booking.sitting_id
    """
)
END_LINES = text(
    f"""
    UPDATE meal_waiting w SET state = 'unserved', ended_at = :now
      FROM sitting s WHERE s.id = w.sitting_id AND {_THEIRS} AND w.state IN ('waiting', 'offered')
    RETURNING w.resident_id, w.sitting_id
    """
)
# What somebody closed before or after by itself stays closed.
REOPEN_SITTINGS = text(
    f"""
    UPDATE sitting s SET closed_at = NULL
     WHERE {_THEIRS} AND s.closed_at = :closed_at
       AND NOT EXISTS (SELECT 1 FROM canteen_closure c
                        WHERE c.canteen_id = s.canteen_id AND c.service_on = s.service_on
                          AND (c.meal IS NULL OR c.meal = s.meal) AND c.reopened_at IS NULL)
    RETURNING s.id
    """
)
# Whose meal this closure gave back, who can still book it, and has not booked elsewhere by now. A
# standing order books the day again by itself.
GIVEN_BACK = text(
    """
    SELECT DISTINCT ON (b.resident_id) b.resident_id, b.sitting_id
      FROM booking b JOIN sitting s ON s.id = b.sitting_id
     WHERE s.id = ANY(:sittings) AND s.cutoff_at > :now AND b.status = 'cancelled'
       AND b.cancel_reason = :code AND b.cancelled_at = :closed_at AND b.booked_by <> 'standing'
       AND NOT EXISTS (SELECT 1 FROM booking o
                        WHERE o.resident_id = b.resident_id AND o.service_on = b.service_on
                          AND o.meal = b.meal AND o.status <> 'cancelled')
     ORDER BY b.resident_id, s.serves_from, b.id
    """
)
NEW_MENU = text("UPDATE canteen SET menu_version = menu_version + 1 WHERE site_id = :canteen")


def close_day(
    session: Session, *, canteen_id: int, service_on: date, meal: Meal | None, reason: str
) -> CanteenClosure:
    """Serve nothing on that day, or not that meal; whoever booked or waits is told the reason.

    Bookings end unpaid, past their cut-off too. Raises `ClosedAlready`, `DayIsOver`.
    """
    if service_on < clock.today():
        raise DayIsOver()
    closure = CanteenClosure(
        canteen_id=canteen_id, service_on=service_on, meal=meal, reason=reason,
        closed_at=clock.now(), closed_by=actor_of(session).staff_id,
    )  # fmt: skip
    with refusing(session, {"uq_canteen_closure_one_standing": ClosedAlready()}):
        session.add(closure)
    values = _values(closure)
    connection = session.connection()
    connection.execute(CLOSE_SITTINGS, values)
    cancelled = connection.execute(CANCEL, values | {"code": reasons.CANTEEN_CLOSED}).all()
    waited = connection.execute(END_LINES, values).all()
    connection.execute(NEW_MENU, values)
    closure.cancelled = len(cancelled)
    session.flush()
    first = {row.resident_id: row for row in [*waited, *cancelled]}
    tell(session, [_told(closure, first[resident]) for resident in sorted(first)])
    return closure


def reopen_day(session: Session, closure_id: int) -> CanteenClosure:
    """Serve that day after all; bookings are made anew, standing orders by themselves.

    Whoever lost a meal by it hears that it can be booked again. Doing it twice is as good as once.
    Raises `DayIsOver`, `NotFound`.
    """
    closure = get_closure(session, closure_id)
    if closure.service_on < clock.today():
        raise DayIsOver()
    if closure.reopened_at is None:
        closure.reopened_at = clock.now()
        session.flush()
        values = _values(closure) | {"closed_at": closure.closed_at}
        opened = session.connection().execute(REOPEN_SITTINGS, values).scalars().all()
        session.connection().execute(NEW_MENU, values)
        _tell_again(session, closure, values | {"sittings": list(opened)})
    return closure


def _tell_again(session: Session, closure: CanteenClosure, values: dict[str, Any]) -> None:
    wanted = values | {"code": reasons.CANTEEN_CLOSED}
    rows = session.connection().execute(GIVEN_BACK, wanted).all()
    tell(session, [_told(closure, row, "meals.canteen_reopened") for row in rows])


def get_closure(session: Session, closure_id: int) -> CanteenClosure:
    """Return one closure, held; raises `NotFound`."""
    closure: CanteenClosure | None = session.execute(
        select(CanteenClosure).where(col(CanteenClosure.id) == closure_id).with_for_update()
    ).scalar_one_or_none()
    if closure is None:
        raise NotFound()
    return closure


def _values(closure: CanteenClosure) -> dict[str, Any]:
    return {
        "canteen": closure.canteen_id,
        "day": closure.service_on,
        "meal": closure.meal.value if closure.meal else None,
        "now": closure.closed_at if closure.reopened_at is None else clock.now(),
    }


def _told(closure: CanteenClosure, row: Row[Any], kind: str = "meals.canteen_closed") -> Told:
    """One message a closure and resident, however many meals it took from them."""
    return Told(
        kind=kind,
        subject=f"canteen_closure:{closure.id}:{row.resident_id}",
        resident_id=row.resident_id,
        sitting_id=row.sitting_id,
        facts={"reason": closure.reason},
    )
