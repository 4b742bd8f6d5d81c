"""What people cared for at home ask for, complain of and rate, with the answers, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server import clock
from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.visits.models import CareVisit, CareWish, CareWishKind, VisitRating
from server.providers.models import Site
from server.residents.models import Resident

MOST_SHOWN = 2000
OF_ONE_PERSON = 50
CARED_WELL = 3


@dataclass(frozen=True)
class Wanted:
    """Which of them: of a month, a provider, a bed, a kind; late, or with the county."""

    month: date | None = None
    site_id: int | None = None
    home_bed_id: int | None = None
    kind: CareWishKind | None = None
    is_late: bool = False
    is_open: bool = False


def find_resident_of(session: Session, wish_id: int) -> int | None:
    """Return whose words they are, None where the actor may not know of them."""
    query = select(col(CareWish.resident_id)).where(col(CareWish.id) == wish_id)
    return session.execute(query).scalar_one_or_none()


def get_resident_of(session: Session, wish_id: int) -> int:
    """As `find_resident_of`; raises `NotFound`."""
    resident_id = find_resident_of(session, wish_id)
    if resident_id is None:
        raise NotFound()
    return resident_id


def list_of_residents(
    session: Session, resident_ids: Sequence[int], *, wish_id: int | None = None
) -> Sequence[Row[Any]]:
    """Return what these people said, the latest first."""
    query = _wishes().where(col(CareWish.resident_id).in_(resident_ids))
    if wish_id is not None:
        query = query.where(col(CareWish.id) == wish_id)
    latest = query.order_by(col(CareWish.asked_at).desc(), col(CareWish.id).desc())
    return session.execute(latest.limit(OF_ONE_PERSON)).all()


def list_wishes(
    session: Session, within: ColumnElement[bool], wanted: Wanted
) -> Sequence[Row[Any]]:
    """Return what is asked of the sites and fits, what waits first, by its day."""
    query = (
        _wishes()
        .where(within, *_conditions(wanted))
        .order_by(
            col(CareWish.answered_at).is_not(None),
            col(CareWish.due_on).asc().nulls_last(),
            col(CareWish.asked_at).desc(),
            col(CareWish.id),
        )
    )
    return session.execute(query.limit(MOST_SHOWN)).all()


def list_ratings(
    session: Session,
    within: ColumnElement[bool],
    wanted: Wanted,
    *,
    score: int | None = None,
) -> Sequence[Row[Any]]:
    """Return how visits were rated, the latest first; of a month are visits of that month."""
    query: Any = (
        select(
            *table_of(VisitRating).c,
            col(CareVisit.service_on),
            col(CareVisit.starts_at),
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
            func.name_of_staff(col(CareVisit.worker_id), type_=Text).label("worker_name"),
        )
        .join(CareVisit, col(CareVisit.id) == col(VisitRating.visit_id))
        .join(Site, col(Site.id) == col(VisitRating.site_id))
        .outerjoin(Resident, col(Resident.id) == col(VisitRating.resident_id))
        .where(within)
        .order_by(col(CareVisit.starts_at).desc(), col(VisitRating.id))
    )
    if score is not None:
        query = query.where(col(VisitRating.score) == score)
    if wanted.month is not None:
        days = col(CareVisit.service_on)
        query = query.where(days >= wanted.month, days < _after(wanted.month))
    if wanted.site_id is not None:
        query = query.where(col(VisitRating.site_id) == wanted.site_id)
    if wanted.home_bed_id is not None:
        query = query.where(col(CareVisit.home_bed_id) == wanted.home_bed_id)
    rows: Sequence[Row[Any]] = session.execute(query.limit(MOST_SHOWN)).all()
    return rows


def said_of_bed(session: Session, home_bed_id: int) -> Row[Any]:
    """Return (rated, satisfied, complaints, unanswered) of a bed at home."""
    of_bed = select(col(CareVisit.id)).where(col(CareVisit.home_bed_id) == home_bed_id)
    rated = select(func.count()).where(col(VisitRating.visit_id).in_(of_bed))
    complaints = select(func.count()).where(
        col(CareWish.visit_id).in_(of_bed), col(CareWish.kind) == CareWishKind.COMPLAINT
    )
    unanswered = complaints.where(col(CareWish.answered_at).is_(None))
    satisfied = rated.where(col(VisitRating.score) == CARED_WELL)
    return session.execute(
        select(
            rated.scalar_subquery().label("rated"),
            satisfied.scalar_subquery().label("satisfied"),
            complaints.scalar_subquery().label("complaints"),
            unanswered.scalar_subquery().label("unanswered"),
        )
    ).one()


def count_complaints(session: Session, within: ColumnElement[bool], month: date) -> dict[int, int]:
    """Return how many complained of each of the sites in a month."""
    query = (
        select(col(CareWish.site_id), func.count().label("number"))
        .join(Site, col(Site.id) == col(CareWish.site_id))
        .where(within, *_conditions(Wanted(month=month, kind=CareWishKind.COMPLAINT)))
        .group_by(col(CareWish.site_id))
    )
    return {row.site_id: row.number for row in session.execute(query)}


def _wishes() -> Select[Any]:
    after, before = aliased(CareWish), aliased(CareWish)
    followed = select(col(after.id)).where(col(after.follows_id) == col(CareWish.id)).exists()
    return (
        select(
            *table_of(CareWish).c,
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
            col(before.words).label("before_words"),
            col(before.answer).label("before_answer"),
            followed.label("is_followed"),
        )
        .join(Site, col(Site.id) == col(CareWish.site_id))
        .outerjoin(before, col(before.id) == col(CareWish.follows_id))
        .outerjoin(Resident, col(Resident.id) == col(CareWish.resident_id))
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    waits = col(CareWish.answered_at).is_(None)
    conditions: list[ColumnElement[bool]] = [waits] if wanted.is_open or wanted.is_late else []
    if wanted.is_late:
        conditions.append(col(CareWish.due_on) < clock.today())
    if wanted.site_id is not None:
        conditions.append(col(CareWish.site_id) == wanted.site_id)
    if wanted.kind is not None:
        conditions.append(col(CareWish.kind) == wanted.kind)
    if wanted.home_bed_id is not None:
        of_bed = select(col(CareVisit.id)).where(col(CareVisit.home_bed_id) == wanted.home_bed_id)
        conditions.append(col(CareWish.visit_id).in_(of_bed))
    if wanted.month is not None:
        at = col(CareWish.asked_at)
        conditions += [at >= _begins(wanted.month), at < _begins(_after(wanted.month))]
    return conditions


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CITY)


def _after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
