"""A harness for races: real threads, a common start, and every outcome counted by name."""

import contextvars
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

THREADS = 32
PATIENCE = 5
SCHEMA = "city_1405"


def race(wishes, run, *, threads=THREADS):
    """Call `run` with every wish, by many threads that start together; return the outcomes.

    An outcome is what `run` returned, or the name of what it raised.
    """
    threads = min(threads, len(wishes))
    start = Barrier(threads)

    def rush(share):
        start.wait(timeout=30)
        return [_outcome(run, wish) for wish in share]

    shares = [wishes[number::threads] for number in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(contextvars.copy_context().run, rush, share) for share in shares]
        return Counter(outcome for future in running for outcome in future.result())


def _outcome(run, wish):
    """A busy database (a full pool, a lock waited for too long) has done nothing: ask again."""
    for patience in range(PATIENCE, -1, -1):
        try:
            return run(wish)
        except (OperationalError, NoConnectionFree) as busy:
            if not patience:
                return type(busy).__name__
        except Exception as error:
            return type(error).__name__
    raise AssertionError("unreachable")


def as_owner(database, *statements):
    """Change the schema of a test's own database, for instance to take its guard away."""
    engine = create_engine(database.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
        for statement in statements:
            connection.execute(text(statement))


def look(database, query):
    """Return the rows of a query, read past row security."""
    engine = create_engine(database.superuser_url)
    with engine.connect() as connection:
        connection.execute(text(f"SET search_path TO {SCHEMA}"))
        rows = [tuple(row) for row in connection.execute(text(query)).all()]
    engine.dispose()
    return rows


MISCOUNTED = (
    "SELECT s.id FROM sitting s WHERE s.booked <> (SELECT count(*) FROM booking b"
    " WHERE b.sitting_id = s.id AND b.status <> 'cancelled')"
)
OVERSOLD = "SELECT id FROM sitting WHERE booked > capacity"
