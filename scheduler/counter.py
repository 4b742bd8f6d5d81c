"""What moves by itself at the counters of canteens."""

from scheduler.runs import Run
from server.meals.counter.keys import renew_keys


def renew_meal_keys(run: Run) -> int:
    """Make the key that signs meal codes where none is, or it is a quarter old."""
    with run.step() as session:
        return int(renew_keys(session))
