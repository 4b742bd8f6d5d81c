"""What eaters said and how they rated, with the answers; and what is announced to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.errors import NotFound
from server.meals.models import Booking, BookingStatus
from server.meals.voices.models import (
    MealNotice,
    MealRating,
    MealVoice,
    MealVoiceKind,
    ToldKind,
)
from server.meals.voices.telling import is_read
from server.providers.models import Site
from server.residents.models import Resident

MOST_SHOWN, OF_ONE_PERSON = 2000, 50
GOOD = 3


@dataclass(frozen=True)
class Wanted:
    """Which of them: of a month, a canteen, a kind; late, or not answered."""

    month: date | None = None
    site_id: int | None = None
    kind: MealVoiceKind | None = None
    is_late: bool = False
    is_open: bool = False


def find_rating(session: Session, booking_id: int) -> MealRating | None:
    """Return the face that was given to a meal."""
    query = select(MealRating).where(col(MealRating.booking_id) == booking_id)
    rating: MealRating | None = session.execute(query).scalar_one_or_none()
    return rating


def find_resident_of(session: Session, voice_id: int) -> int | None:
    """Return whose words they are, None where the actor may not know of them."""
    query = select(col(MealVoice.resident_id)).where(col(MealVoice.id) == voice_id)
    return session.execute(query).scalar_one_or_none()


def get_resident_of(session: Session, voice_id: int) -> int:
    """As `find_resident_of`; raises `NotFound`."""
    resident_id = find_resident_of(session, voice_id)
    if resident_id is None:
        raise NotFound()
    return resident_id


def list_of_residents(
    session: Session,
    resident_ids: Sequence[int],
    *,
    voice_id: int | None = None,
    booking_id: int | None = None,
) -> Sequence[Row[Any]]:
    """Return what these people said of meals, the latest first."""
    query = _voices().where(col(MealVoice.resident_id).in_(resident_ids))
    if voice_id is not None:
        query = query.where(col(MealVoice.id) == voice_id)
    if booking_id is not None:
        query = query.where(col(MealVoice.booking_id) == booking_id)
    latest = query.order_by(col(MealVoice.said_at).desc(), col(MealVoice.id).desc())
    return session.execute(latest.limit(OF_ONE_PERSON)).all()


def list_voices(
    session: Session, within: ColumnElement[bool], wanted: Wanted
) -> Sequence[Row[Any]]:
    """Return what was said in reach and fits, what waits first, by its day."""
    query = _voices().where(within, *_conditions(wanted))
    in_order = query.order_by(
        col(MealVoice.answered_at).is_not(None),
        col(MealVoice.due_on),
        col(MealVoice.said_at).desc(),
        col(MealVoice.id),
    )
    return session.execute(in_order.limit(MOST_SHOWN)).all()


def is_in_reach(session: Session, within: ColumnElement[bool], voice_id: int) -> bool:
    """True where the voice is about a canteen in reach."""
    query = _voices().where(within, col(MealVoice.id) == voice_id)
    return session.execute(query).first() is not None


def list_satisfaction(
    session: Session, within: ColumnElement[bool], month: date
) -> Sequence[Row[Any]]:
    """Return (site_id, name, eaten, rated, good, complaints) of each canteen in reach and month."""
    eaten, faces, said = _eaten(month), _faces(month), _complaints(month)
    query = (
        select(
            col(Site.id).label("site_id"),
            col(Site.name).label("site_name"),
            eaten.c.eaten,
            func.coalesce(faces.c.rated, 0).label("rated"),
            func.coalesce(faces.c.good, 0).label("good"),
            func.coalesce(said.c.complaints, 0).label("complaints"),
        )
        .join(eaten, eaten.c.site_id == col(Site.id))
        .outerjoin(faces, faces.c.site_id == col(Site.id))
        .outerjoin(said, said.c.site_id == col(Site.id))
        .where(within)
    )
    return session.execute(query.order_by(col(Site.name), col(Site.id))).all()


def list_notices_of(
    session: Session, canteen_id: int, *, account_id: int | None = None, today: date
) -> Sequence[Row[Any]]:
    """Return what is announced to eaters of a canteen today, by it or by its county.

    `is_read` says whether the account has opened it.
    """
    notice = table_of(MealNotice)
    place = select(col(Site.division_code)).where(col(Site.id) == canteen_id).scalar_subquery()
    query = select(*notice.c, is_read(account_id, ToldKind.NOTICE, notice)).where(
        or_(notice.c.site_id == canteen_id, place.startswith(notice.c.division_code)),
        notice.c.starts_on <= today,
        notice.c.ends_on >= today,
        notice.c.withdrawn_at.is_(None),
    )
    return session.execute(query.order_by(notice.c.starts_on.desc(), notice.c.id.desc())).all()


def list_notices(
    session: Session, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return what canteens and counties in reach announced, the latest first."""
    notice = table_of(MealNotice)
    code = func.coalesce(notice.c.division_code, col(Site.division_code))
    under = [code.startswith(prefix, autoescape=True) for prefix in prefixes]
    query = (
        select(*notice.c, col(Site.name).label("site_name"))
        .select_from(notice)
        .outerjoin(Site, col(Site.id) == notice.c.site_id)
        .where(or_(notice.c.site_id.in_(site_ids), *under))
    )
    return session.execute(query.order_by(notice.c.id.desc()).limit(MOST_SHOWN)).all()


def _voices() -> Select[Any]:
    after, before = aliased(MealVoice), aliased(MealVoice)
    followed = select(col(after.id)).where(col(after.follows_id) == col(MealVoice.id)).exists()
    return (
        select(
            *table_of(MealVoice).c,
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
            col(before.answer).label("before_answer"),
            followed.label("is_followed"),
        )
        .join(Site, col(Site.id) == col(MealVoice.site_id))
        .outerjoin(before, col(before.id) == col(MealVoice.follows_id))
        .outerjoin(Resident, col(Resident.id) == col(MealVoice.resident_id))
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    waits = col(MealVoice.answered_at).is_(None)
    conditions: list[ColumnElement[bool]] = [waits] if wanted.is_open or wanted.is_late else []
    if wanted.is_late:
        conditions.append(col(MealVoice.due_on) < clock.today())
    if wanted.site_id is not None:
        conditions.append(col(MealVoice.site_id) == wanted.site_id)
    if wanted.kind is not None:
        conditions.append(col(MealVoice.kind) == wanted.kind)
    if wanted.month is not None:
        conditions += _said_in(wanted.month)
    return conditions


def _said_in(month: date) -> list[ColumnElement[bool]]:
    at = col(MealVoice.said_at)
    return [at >= _begins(month), at < _begins(_after(month))]


def _eaten(month: date) -> Any:
    return (
        select(col(Booking.canteen_id).label("site_id"), func.count().label("eaten"))
        .where(
            col(Booking.service_on) >= month,
            col(Booking.service_on) < _after(month),
            col(Booking.status) == BookingStatus.COLLECTED,
        )
        .group_by(col(Booking.canteen_id))
        .subquery("eaten")
    )


def _faces(month: date) -> Any:
    days = col(MealRating.service_on)
    return (
        select(
            col(MealRating.site_id),
            func.count().label("rated"),
            func.count().filter(col(MealRating.score) == GOOD).label("good"),
        )
        .where(days >= month, days < _after(month))
        .group_by(col(MealRating.site_id))
        .subquery("faces")
    )


def _complaints(month: date) -> Any:
    return (
        select(col(MealVoice.site_id), func.count().label("complaints"))
        .where(col(MealVoice.kind) != MealVoiceKind.SUGGESTION, *_said_in(month))
        .group_by(col(MealVoice.site_id))
        .subquery("said")
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CITY)


def _after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
