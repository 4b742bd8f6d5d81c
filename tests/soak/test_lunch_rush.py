"""A lunch rush that lasts, while connections are cut at random.

What was acknowledged is there, once; what was refused is not; no sitting is oversold; the counters
equal the rows; and every change has its line in the trail.
"""

import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.sessions import TryAgain, transaction
from server.errors import DomainError
from server.meals import service
from server.meals.models import BookedBy
from tests.cities import CITY
from tests.factories.meals import make_sitting
from tests.factories.people import make_resident

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
EATERS = 8
RESIDENTS = 400
SITTINGS = 6
CAPACITY = 40
CUT_EVERY_S = 0.25

pytestmark = pytest.mark.soak


@dataclass
class Rush:
    """What the threads share: the city's people and sittings, and what they were told."""

    residents: list[int]
    sittings: list[int]
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged: dict[int, str] = field(default_factory=dict)
    outcomes: Counter = field(default_factory=Counter)


def a_city_at_noon():
    act = Act(Face.COMMAND, "soak", "soak", service=True)
    with in_city(CITY), acting(act), transaction() as session:
        residents = [make_resident(session).id for _ in range(RESIDENTS)]
        sittings = [make_sitting(session, capacity=CAPACITY).id for _ in range(SITTINGS)]
    return Rush(residents, sittings)


def eat(rush: Rush, seed: int) -> None:
    """Book, and now and then give a place back, until the rush is over."""
    chance = random.Random(seed)
    while not rush.over.is_set():
        with in_city(CITY), acting(Act(Face.COMMAND, "soak.eat", f"eater-{seed}", service=True)):
            if chance.random() < 0.4 and rush.acknowledged:
                give_back(rush, chance)
            else:
                book(rush, chance)


def book(rush: Rush, chance: random.Random) -> None:
    sitting_id, resident_id = chance.choice(rush.sittings), chance.choice(rush.residents)
    try:
        with transaction() as session:
            booking = service.book_meal(
                session, sitting_id=sitting_id, resident_id=resident_id, booked_by=BookedBy.STAFF
            )
        with rush.lock:
            rush.acknowledged[booking.id] = "booked"
        rush.outcomes["booked"] += 1
    except (DomainError, TryAgain) as refusal:
        rush.outcomes[type(refusal).__name__] += 1
    except DBAPIError:
        rush.outcomes["cut"] += 1


def give_back(rush: Rush, chance: random.Random) -> None:
    with rush.lock:
        kept = [key for key, state in rush.acknowledged.items() if state == "booked"]
        if not kept:
            return
        booking_id = chance.choice(kept)
        rush.acknowledged[booking_id] = "being cancelled"
    try:
        with transaction() as session:
            service.cancel_booking(session, booking_id)
        with rush.lock:
            rush.acknowledged[booking_id] = "cancelled"
        rush.outcomes["cancelled"] += 1
    except DBAPIError:
        # The commit may have reached the database or not: nobody was told either.
        with rush.lock:
            rush.acknowledged[booking_id] = "unsure"
        rush.outcomes["cut"] += 1


def cut_connections(rush: Rush, superuser_url: str) -> None:
    """Terminate a random connection of the application, again and again."""
    engine = create_engine(superuser_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        while not rush.over.wait(CUT_EVERY_S):
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'yinling_app' AND datname = current_database()"
                    " ORDER BY random() LIMIT 1"
                )
            )
            rush.outcomes["cuts"] += 1
    engine.dispose()


def run(rush: Rush, superuser_url: str) -> None:
    threads = [threading.Thread(target=eat, args=(rush, seed)) for seed in range(EATERS)]
    threads.append(threading.Thread(target=cut_connections, args=(rush, superuser_url)))
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    rush.over.set()
    for thread in threads:
        thread.join(timeout=60)


@pytest.mark.filterwarnings("default::pytest.PytestUnhandledThreadExceptionWarning")
def test_nothing_acknowledged_is_lost_and_nothing_is_oversold(own_city, capsys):
    rush = a_city_at_noon()

    run(rush, own_city.superuser_url)

    owner = create_engine(own_city.superuser_url)
    with owner.connect() as connection:
        connection.execute(text(f"SET search_path TO city_{CITY}"))
        stored = {
            row.id: row.status for row in connection.execute(text("SELECT id, status FROM booking"))
        }
        sittings = connection.execute(
            text(
                "SELECT s.id, s.capacity, s.booked,"
                " count(b.id) FILTER (WHERE b.status <> 'cancelled')"
                " FROM sitting s LEFT JOIN booking b ON b.sitting_id = s.id GROUP BY s.id"
            )
        ).all()
        lines = connection.execute(
            text("SELECT count(*) FROM trail_entry WHERE table_name = 'booking'")
        ).scalar_one()
    owner.dispose()

    for booking_id, told in rush.acknowledged.items():
        assert stored[booking_id] == told or told == "unsure"
    for _, capacity, counted, rows in sittings:
        assert counted == rows <= capacity
    cancelled = sum(status == "cancelled" for status in stored.values())
    assert lines == len(stored) + cancelled
    assert rush.outcomes["booked"] > 0
    with capsys.disabled():
        print(f"\nrush of {SECONDS:.0f} s: {dict(rush.outcomes)}")  # noqa: T201
