"""What the records of beds say of somebody in a month, now or as they were known on a day."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, or_, select
from sqlmodel import Session

from server import clock
from server.db.tables import table_of
from server.facilities.models import BedOccupancy

BED = table_of(BedOccupancy)


def list_bed_records(
    session: Session, resident_id: int | None, month: date, known_on: date | None
) -> Sequence[Row[Any]]:
    """Return (site_id, kind, state, starts_on, ends_on, recorded_at) that touch a month.

    An end that was recorded after the day is no end yet; what was superseded since stands.
    """
    if resident_id is None:
        return []
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    until = _until(known_on)
    ends_on: Any = BED.c.ends_on
    if until is not None:
        ends_on = case((BED.c.end_recorded_at < until, BED.c.ends_on)).label("ends_on")
    return session.execute(
        select(
            *(BED.c[one] for one in ("site_id", "kind", "state", "starts_on", "recorded_at")),
            ends_on,
        )
        .where(
            BED.c.resident_id == resident_id,
            BED.c.starts_on < after,
            or_(ends_on.is_(None), ends_on > month),
            _known(until),
        )
        .order_by(BED.c.starts_on)
    ).all()


def _until(known_on: date | None) -> datetime | None:
    if known_on is None:
        return None
    return datetime.combine(known_on + timedelta(days=1), time(), clock.CITY)


def _known(until: datetime | None) -> Any:
    if until is None:
        return BED.c.superseded_at.is_(None)
    still = or_(BED.c.superseded_at.is_(None), BED.c.superseded_at >= until)
    return and_(BED.c.recorded_at < until, still)
