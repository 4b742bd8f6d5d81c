"""Which version of a programme a run goes by."""

from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from server.policies.programmes.models import PolicyVersion
from server.subsidies.reckoning.errors import NoVersionThen, VersionChanges


def find_version(session: Session, programme: str, *, on: date) -> PolicyVersion | None:
    """Return the version that is in force on the civil day, None where there is none."""
    ends = col(PolicyVersion.ends_on)
    return session.execute(
        select(PolicyVersion)
        .where(col(PolicyVersion.programme) == programme)
        .where(col(PolicyVersion.starts_on) <= on, or_(ends.is_(None), ends > on))
    ).scalar_one_or_none()


def version_for(session: Session, programme: str, first: date, until: date) -> PolicyVersion:
    """Return the one version in force on every day from `first` to before `until`.

    Raises `NoVersionThen`, and `VersionChanges` with the day on which another follows.
    """
    version = find_version(session, programme, on=first)
    if version is None:
        raise NoVersionThen(programme=programme, day=str(first))
    if version.ends_on is not None and version.ends_on < until:
        raise VersionChanges(programme=programme, day=str(version.ends_on))
    return version
