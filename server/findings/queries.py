"""Findings as those who look into them read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, Text, func, or_, select, tuple_
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.findings.models import Finding, FindingKind, FindingState

CANTEEN = col(Finding.evidence)["canteen_id"].astext


@dataclass(frozen=True)
class FindingFilter:
    """Which findings; what is None is not asked for."""

    kind: FindingKind | None = None
    state: FindingState | None = None
    site_id: int | None = None


def list_findings(
    session: Session,
    wanted: FindingFilter,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return findings about residents and facilities in reach, the newest first."""
    order = (col(Finding.found_at), col(Finding.id))
    query = _findings()
    if wanted.kind is not None:
        query = query.where(col(Finding.kind) == wanted.kind)
    if wanted.state is not None:
        query = query.where(col(Finding.state) == wanted.state)
    if wanted.site_id is not None:
        query = query.where(
            or_(str(wanted.site_id) == CANTEEN, col(Finding.site_id) == wanted.site_id)
        )
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return session.execute(query.order_by(*(one.desc() for one in order)).limit(limit)).all()


def get_finding(session: Session, finding_id: int) -> Row[Any]:
    """Return one of `list_findings`; raises `NotFound`."""
    row = session.execute(_findings().where(col(Finding.id) == finding_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def is_open_about(session: Session, kind: FindingKind, beginning: str) -> bool:
    """True while a finding of the kind is open whose subject begins so."""
    query = select(col(Finding.id)).where(
        col(Finding.kind) == kind,
        col(Finding.state) == FindingState.OPEN,
        col(Finding.subject).startswith(beginning, autoescape=True),
    )
    return session.execute(query.limit(1)).first() is not None


def lock_finding(session: Session, finding_id: int) -> Finding:
    """Hold a finding in reach still; raises `NotFound`."""
    get_finding(session, finding_id)
    finding: Finding = session.execute(
        select(Finding)
        .where(col(Finding.id) == finding_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    return finding


def list_site_ids(session: Session) -> Sequence[int]:
    """Return the canteens and facilities that findings in reach speak of."""
    named = func.coalesce(col(Finding.site_id), CANTEEN.cast(BigInteger))
    query = select(named).where(_in_reach(), named.is_not(None)).distinct()
    return sorted(session.execute(query).scalars().all())


def _findings() -> Any:
    owner = func.name_of_staff(col(Finding.owner_id), type_=Text).label("owner_name")
    return select(*table_of(Finding).c, owner).where(_in_reach())


def _in_reach() -> Any:
    """The query's own filter; row security says the same beneath it."""
    return or_(
        func.sees_all(),
        func.is_in_reach(col(Finding.resident_id)),
        func.is_kept_here(col(Finding.site_id)),
    )
