"""What moves by itself about canteens."""

from scheduler.runs import Run
from server.meals.viability.telling import tell_counties


def tell_of_canteens(run: Run) -> int:
    """Tell counties of canteens that stand still and of late settlements; harmless twice a day."""
    with run.step() as session:
        return tell_counties(session)
