"""What the demo's first canteen serves week by week, and what some of its diners may not eat."""

from datetime import time

from sqlalchemy import insert, text
from sqlmodel import Session

from infra.demo.canteens import CANTEENS
from infra.demo.menus import HOURS, places_of, price_yuan
from server import clock
from server.meals.kitchen.models import SittingTemplate
from server.meals.models import Meal

WEEKDAYS = range(1, 8)
LATE_PLACES = 3
# Every fourth diner of the canteen, in the order of their numbers.
NOTES = text(
    """
    INSERT INTO dietary_note (resident_id, usual_diet, allergens, dislikes, noted_at)
    SELECT d.resident_id, CASE WHEN d.place % 8 = 5 THEN 'soft' ELSE 'normal' END,
           CASE WHEN d.place % 8 = 1 THEN '{soy}'::text[] ELSE '{fish,shellfish}'::text[] END,
           CASE WHEN d.place % 8 = 1 THEN '{茄子}'::text[] ELSE '{}'::text[] END, :now
      FROM (SELECT b.resident_id, row_number() OVER (ORDER BY b.resident_id) AS place
              FROM booking b WHERE b.canteen_id = :canteen GROUP BY b.resident_id) d
     WHERE d.place % 4 = 1
       AND NOT EXISTS (SELECT 1 FROM dietary_note n WHERE n.resident_id = d.resident_id)
    """
)


def put_templates(session: Session, canteen_id: int) -> None:
    """Say what the first canteen serves on every day of the week, as its sittings show it."""
    canteen = CANTEENS[0]
    rows = [
        {
            "canteen_id": canteen_id,
            "weekday": weekday,
            "meal": meal,
            "starts_on": clock.today(),
            "is_served": True,
            "serves_from": HOURS[meal][0],
            "serves_until": HOURS[meal][1],
            "capacity": places_of(canteen, meal),
            "list_price_fen": 100 * price_yuan(canteen, meal),
            "late_until": time(9) if meal is Meal.LUNCH else None,
            "late_places": LATE_PLACES if meal is Meal.LUNCH else 0,
        }
        for meal in canteen.serves
        for weekday in WEEKDAYS
    ]
    session.execute(insert(SittingTemplate), rows)


def note_needs(session: Session, canteen_id: int) -> None:
    """Note for some diners of the first canteen what they may not eat."""
    session.execute(NOTES, {"canteen": canteen_id, "now": clock.now()})
