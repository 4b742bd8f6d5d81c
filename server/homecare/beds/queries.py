"""Beds at home, one by one and by stage, as far as row security lets the actor see them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlmodel import Session, col

from server.errors import NotFound
from server.homecare.beds.models import (
    HomeBedAcceptance,
    HomeBedAgreement,
    HomeBedBuild,
    HomeBedMove,
    HomeBedNotice,
    HomeBedObjection,
)
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.states import ON_THE_WAY
from server.places.models import Division
from server.providers.models import FacilityKind, OpeningState, Site
from server.residents.models import Resident

SHOWN_AT_MOST, ON_A_MAP = 500, 5000
PUBLISHED = text("SELECT * FROM home_bed_notices(:day)")


def find_resident_of(session: Session, home_bed_id: int) -> int | None:
    """Return whose bed it is, None where the actor may not know of it."""
    query = select(col(HomeBed.resident_id)).where(col(HomeBed.id) == home_bed_id)
    found: int | None = session.execute(query).scalar_one_or_none()
    return found


def list_of_residents(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the beds of these people, what goes on first."""
    query = (
        _beds()
        .where(col(HomeBed.resident_id).in_(resident_ids))
        .order_by(col(HomeBed.state) == HomeBedState.ENDED, col(HomeBed.id).desc())
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def find_with_open_beds(session: Session, resident_ids: Sequence[int]) -> set[int]:
    """Return who of these people has a bed at home, or has applied for one."""
    query = select(col(HomeBed.resident_id)).where(
        col(HomeBed.resident_id).in_(resident_ids), col(HomeBed.state) != HomeBedState.ENDED
    )
    return set(session.execute(query).scalars())


def get_bed(session: Session, home_bed_id: int) -> Row[Any]:
    """Return one bed with its names; raises `NotFound`."""
    row: Row[Any] | None = session.execute(
        _beds().where(col(HomeBed.id) == home_bed_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_beds(
    session: Session,
    *,
    state: HomeBedState | None = None,
    late_on: date | None = None,
    place: str | None = None,
    on_the_way: bool = False,
) -> Sequence[Row[Any]]:
    """Return the beds that the actor may see, those due first; `late_on` keeps what is overdue.

    `place` is a division in which they stand.
    """
    query = _beds().order_by(
        col(HomeBed.due_on).asc().nulls_last(), col(HomeBed.since), col(HomeBed.id)
    )
    if state is not None:
        query = query.where(col(HomeBed.state) == state)
    if late_on is not None:
        query = query.where(col(HomeBed.due_on) < late_on)
    if on_the_way:
        query = query.where(col(HomeBed.state).in_(ON_THE_WAY))
    if place is not None:
        query = query.where(col(Resident.village_code).startswith(place, autoescape=True))
    rows: Sequence[Row[Any]] = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def list_standing(session: Session, *, state: HomeBedState | None = None) -> Sequence[Row[Any]]:
    """Return the beds that have not ended, for a map: by village, then by number."""
    wanted = col(HomeBed.state) == state if state else col(HomeBed.state) != HomeBedState.ENDED
    query = _beds().where(wanted).order_by(col(Resident.village_code), col(HomeBed.id))
    rows: Sequence[Row[Any]] = session.execute(query.limit(ON_A_MAP)).all()
    return rows


def count_beds(session: Session, *, today: date) -> Mapping[HomeBedState, Row[Any]]:
    """Return (beds, late) of each state that the actor may see."""
    late = func.count().filter(col(HomeBed.due_on) < today)
    query = select(col(HomeBed.state), func.count().label("beds"), late.label("late")).group_by(
        col(HomeBed.state)
    )
    return {row.state: row for row in session.execute(query)}


def list_moves(session: Session, home_bed_id: int) -> Sequence[Row[Any]]:
    """Return every step of a bed, the first one first, with the name of the officer who took it."""
    query = (
        select(
            col(HomeBedMove.id),
            col(HomeBedMove.step),
            col(HomeBedMove.from_state),
            col(HomeBedMove.to_state),
            col(HomeBedMove.at),
            col(HomeBedMove.note),
            col(HomeBedMove.staff_id),
            col(HomeBedMove.account_id),
            func.name_of_signer(col(HomeBedMove.staff_id)).label("staff_name"),
        )
        .where(col(HomeBedMove.home_bed_id) == home_bed_id)
        .order_by(col(HomeBedMove.id))
    )
    return session.execute(query).all()


def find_notice(session: Session, home_bed_id: int) -> HomeBedNotice | None:
    """Return the notice of a bed."""
    query = select(HomeBedNotice).where(col(HomeBedNotice.home_bed_id) == home_bed_id)
    found: HomeBedNotice | None = session.execute(query).scalar_one_or_none()
    return found


def list_objections(session: Session, home_bed_id: int) -> Sequence[HomeBedObjection]:
    """Return what was said against a bed, to those whose business it is."""
    query = select(HomeBedObjection).where(col(HomeBedObjection.home_bed_id) == home_bed_id)
    return session.execute(query.order_by(col(HomeBedObjection.id))).scalars().all()


def list_agreements(session: Session, home_bed_id: int) -> Sequence[HomeBedAgreement]:
    """Return the agreements of a bed, the latest first."""
    query = select(HomeBedAgreement).where(col(HomeBedAgreement.home_bed_id) == home_bed_id)
    return session.execute(query.order_by(col(HomeBedAgreement.starts_on).desc())).scalars().all()


def find_build(session: Session, home_bed_id: int) -> HomeBedBuild | None:
    """Return what was built."""
    query = select(HomeBedBuild).where(col(HomeBedBuild.home_bed_id) == home_bed_id)
    found: HomeBedBuild | None = session.execute(query).scalar_one_or_none()
    return found


def list_acceptances(session: Session, home_bed_id: int) -> Sequence[Row[Any]]:
    """Return who accepted what stands there now."""
    query = (
        select(
            col(HomeBedAcceptance.accepted_at),
            col(HomeBedAcceptance.note),
            col(HomeBedAcceptance.staff_id),
            func.name_of_signer(col(HomeBedAcceptance.staff_id)).label("staff_name"),
        )
        .where(
            col(HomeBedAcceptance.home_bed_id) == home_bed_id,
            col(HomeBedAcceptance.superseded_at).is_(None),
        )
        .order_by(col(HomeBedAcceptance.place))
    )
    return session.execute(query).all()


def list_providers(session: Session) -> Sequence[Row[Any]]:
    """Return (id, name) of every open provider of care at home."""
    query = (
        select(col(Site.id), col(Site.name))
        .where(
            col(Site.kind) == FacilityKind.HOME_CARE_PROVIDER,
            col(Site.opening_state) == OpeningState.OPEN,
        )
        .order_by(col(Site.name), col(Site.id))
    )
    return session.execute(query).all()


def list_published(session: Session, *, on: date) -> Sequence[Row[Any]]:
    """Return who is published on a day, masked by the database itself."""
    return session.connection().execute(PUBLISHED, {"day": on}).all()


def _beds() -> Any:
    """A provider that has not signed yet sees a bed without the name."""
    return (
        select(
            *HomeBed.__table__.columns,  # type: ignore[attr-defined]
            col(Resident.name).label("resident_name"),
            col(Resident.village_code),
            col(Division.name).label("village_name"),
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
        )
        .select_from(HomeBed)
        .outerjoin(Resident, col(Resident.id) == col(HomeBed.resident_id))
        .outerjoin(Division, col(Division.code) == col(Resident.village_code))
        .outerjoin(Site, col(Site.id) == col(HomeBed.site_id))
    )
