"""What moves by itself in kitchens: sittings, menus, sheets, and samples that are missing."""

from scheduler.runs import Run
from server.meals.kitchen.licences import is_strict
from server.meals.kitchen.menus import publish_due
from server.meals.kitchen.samples import chase_samples
from server.meals.kitchen.sheets import freeze_due
from server.meals.kitchen.templates import make_sittings


def make_ahead(run: Run) -> int:
    """Make the sittings of the coming three weeks; what is there already stays."""
    with run.step() as session:
        return make_sittings(session)


def run_kitchens(run: Run) -> int:
    """Publish what is due and freeze a first sheet of what has closed; harmless twice."""
    with run.step() as session:
        return publish_due(session, is_strict=is_strict(session)) + freeze_due(session)


def chase(run: Run) -> int:
    """Tell canteens of missing samples, once a day each."""
    with run.step() as session:
        return chase_samples(session)
