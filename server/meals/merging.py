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

WALLETS = text(
    """
    SELECT array_agg(a.opened_at::date ORDER BY a.opened_at) AS days
      FROM wallet a JOIN wallet b ON b.resident_id = :merged AND b.site_id = a.site_id
     WHERE a.resident_id = :kept
    """
)


def name_colliding_meals(session: Session, event: MergeConsidered) -> None:
    """Add the days on which both have the same meal, or the same subsidised meal of the day, and
    wallets of both at one canteen."""
    values = {"kept": event.kept_id, "merged": event.merged_id}
    for row in session.connection().execute(TWICE, values).all():
        event.collisions.append(Collision(row.code, tuple(day.isoformat() for day in row.days)))
    days = session.connection().execute(WALLETS, values).scalar_one()
    if days:
        event.collisions.append(Collision("wallets-twice", tuple(day.isoformat() for day in days)))
