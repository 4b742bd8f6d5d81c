"""Which meals keep two residents from being one."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.merging.events import Collision, MergeConsidered

# What the unique indexes of `booking` would refuse, with the days.
TWICE = text(
    """
    SELECT CASE WHEN a.meal = b.meal THEN 'meal-booked-twice'
                ELSE 'subsidised-twice' END AS code,
           array_agg(DISTINCT a.service_on ORDER BY a.service_on) AS days
      FROM booking a
      JOIN booking b ON b.resident_id = :merged AND b.status <> 'cancelled'
                    AND b.service_on = a.service_on
                    AND (b.meal = a.meal OR b.subsidised_no = a.subsidised_no)
     WHERE a.resident_id = :kept AND a.status <> 'cancelled'
     GROUP BY 1 ORDER BY 1
    """
)
# What the indexes of standing orders, lines and absences would refuse.
ORDERED_TWICE = text(
    """
    SELECT 'standing-twice' AS code WHERE EXISTS (
        SELECT 1 FROM standing_order a JOIN standing_order b USING (meal)
         WHERE a.resident_id = :kept AND b.resident_id = :merged AND a.ended_at IS NULL
           AND b.ended_at IS NULL AND a.weekdays & b.weekdays <> 0)
     UNION ALL
    SELECT 'waiting-twice' WHERE EXISTS (
        SELECT 1 FROM meal_waiting a JOIN meal_waiting b USING (sitting_id)
         WHERE a.resident_id = :kept AND b.resident_id = :merged
           AND a.state IN ('waiting', 'offered') AND b.state IN ('waiting', 'offered'))
     UNION ALL
    SELECT 'away-twice' WHERE EXISTS (
        SELECT 1 FROM meal_pause a JOIN meal_pause b
            ON b.resident_id = :merged AND b.order_id IS NULL AND b.lifted_at IS NULL
         WHERE a.resident_id = :kept AND a.order_id IS NULL AND a.lifted_at IS NULL
           AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on))
     ORDER BY 1
    """
)

WALLETS = text(
    """
    SELECT array_agg(a.opened_at::date ORDER BY a.opened_at) AS days
      FROM wallet a JOIN wallet b ON b.resident_id = :merged AND b.site_id = a.site_id
     WHERE a.resident_id = :kept
    """
)


def name_colliding_meals(session: Session, event: MergeConsidered) -> None:
    """Add the days on which both have the same meal, or the same subsidised meal of the day, and
    standing orders, places in a line, absences or wallets at one canteen that both have."""
    values = {"kept": event.kept_id, "merged": event.merged_id}
    for row in session.connection().execute(TWICE, values).all():
        event.collisions.append(Collision(row.code, tuple(day.isoformat() for day in row.days)))
    for row in session.connection().execute(ORDERED_TWICE, values).all():
        event.collisions.append(Collision(row.code))
    days = session.connection().execute(WALLETS, values).scalar_one()
    if days:
        event.collisions.append(Collision("wallets-twice", tuple(day.isoformat() for day in days)))
