"""责任事故 and 违反职业道德: entered by the county, lifted by another of its officers.

While one is open no post allowance is paid; its reason names the document. Words that say what
happened, and why it was lifted, are the act's own reason and stand in the trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, exists, func, or_, select
from sqlmodel import Session, col

from server import clock
from server.caregivers.errors import (
    BreachDaysImpossible,
    BreachKnown,
    LiftedByWhoEntered,
    SettledAlready,
)
from server.caregivers.models import BreachKind, Caregiver, CaregiverBreach, Employment
from server.caregivers.queries import employed_on
from server.caregivers.register import SEE, get_in_reach, get_kept
from server.caregivers.rules import FIRST_DAY
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.roles import reach_of
from server.providers.models import Site
from server.providers.queries import within

JUDGE = "caregivers.judge"
MASKED = "***"


@dataclass(frozen=True)
class BreachSaid:
    """What was found: its kind, its day, and the document that finds it."""

    kind: BreachKind
    happened_on: date
    document: str


@dataclass(frozen=True)
class BreachShown:
    """A breach as the present office reads it; `document` has stars where it is not theirs."""

    breach: CaregiverBreach
    document: str
    entered_by: str | None
    may_lift: bool


def enter_breach(session: Session, caregiver_id: int, said: BreachSaid) -> CaregiverBreach:
    """Put down a breach of somebody whose file is kept in one's county.

    Raises `BreachDaysImpossible`, `BreachKnown`, `NotFound`.
    """
    get_kept(session, caregiver_id, permission=JUDGE)
    if not FIRST_DAY <= said.happened_on <= clock.today():
        raise BreachDaysImpossible()
    if _is_known(session, caregiver_id, said):
        raise BreachKnown()
    breach = CaregiverBreach(
        caregiver_id=caregiver_id,
        site_id=_site_on(session, caregiver_id, said.happened_on),
        kind=said.kind,
        happened_on=said.happened_on,
        document=said.document.strip(),
        recorded_at=clock.now(),
        recorded_by=actor_of(session).staff_id,
    )
    session.add(breach)
    session.flush()
    return breach


def lift_breach(
    session: Session, caregiver_id: int, breach_id: int, *, cleared_on: date
) -> CaregiverBreach:
    """Say from which day on a breach counts no more; from its own day on, it never counted.

    Raises `LiftedByWhoEntered`, `SettledAlready`, `BreachDaysImpossible`, `NotFound`.
    """
    get_kept(session, caregiver_id, permission=JUDGE)
    breach = session.get(CaregiverBreach, breach_id, with_for_update=True)
    if breach is None or breach.caregiver_id != caregiver_id:
        raise NotFound()
    if breach.cleared_on is not None:
        raise SettledAlready()
    if breach.recorded_by == actor_of(session).staff_id:
        raise LiftedByWhoEntered()
    if not breach.happened_on <= cleared_on <= clock.today():
        raise BreachDaysImpossible()
    breach.cleared_on = cleared_on
    session.flush()
    return breach


def list_breaches(session: Session, caregiver_id: int) -> list[BreachShown]:
    """Return the breaches of a caregiver in one's reach, the latest first.

    Whoever keeps the file and offices over it read the document. Another employer, of now or
    before, learns of what happened while they employed them, and of that the kind and the day.
    """
    caregiver = get_in_reach(session, caregiver_id)
    reads_all = _keeper_is_within(session, caregiver, SEE)
    judges = _keeper_is_within(session, caregiver, JUDGE)
    own_id = actor_of(session).staff_id
    return [
        BreachShown(
            breach=row.CaregiverBreach,
            document=row.CaregiverBreach.document if reads_all else MASKED,
            entered_by=row.entered_by if reads_all else None,
            may_lift=judges and _may_be_lifted(row.CaregiverBreach, own_id),
        )
        for row in _rows(session, caregiver_id, of_own_days=not reads_all)
    ]


def may_judge(session: Session, caregiver: Caregiver) -> bool:
    """True where the present office enters and lifts breaches of this caregiver."""
    return _keeper_is_within(session, caregiver, JUDGE)


def _rows(session: Session, caregiver_id: int, *, of_own_days: bool) -> Sequence[Row[Any]]:
    query: Any = (
        select(
            CaregiverBreach,
            func.name_of_staff(col(CaregiverBreach.recorded_by), type_=Text).label("entered_by"),
        )
        .where(col(CaregiverBreach.caregiver_id) == caregiver_id)
        .order_by(col(CaregiverBreach.happened_on).desc(), col(CaregiverBreach.id).desc())
    )
    if of_own_days:
        query = query.where(_employed_here_then(session))
    return session.execute(query).all()


def _employed_here_then(session: Session) -> ColumnElement[bool]:
    """They worked at a site in one's reach on the day of the breach."""
    reach = reach_of(actor_of(session), SEE)
    happened_on = col(CaregiverBreach.happened_on)
    return (
        exists()
        .where(
            col(Employment.caregiver_id) == col(CaregiverBreach.caregiver_id),
            col(Employment.starts_on) <= happened_on,
            or_(col(Employment.ends_on).is_(None), col(Employment.ends_on) > happened_on),
            col(Site.id) == col(Employment.site_id),
            within(reach.prefixes, reach.site_ids),
        )
        .correlate(CaregiverBreach)
    )


def _keeper_is_within(session: Session, caregiver: Caregiver, permission: str) -> bool:
    reach = reach_of(actor_of(session), permission)
    keeps = exists().where(
        col(Site.id) == caregiver.keeper_site_id, within(reach.prefixes, reach.site_ids)
    )
    return bool(session.execute(select(keeps)).scalar_one())


def _may_be_lifted(breach: CaregiverBreach, own_id: int | None) -> bool:
    return breach.cleared_on is None and breach.recorded_by != own_id


def _is_known(session: Session, caregiver_id: int, said: BreachSaid) -> bool:
    """Sent twice is one; what never counted may be entered again."""
    known = exists().where(
        col(CaregiverBreach.caregiver_id) == caregiver_id,
        col(CaregiverBreach.kind) == said.kind,
        col(CaregiverBreach.happened_on) == said.happened_on,
        col(CaregiverBreach.document) == said.document.strip(),
        or_(
            col(CaregiverBreach.cleared_on).is_(None),
            col(CaregiverBreach.cleared_on) > said.happened_on,
        ),
    )
    return bool(session.execute(select(known)).scalar_one())


def _site_on(session: Session, caregiver_id: int, day: date) -> int | None:
    """Return where they worked on the day, full-time before part-time."""
    query = (
        select(col(Employment.site_id))
        .where(col(Employment.caregiver_id) == caregiver_id, employed_on(day))
        .order_by(col(Employment.is_full_time).desc(), col(Employment.starts_on).desc())
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()
