"""What moves by itself at the counters of canteens."""

from scheduler.runs import Run
from server.db.sessions import transaction
from server.meals.counter.keys import is_key_due, renew_keys


def renew_meal_keys(run: Run) -> int:
    """Make the key that signs meal codes where none is, or it is a quarter old."""
    with transaction(writes=False) as session:
        if not is_key_due(session):
            return 0
    with run.step() as session:
        return int(renew_keys(session))
