"""What follows from meals that nobody came for: late places go to others for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server import clock
from server.db.tables import spelled_out
from server.meals.missing.errors import LateRefused
from server.meals.models import Booking, BookingStatus
from server.policies.queries import get_figures
from server.providers.models import Site

NO_SHOWS = "meals.no_shows"


@dataclass(frozen=True)
class NoShows:
    """The figure `meals.no_shows`: from how many misses in how many days what follows."""

    misses: int
    days: int
    is_told: bool
    refuses_late: bool


def get_no_shows(session: Session) -> NoShows:
    """Return the rule of today; raises `RuleMissing`."""
    figure: dict[str, Any] = get_figures(session, [NO_SHOWS], on=clock.today())[NO_SHOWS].value
    return NoShows(figure["misses"], figure["days"], figure["tells"], figure["refuses_late"])


def count_misses(session: Session, resident_id: int, *, days: int) -> int:
    """Return how many meals of these days a resident did not come for."""
    since = clock.today() - timedelta(days=days)
    missed: int = session.execute(
        select(func.count()).where(
            col(Booking.resident_id) == resident_id,
            col(Booking.service_on) >= since,
            col(Booking.status) == spelled_out(BookingStatus.MISSED),
        )
    ).scalar_one()
    return missed


def list_missed(session: Session, resident_id: int, *, days: int) -> Sequence[Row[Any]]:
    """Return the meals of these days that a resident did not come for, the latest first."""
    since = clock.today() - timedelta(days=days)
    return session.execute(
        select(
            col(Booking.id).label("booking_id"),
            col(Booking.service_on),
            col(Booking.meal),
            col(Site.name).label("canteen_name"),
        )
        .join(Site, col(Site.id) == col(Booking.canteen_id))
        .where(
            col(Booking.resident_id) == resident_id,
            col(Booking.service_on) >= since,
            col(Booking.status) == spelled_out(BookingStatus.MISSED),
        )
        .order_by(col(Booking.service_on).desc(), col(Booking.id).desc())
    ).all()


def check_may_book_late(session: Session, resident_id: int) -> None:
    """Raise `LateRefused` for somebody who often did not come; asked of late bookings alone."""
    rule = get_no_shows(session)
    if not rule.refuses_late:
        return
    misses = count_misses(session, resident_id, days=rule.days)
    if misses >= rule.misses:
        raise LateRefused(misses=misses, days=rule.days)
