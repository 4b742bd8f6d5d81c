"""Programmes in force on a day, as they are claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from server.errors import NotFound
from server.places.workdays import is_workday, workday_after
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.subsidies.claims.rules import is_claimed


@dataclass(frozen=True)
class InForce:
    """A version of a programme, read."""

    version_id: int
    programme: Programme


def list_claimed(session: Session, on: date, by: Sequence[str] = ()) -> list[InForce]:
    """Return the programmes in force on the day that somebody must ask for, by name."""
    query = select(PolicyVersion).where(
        col(PolicyVersion.starts_on) <= on,
        or_(col(PolicyVersion.ends_on).is_(None), col(PolicyVersion.ends_on) > on),
    )
    rows = session.exec(query.order_by(col(PolicyVersion.programme))).all()
    read = (InForce(row.id or 0, Programme.model_validate(row.content)) for row in rows)
    return [one for one in read if is_claimed(one.programme) and _asked_by(one.programme, by)]


def get_in_force(session: Session, programme: str, on: date) -> InForce:
    """Return a programme that is claimed on the day; raises `NotFound`."""
    for one in list_claimed(session, on):
        if one.programme.programme == programme:
            return one
    raise NotFound()


def read_version(session: Session, version_id: int) -> Programme:
    """Return what a version says."""
    return read_versions(session, [version_id])[version_id]


def read_versions(session: Session, version_ids: Sequence[int]) -> dict[int, Programme]:
    """Return what some versions say, by their number."""
    query = select(PolicyVersion).where(col(PolicyVersion.id).in_(set(version_ids)))
    return {row.id or 0: Programme.model_validate(row.content) for row in session.exec(query)}


def working_day(day: date) -> date:
    """Return the day, or the first working day after it."""
    return day if is_workday(day) else workday_after(day, 1)


def due_after(day: date, working_days: int) -> date:
    """Return the last of so many working days after a day."""
    return working_day(day) if working_days == 0 else workday_after(day, working_days)


def _asked_by(programme: Programme, by: Sequence[str]) -> bool:
    return not by or (programme.claim is not None and programme.claim.by in by)
