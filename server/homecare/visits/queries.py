"""Visits as a worker's day, as an elder's week and as a provider's roster."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, func, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.files.models import File
from server.homecare.models import HomeBed
from server.homecare.visits.models import (
    CareVisit,
    CorrectionState,
    VisitCorrection,
    VisitProof,
    VisitRating,
    VisitState,
)
from server.providers.models import Site
from server.residents.models import Resident

MOST_SHOWN = 2000


def get_visit(session: Session, visit_id: int) -> CareVisit:
    """Return a visit the actor may know of; raises `NotFound`."""
    query = select(CareVisit).where(col(CareVisit.id) == visit_id)
    visit: CareVisit | None = session.execute(query).scalar_one_or_none()
    if visit is None:
        raise NotFound()
    return visit


def hold_visit(session: Session, visit_id: int) -> CareVisit:
    """As `get_visit`, locked until the transaction ends."""
    query = select(CareVisit).where(col(CareVisit.id) == visit_id).with_for_update()
    held = session.execute(query.execution_options(populate_existing=True))
    visit: CareVisit | None = held.scalar_one_or_none()
    if visit is None:
        raise NotFound()
    return visit


def find_resident_of(session: Session, visit_id: int) -> int | None:
    """Return whom a visit is for, as far as the actor may know."""
    query = select(col(CareVisit.resident_id)).where(col(CareVisit.id) == visit_id)
    return session.execute(query).scalar_one_or_none()


def list_of_worker(
    session: Session, worker_id: int, *, first: date, last: date
) -> Sequence[Row[Any]]:
    """Return a care worker's visits from day to day, in the order of the clock."""
    of_hers = (col(CareVisit.worker_id) == worker_id) & _between(first, last)
    return session.execute(_shown(of_hers)).all()


def list_of_residents(
    session: Session, resident_ids: Sequence[int], *, first: date, last: date
) -> Sequence[Row[Any]]:
    """Return who comes to these people from day to day, in the order of the clock."""
    theirs = col(CareVisit.resident_id).in_(resident_ids) & _between(first, last)
    return session.execute(_shown(theirs)).all()


def list_of_sites(
    session: Session, within: ColumnElement[bool], *, first: date, last: date
) -> Sequence[Row[Any]]:
    """Return every visit of the sites from day to day; `within` is a condition on `Site`."""
    return session.execute(_shown(within & _between(first, last)).limit(MOST_SHOWN)).all()


def get_shown(session: Session, visit_id: int) -> Row[Any]:
    """Return a visit with its names and its proof; raises `NotFound`."""
    row = session.execute(_shown(col(CareVisit.id) == visit_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def share_of_most_frequent(
    session: Session, within: ColumnElement[bool], *, first: date, last: date
) -> tuple[int, int]:
    """Return continuity: visits made by each elder's most frequent worker, and all visits made."""
    counted = (
        select(col(CareVisit.resident_id), func.count().label("visits"))
        .join(Site, col(Site.id) == col(CareVisit.site_id))
        .where(within, _between(first, last), col(CareVisit.state) == VisitState.DONE)
        .group_by(col(CareVisit.resident_id), col(CareVisit.worker_id))
        .subquery()
    )
    by_elder = (
        select(func.max(counted.c.visits).label("most"), func.sum(counted.c.visits).label("all"))
        .group_by(counted.c.resident_id)
        .subquery()
    )
    row = session.execute(select(func.sum(by_elder.c.most), func.sum(by_elder.c.all))).one()
    return int(row[0] or 0), int(row[1] or 0)


def list_corrections(session: Session, within: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return the corrections of the sites that wait for a second person, the oldest first."""
    waits = within & (col(VisitCorrection.state) == CorrectionState.ASKED)
    return session.execute(_corrections(waits)).all()


def list_all_corrections(
    session: Session, within: ColumnElement[bool], *, first: date, last: date
) -> Sequence[Row[Any]]:
    """Return every correction of visits of these days, decided or not, the oldest first."""
    return session.execute(_corrections(within & _between(first, last))).all()


def corrections_of(session: Session, visit_id: int) -> Sequence[Row[Any]]:
    """Return every correction of a visit, the oldest first."""
    return session.execute(_corrections(col(VisitCorrection.visit_id) == visit_id)).all()


def list_beds(session: Session, within: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Return the beds at home of the sites that have not ended, by name."""
    return session.execute(
        select(
            col(HomeBed.id),
            col(HomeBed.state),
            col(HomeBed.site_id),
            col(HomeBed.x),
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
        )
        .join(Site, col(Site.id) == col(HomeBed.site_id))
        .outerjoin(Resident, col(Resident.id) == col(HomeBed.resident_id))
        .where(within, col(HomeBed.ended_on).is_(None))
        .order_by(col(Site.name), col(Resident.name), col(HomeBed.id))
        .limit(MOST_SHOWN)
    ).all()


def _corrections(condition: ColumnElement[bool]) -> Select[Any]:
    asks = func.name_of_staff(col(VisitCorrection.asked_by), type_=Text)
    decides = func.name_of_staff(col(VisitCorrection.decided_by), type_=Text)
    return (
        select(
            *VisitCorrection.__table__.columns,  # type: ignore[attr-defined]
            col(CareVisit.starts_at),
            col(Resident.name).label("resident_name"),
            col(Site.name).label("site_name"),
            asks.label("asked_by_name"),
            decides.label("decided_by_name"),
        )
        .join(CareVisit, col(CareVisit.id) == col(VisitCorrection.visit_id))
        .join(Site, col(Site.id) == col(VisitCorrection.site_id))
        .outerjoin(Resident, col(Resident.id) == col(VisitCorrection.resident_id))
        .where(condition)
        .order_by(col(VisitCorrection.asked_at), col(VisitCorrection.id))
    )


def _between(first: date, last: date) -> ColumnElement[bool]:
    return col(CareVisit.service_on).between(first, last)


def _shown(condition: ColumnElement[bool]) -> Select[Any]:
    counts = and_(
        col(VisitProof.visit_id) == col(CareVisit.id), col(VisitProof.superseded_at).is_(None)
    )
    portrait = and_(col(File.staff_id) == col(CareVisit.worker_id), col(File.removed_at).is_(None))
    proof = ("arrived_at", "left_at", "arrived_x", "arrived_y", "confirmed_by", "tasks_done")
    return (
        select(
            *CareVisit.__table__.columns,  # type: ignore[attr-defined]
            *(getattr(VisitProof, name) for name in proof),
            col(VisitProof.id).label("proof_id"),
            col(VisitProof.arrived_recorded_at),
            col(VisitProof.photo_file_id),
            col(File.id).label("worker_photo_id"),
            col(Resident.name).label("resident_name"),
            col(Resident.phone).label("resident_phone"),
            col(Resident.address).label("resident_address"),
            col(HomeBed.x).label("home_x"),
            col(HomeBed.y).label("home_y"),
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
            func.name_of_staff(col(CareVisit.worker_id), type_=Text).label("worker_name"),
            col(VisitRating.score),
        )
        .join(Site, col(Site.id) == col(CareVisit.site_id))
        .outerjoin(Resident, col(Resident.id) == col(CareVisit.resident_id))
        .outerjoin(HomeBed, col(HomeBed.id) == col(CareVisit.home_bed_id))
        .outerjoin(VisitProof, counts)
        .outerjoin(File, portrait)
        .outerjoin(VisitRating, col(VisitRating.visit_id) == col(CareVisit.id))
        .where(condition)
        .order_by(col(CareVisit.starts_at), col(CareVisit.id))
    )
