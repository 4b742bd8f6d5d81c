"""食品留样: a sample of each dish, kept cold for as long as the rules say, and missing ones."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.meals.kitchen.errors import (
    SampleNotCold,
    SampleStillKept,
    SampleTaken,
    SampleTooSmall,
)
from server.meals.kitchen.models import FoodSample
from server.meals.kitchen.rules import is_cold
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.policies.queries import get_figures

FIGURE, ASKED_AT = "food_safety.sample", "food_safety.sample_asked_at"
MISSING = "meals.samples_missing"

# What was offered to at least one eater is cooked, and what is cooked is sampled.
OF_DAYS = text(
    """
    SELECT s.id AS sitting_id, s.service_on, s.meal, s.serves_from, d.id AS dish_id,
           d.name AS dish_name, f.id AS sample_id, f.grams, f.tenths_celsius, f.taken_at,
           f.keep_until, f.discarded_at, f.photo_file_id,
           name_of_signer(f.taken_by) AS taken_by
      FROM sitting s
      JOIN sitting_dish sd ON sd.sitting_id = s.id
      JOIN dish d ON d.id = sd.dish_id
      LEFT JOIN food_sample f ON f.sitting_id = s.id AND f.dish_id = d.id
     WHERE s.canteen_id = :canteen AND s.service_on >= :first AND s.service_on < :end
       AND s.published_at IS NOT NULL AND s.closed_at IS NULL
       AND (s.booked > 0 OR f.id IS NOT NULL)
     ORDER BY s.service_on, s.serves_from, s.id, sd.position, d.id
    """
)
OFFERED = text(
    """
    SELECT 1 FROM sitting s JOIN sitting_dish sd ON sd.sitting_id = s.id
     WHERE s.id = :sitting AND s.canteen_id = :canteen AND sd.dish_id = :dish
       AND s.published_at IS NOT NULL AND s.service_on <= :today
    """
)
KEPT = text(
    """
    SELECT f.id, s.service_on, s.meal, d.name AS dish_name, f.keep_until
      FROM food_sample f JOIN sitting s ON s.id = f.sitting_id JOIN dish d ON d.id = f.dish_id
     WHERE f.canteen_id = :canteen AND f.discarded_at IS NULL AND f.keep_until <= :now
     ORDER BY f.keep_until, f.id
    """
)
LACKING = text(
    """
    WITH lacking AS (
        SELECT s.canteen_id, count(*) AS number
          FROM sitting s JOIN sitting_dish sd ON sd.sitting_id = s.id
         WHERE s.service_on = :today AND s.serves_until <= :wall AND s.booked > 0
           AND s.published_at IS NOT NULL AND s.closed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM food_sample f
                            WHERE f.sitting_id = s.id AND f.dish_id = sd.dish_id)
         GROUP BY s.canteen_id
    )
    SELECT DISTINCT lacking.canteen_id, lacking.number, s.phone, s.language
      FROM lacking
      JOIN staff_role r ON r.site_id = lacking.canteen_id AND r.role = 'canteen_staff'
                       AND r.starts_on <= :today AND (r.ends_on IS NULL OR r.ends_on > :today)
      JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     ORDER BY lacking.canteen_id, s.phone
    """
)


def list_samples(
    session: Session, canteen_id: int, *, first_day: date, end_day: date
) -> Sequence[Row[Any]]:
    """Return every dish cooked on these days with its sample; `sample_id` is None for a gap."""
    days = {"first": first_day, "end": end_day}
    return session.execute(OF_DAYS, {"canteen": canteen_id, **days}).all()


def list_to_discard(session: Session, canteen_id: int) -> Sequence[Row[Any]]:
    """Return the samples that were kept long enough, the oldest first."""
    return session.execute(KEPT, {"canteen": canteen_id, "now": clock.now()}).all()


def take_sample(
    session: Session,
    canteen_id: int,
    *,
    sitting_id: int,
    dish_id: int,
    grams: int,
    tenths_celsius: int,
) -> FoodSample:
    """Put down that a sample of a dish lies in the fridge, and until when it has to.

    Raises `SampleTooSmall`, `SampleNotCold`, `SampleTaken`, and `NotFound` for what was not served.
    """
    now = clock.now()
    _check_served(session, canteen_id, sitting_id, dish_id)
    figure = get_figures(session, [FIGURE], on=clock.today())[FIGURE].value
    if grams < figure["grams"]:
        raise SampleTooSmall(least=figure["grams"])
    if not is_cold(tenths_celsius, figure):
        raise SampleNotCold(lowest=figure["from_celsius"], highest=figure["to_celsius"])
    sample = FoodSample(
        canteen_id=canteen_id,
        sitting_id=sitting_id,
        dish_id=dish_id,
        grams=grams,
        tenths_celsius=tenths_celsius,
        taken_at=now,
        taken_by=actor_of(session).staff_id or 0,
        keep_until=now + timedelta(hours=figure["hours"]),
    )
    with refusing(session, {"uq_food_sample_sitting_id_dish_id": SampleTaken()}):
        session.add(sample)
    return sample


def get_sample(session: Session, canteen_id: int, sample_id: int) -> FoodSample:
    """Return a sample of this canteen; raises `NotFound` for any other."""
    sample = session.get(FoodSample, sample_id)
    if sample is None or sample.canteen_id != canteen_id:
        raise NotFound()
    return sample


def discard_sample(session: Session, canteen_id: int, sample_id: int) -> None:
    """Put down that a sample was thrown away; twice is as good as once.

    Raises `SampleStillKept`, and `NotFound` for another canteen's.
    """
    now = clock.now()
    sample = get_sample(session, canteen_id, sample_id)
    if now < sample.keep_until:
        raise SampleStillKept(ends_at=sample.keep_until.isoformat())
    session.execute(
        update(FoodSample)
        .where(col(FoodSample.id) == sample_id, col(FoodSample.discarded_at).is_(None))
        .values(discarded_at=now, discarded_by=actor_of(session).staff_id)
    )


def chase_samples(session: Session) -> int:
    """Tell canteens once a day which of today's samples are missing; returns how many messages.

    Only from the hour of `food_safety.sample_asked_at` on, of meals that are over.
    """
    now = clock.now()
    today, wall = clock.today(), now.astimezone(clock.CITY).time()
    asked_at = get_figures(session, [ASKED_AT], on=today)[ASKED_AT].value
    if wall < time.fromisoformat(asked_at):
        return 0
    rows = session.execute(LACKING, {"today": today, "wall": wall}).all()
    due_at = datetime.combine(today, time.fromisoformat(asked_at), clock.CITY)
    return ask_for_messages(session, [_asked(row, due_at) for row in rows])


def _asked(row: Row[Any], due_at: datetime) -> Asked:
    return Asked(
        phone=row.phone,
        language=row.language,
        channel=Channel.SMS,
        kind=MISSING,
        subject=f"canteen:{row.canteen_id}:samples:{due_at:%Y-%m-%d}",
        facts={"number": row.number},
        due_at=due_at,
        expires_at=due_at + timedelta(hours=10),
    )


def _check_served(session: Session, canteen_id: int, sitting_id: int, dish_id: int) -> None:
    served = {"sitting": sitting_id, "canteen": canteen_id, "dish": dish_id}
    if session.execute(OFFERED, {**served, "today": clock.today()}).first() is None:
        raise NotFound()
