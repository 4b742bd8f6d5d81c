"""食品经营许可: whether a canteen may cook, as its papers say."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from server import clock
from server.policies.queries import get_figures
from server.providers.models import PaperKind, SitePaper

FIGURE = "meals.food_licence"


@dataclass(frozen=True)
class Licence:
    """The last food licence: `ends_on` is None for one without an end, or where none is noted."""

    is_noted: bool
    ends_on: date | None
    is_expired: bool
    ends_soon: bool
    stops_publishing: bool


def find_licence(session: Session, canteen_id: int) -> Licence:
    """Return how the canteen's food licence stands today.

    A canteen of which none is noted may publish: papers are noted as they come in.
    """
    today = clock.today()
    figure = get_figures(session, [FIGURE], on=today)[FIGURE].value
    number, open_ended, ends_on = session.execute(
        select(
            func.count(),
            func.count().filter(col(SitePaper.ends_on).is_(None)),
            func.max(col(SitePaper.ends_on)),
        ).where(col(SitePaper.site_id) == canteen_id, col(SitePaper.kind) == PaperKind.FOOD)
    ).one()
    last = None if open_ended else ends_on
    is_expired = last is not None and last <= today
    soon = last is not None and last <= today + timedelta(days=figure["warn_days"])
    stops = is_expired and figure["stops_publishing"]
    return Licence(number > 0, last, is_expired, soon and not is_expired, stops)


def is_strict(session: Session) -> bool:
    """True where the end of a food licence stops publishing."""
    figure = get_figures(session, [FIGURE], on=clock.today())[FIGURE].value
    return bool(figure["stops_publishing"])
