"""Which version of a programme holds on a day, and what was proposed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_
from sqlmodel import Session, col, select

from server.errors import NotFound
from server.policies.errors import RuleMissing
from server.policies.programmes.models import PackState, PolicyPack, PolicyVersion
from server.policies.programmes.schema import Programme

MOST_LISTED = 200


def get_version(session: Session, programme: str, *, on: date) -> PolicyVersion:
    """Return the version of a programme by which is paid on the day.

    Raises `RuleMissing` where there is none, or the city says that it pays nothing by it.
    """
    version = session.exec(
        select(PolicyVersion).where(col(PolicyVersion.programme) == programme, in_force(on))
    ).one_or_none()
    if version is None or not programme_of(version.content).is_on:
        raise RuleMissing(parameter=programme, day=on.isoformat())
    return version


def programme_of(content: Mapping[str, Any]) -> Programme:
    """Return what is kept of a programme as the programme it is."""
    return Programme.model_validate(content)


def programmes_of(pack: PolicyPack) -> dict[str, Programme]:
    """Return the programmes of a pack as it was proposed."""
    return {code: programme_of(one) for code, one in pack.content["programmes"].items()}


def in_force(on: date) -> ColumnElement[bool]:
    """True for versions in force on the civil day."""
    ends_on = col(PolicyVersion.ends_on)
    return and_(col(PolicyVersion.starts_on) <= on, or_(ends_on.is_(None), ends_on > on))


def list_in_force(session: Session, *, on: date) -> Sequence[Row[tuple[PolicyVersion, PolicyPack]]]:
    """Return every version in force on the day with the pack it came by, programme by programme."""
    return session.execute(
        select(PolicyVersion, PolicyPack)
        .join(PolicyPack, col(PolicyPack.id) == col(PolicyVersion.pack_id))
        .where(in_force(on))
        .order_by(col(PolicyVersion.programme))
    ).all()


def list_versions(
    session: Session, programme: str
) -> Sequence[Row[tuple[PolicyVersion, PolicyPack]]]:
    """Return every version of a programme, the latest first."""
    return session.execute(
        select(PolicyVersion, PolicyPack)
        .join(PolicyPack, col(PolicyPack.id) == col(PolicyVersion.pack_id))
        .where(col(PolicyVersion.programme) == programme)
        .order_by(col(PolicyVersion.starts_on).desc(), col(PolicyVersion.id))
    ).all()


def programmes_in_force(session: Session, *, on: date) -> dict[str, Programme]:
    """Return the programmes in force on the day."""
    rows = list_in_force(session, on=on)
    return {row.PolicyVersion.programme: programme_of(row.PolicyVersion.content) for row in rows}


def get_version_with_pack(
    session: Session, version_id: int
) -> Row[tuple[PolicyVersion, PolicyPack]]:
    """Return a version with its pack; raises `NotFound`."""
    row = session.execute(
        select(PolicyVersion, PolicyPack)
        .join(PolicyPack, col(PolicyPack.id) == col(PolicyVersion.pack_id))
        .where(col(PolicyVersion.id) == version_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def get_pack(session: Session, pack_id: int) -> PolicyPack:
    """Return a pack as it was proposed; raises `NotFound`."""
    pack = session.get(PolicyPack, pack_id)
    if pack is None:
        raise NotFound()
    return pack


def list_packs(session: Session, state: PackState | None = None) -> Sequence[PolicyPack]:
    """Return the packs, what waits for a decision first, then the latest."""
    waits = (col(PolicyPack.state) == PackState.PROPOSED).desc()
    query = select(PolicyPack).order_by(
        waits, col(PolicyPack.proposed_at).desc(), col(PolicyPack.id).desc()
    )
    if state is not None:
        query = query.where(col(PolicyPack.state) == state)
    return session.exec(query.limit(MOST_LISTED)).all()
