"""一周菜单: dishes on sittings, copied forward, published at a time, and told when they change."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, text, update
from sqlalchemy.types import DateTime
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.meals.kitchen.errors import (
    DishUnknown,
    FoodLicenceExpired,
    MenuOfThePast,
    NothingToPublish,
)
from server.meals.kitchen.licences import find_licence
from server.meals.models import Canteen, Dish, Sitting, SittingDish
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

WEEK = timedelta(days=7)
CHANGED = "meals.menu_changed"

LIST = text(
    """
    SELECT s.id, s.canteen_id, s.service_on, s.meal, s.serves_from, s.serves_until, s.capacity,
           s.booked, s.list_price_fen, s.cutoff_at, s.published_at, s.publishes_at, s.closed_at,
           coalesce((SELECT json_agg(json_build_object('id', d.id, 'name', d.name, 'diets', d.diets,
                                                       'allergens', d.allergens)
                                     ORDER BY sd.position, d.id)
                       FROM sitting_dish sd JOIN dish d ON d.id = sd.dish_id
                      WHERE sd.sitting_id = s.id), '[]') AS dishes
      FROM sitting s
     WHERE s.canteen_id = :canteen AND s.service_on >= :first AND s.service_on < :end
     ORDER BY s.service_on, s.serves_from, s.id
    """
)
# From the same meal a week before, onto what has no dishes yet; dishes given up stay behind.
COPY = text(
    """
    WITH empty AS (
        SELECT s.id, s.canteen_id, s.service_on, s.meal FROM sitting s
         WHERE s.canteen_id = :canteen AND s.service_on >= :first AND s.service_on < :end
           AND s.service_on >= :today AND s.closed_at IS NULL AND s.published_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM sitting_dish o WHERE o.sitting_id = s.id)
    ), put AS (
        INSERT INTO sitting_dish (sitting_id, dish_id, position)
        SELECT empty.id, sd.dish_id, sd.position
          FROM empty
          JOIN sitting old ON old.canteen_id = empty.canteen_id AND old.meal = empty.meal
                          AND old.service_on = empty.service_on - 7
          JOIN sitting_dish sd ON sd.sitting_id = old.id
          JOIN dish d ON d.id = sd.dish_id AND d.is_offered
            ON CONFLICT DO NOTHING
        RETURNING sitting_id
    )
    SELECT count(DISTINCT sitting_id) FROM put
    """
)
READY = """
           closed_at IS NULL AND published_at IS NULL
       AND EXISTS (SELECT 1 FROM sitting_dish sd WHERE sd.sitting_id = sitting.id)
"""
PUBLISH = text(
    f"""
    UPDATE sitting
       SET publishes_at = :at, published_at = CASE WHEN :at <= :now THEN :now END
     WHERE canteen_id = :canteen AND service_on >= :first AND service_on < :end
       AND service_on >= :today AND {READY}
    RETURNING id, published_at
    """
).bindparams(*(bindparam(name, type_=DateTime(timezone=True)) for name in ("at", "now")))
PUBLISH_DUE = text(
    f"""
    WITH shut AS (
        SELECT p.site_id FROM site_paper p WHERE p.kind = 'food'
         GROUP BY p.site_id HAVING max(coalesce(p.ends_on, 'infinity')) <= :today
    ), put AS (
        UPDATE sitting SET published_at = :now
         WHERE publishes_at <= :now AND {READY}
           AND (NOT :is_strict OR canteen_id NOT IN (SELECT site_id FROM shut))
        RETURNING id, canteen_id
    ), raised AS (
        UPDATE canteen SET menu_version = menu_version + 1
         WHERE site_id IN (SELECT canteen_id FROM put)
    )
    SELECT count(*) FROM put
    """
)
PHONES = text(
    """
    SELECT DISTINCT a.phone, a.language
      FROM booking b
      JOIN resident_grant g ON g.resident_id = b.resident_id AND g.starts_on <= :today
                           AND (g.ends_on IS NULL OR g.ends_on > :today)
                           AND (g.kind = 'self' OR 'book_meals' = ANY (g.scopes))
      JOIN account a ON a.id = g.account_id AND a.closed_at IS NULL
     WHERE b.sitting_id = :sitting AND b.status = 'booked'
     ORDER BY a.phone
    """
)


def list_week(session: Session, canteen_id: int, monday: date) -> Sequence[Row[Any]]:
    """Return the week's sittings with their dishes, unpublished ones too, in order of serving."""
    return session.execute(
        LIST, {"canteen": canteen_id, "first": monday, "end": monday + WEEK}
    ).all()


def get_sitting(session: Session, canteen_id: int, sitting_id: int) -> Sitting:
    """Return a sitting of this canteen; raises `NotFound` for any other."""
    found = session.get(Sitting, sitting_id)
    if found is None or found.canteen_id != canteen_id:
        raise NotFound()
    return found


def put_on_menu(
    session: Session, canteen_id: int, sitting_id: int, dish_ids: Sequence[int]
) -> bool:
    """Let a sitting have these dishes in this order; False where it has them already.

    A change of what is published raises the menu's version and tells each phone of those who
    booked, once. Raises `DishUnknown`, `MenuOfThePast`, `NotFound`.
    """
    sitting = get_sitting(session, canteen_id, sitting_id)
    before = _dishes_of(session, sitting_id)
    if list(dish_ids) == before:
        return False
    if sitting.service_on < clock.today():
        raise MenuOfThePast()
    _check_dishes(session, canteen_id, set(dish_ids) - set(before))
    _put(session, sitting_id, dish_ids)
    if sitting.published_at is not None:
        _tell(session, sitting, raise_version(session, canteen_id))
    return True


def copy_week(session: Session, canteen_id: int, monday: date) -> int:
    """Give sittings of the week that have no dishes those of a week before; returns how many."""
    days = {"first": monday, "end": monday + WEEK, "today": clock.today()}
    return int(session.execute(COPY, {"canteen": canteen_id, **days}).scalar_one())


def publish_week(
    session: Session, canteen_id: int, monday: date, *, at: datetime | None = None
) -> int:
    """Let eaters see and book the week's sittings that have dishes, now or at a time.

    Returns how many. Raises `FoodLicenceExpired`, `NothingToPublish`.
    """
    licence = find_licence(session, canteen_id)
    if licence.stops_publishing:
        raise FoodLicenceExpired(ended_on=str(licence.ends_on))
    now = clock.now()
    days = {"first": monday, "end": monday + WEEK, "today": clock.today()}
    rows = session.execute(
        PUBLISH, {"canteen": canteen_id, "at": max(at or now, now), "now": now, **days}
    ).all()
    if not rows:
        raise NothingToPublish()
    if any(row.published_at for row in rows):
        raise_version(session, canteen_id)
    return len(rows)


def publish_due(session: Session, *, is_strict: bool) -> int:
    """Publish what was to be published by now; `is_strict` leaves out expired food licences."""
    values = {"now": clock.now(), "today": clock.today(), "is_strict": is_strict}
    return int(session.execute(PUBLISH_DUE, values).scalar_one())


def _dishes_of(session: Session, sitting_id: int) -> list[int]:
    return list(
        session.execute(
            select(col(SittingDish.dish_id))
            .where(col(SittingDish.sitting_id) == sitting_id)
            .order_by(col(SittingDish.position), col(SittingDish.dish_id))
        ).scalars()
    )


def _check_dishes(session: Session, canteen_id: int, added: set[int]) -> None:
    known = set(
        session.execute(
            select(col(Dish.id)).where(
                col(Dish.canteen_id) == canteen_id,
                col(Dish.is_offered).is_(True),
                col(Dish.id).in_(added),
            )
        ).scalars()
    )
    if added - known:
        raise DishUnknown()


def _put(session: Session, sitting_id: int, dish_ids: Sequence[int]) -> None:
    session.execute(delete(SittingDish).where(col(SittingDish.sitting_id) == sitting_id))
    rows = [
        {"sitting_id": sitting_id, "dish_id": dish_id, "position": position}
        for position, dish_id in enumerate(dish_ids, start=1)
    ]
    if rows:
        session.execute(insert(SittingDish), rows)


def raise_version(session: Session, canteen_id: int) -> int:
    """Let phones ask for the menu anew; returns its version."""
    return int(
        session.execute(
            update(Canteen)
            .where(col(Canteen.site_id) == canteen_id)
            .values(menu_version=col(Canteen.menu_version) + 1)
            .returning(col(Canteen.menu_version))
        ).scalar_one()
    )


def _tell(session: Session, sitting: Sitting, version: int) -> None:
    serves = datetime.combine(sitting.service_on, sitting.serves_from)
    with reaching_everywhere(session):
        found = {"sitting": sitting.id, "today": clock.today()}
        phones = session.execute(PHONES, found).all()
    asked = [
        Asked(
            phone=one.phone,
            language=one.language,
            channel=Channel.SMS,
            kind=CHANGED,
            subject=f"sitting:{sitting.id}:menu:{version}",
            facts={"time": f"{serves:%m-%d %H:%M}"},
            due_at=clock.now(),
            expires_at=serves.replace(tzinfo=clock.CITY),
        )
        for one in phones
    ]
    ask_for_messages(session, asked)
