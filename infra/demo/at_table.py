"""Who eats every week, who waits, where meals are carried, and what some dishes look like."""

from datetime import timedelta

from sqlalchemy import Row, text, update
from sqlmodel import Session, col

from infra.demo.drawings import draw_dish
from server import clock
from server.meals.models import BookedBy, Meal, Sitting
from server.meals.photos import put_dish_photo
from server.meals.standing.making import make_order
from server.meals.standing.pausing import pause
from server.meals.waiting.joining import join

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM standing_order)")
WORKDAYS = (1, 2, 3, 4, 5)
SHOWN = 4
# About a kilometre around the canteen, in steps that no two neighbours share.
ROUND_IT = text(
    """
    UPDATE resident r
       SET home_x = s.x + 0.0011 * (r.id % 13 - 6), home_y = s.y + 0.0009 * (r.id % 11 - 5)
      FROM booking b JOIN site s ON s.id = b.canteen_id
     WHERE b.resident_id = r.id AND b.canteen_id = :canteen AND b.handing = 'delivery'
       AND s.x IS NOT NULL AND r.home_x IS NULL AND r.id % 5 > 0
    """
)
PLACED = text("UPDATE site SET x = 112.8512, y = 35.4907 WHERE id = :canteen AND x IS NULL")
DISHES = text(
    "SELECT id FROM dish WHERE canteen_id = :canteen AND is_offered ORDER BY id LIMIT :most"
)
# Who eats there and has no phone: what visitors of the demo sign in to stays theirs.
DINERS = text(
    """
    SELECT r.id FROM care_link l JOIN resident r ON r.id = l.resident_id
     WHERE l.site_id = :canteen AND r.died_on IS NULL AND r.moved_away_on IS NULL
       AND r.merged_into_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM resident_grant g WHERE g.resident_id = r.id)
     ORDER BY r.id LIMIT :most
    """
)
FREE_SITTING = text(
    """
    SELECT s.id, s.booked FROM sitting s
     WHERE s.canteen_id = :canteen AND s.meal = 'lunch' AND s.service_on = :day AND s.booked > 0
       AND s.published_at IS NOT NULL AND s.closed_at IS NULL AND s.cutoff_at > :now
    """
)
WAITS = text(
    """
    SELECT r.id FROM resident r
     WHERE r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM resident_grant g WHERE g.resident_id = r.id)
       AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.resident_id = r.id)
     ORDER BY r.id LIMIT 1
    """
)


def are_orders_there(session: Session) -> bool:
    """True for a demo where somebody eats every week already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def place_homes(session: Session, canteen_id: int) -> None:
    """Let the register know where most of those live to whom the canteen carries meals."""
    session.connection().execute(PLACED, {"canteen": canteen_id})
    session.connection().execute(ROUND_IT, {"canteen": canteen_id})


def show_dishes(session: Session, canteen_id: int) -> None:
    """Drawn pictures of the canteen's first dishes, free of anybody's rights."""
    dishes = session.connection().execute(DISHES, {"canteen": canteen_id, "most": SHOWN}).scalars()
    for place, dish_id in enumerate(dishes.all()):
        put_dish_photo(session, canteen_id, dish_id, draw_dish(place))


def order_every_week(session: Session, canteen_id: int) -> None:
    """Lunch on working days for three diners of the canteen; the last one is away for a week."""
    diners = session.connection().execute(DINERS, {"canteen": canteen_id, "most": 3}).scalars()
    orders = [_lunch(session, canteen_id, resident_id) for resident_id in diners.all()]
    if orders:
        first = clock.today() + timedelta(days=2)
        pause(session, orders[-1], starts_on=first, ends_on=first + timedelta(days=7))


def let_somebody_wait(session: Session, canteen_id: int) -> None:
    """One lunch of the canteen is full, and one elder waits for a place."""
    when = {"canteen": canteen_id, "day": clock.today() + timedelta(days=3), "now": clock.now()}
    sitting: Row[tuple[int, int]] | None = session.connection().execute(FREE_SITTING, when).first()
    waits = session.connection().execute(WAITS).scalar_one_or_none()
    if sitting is None or waits is None:
        return
    full = update(Sitting).where(col(Sitting.id) == sitting.id).values(capacity=sitting.booked)
    session.execute(full)
    join(session, sitting_id=sitting.id, resident_id=waits, joined_by=BookedBy.STAFF)


def _lunch(session: Session, canteen_id: int, resident_id: int) -> int:
    order = make_order(
        session,
        resident_id=resident_id,
        canteen_id=canteen_id,
        meal=Meal.LUNCH,
        weekdays=WORKDAYS,
        made_by=BookedBy.CANTEEN,
        starts_on=clock.today(),
    )
    return order.id or 0
