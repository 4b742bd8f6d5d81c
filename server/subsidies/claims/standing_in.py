"""委托代办: who stands in for an officer, and on which days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.identity.models import Staff
from server.subsidies.claims.errors import StandInUnfit, StoodInAlready
from server.subsidies.claims.models import SubsidyStandIn
from server.subsidies.claims.offices import list_officers

LONGEST = timedelta(days=92)


def name_stand_in(
    session: Session, *, stand_in_id: int, first_on: date, last_on: date, words: str = ""
) -> SubsidyStandIn:
    """Let a colleague decide claims in the actor's place, both days counted.

    Raises `StandInUnfit` and `StoodInAlready`.
    """
    staff_id = actor_of(session).staff_id
    assert staff_id is not None, "only members of staff hold offices"
    fit = {one.id for one in list_officers(session, besides=staff_id)}
    days_fit = clock.today() <= first_on <= last_on < first_on + LONGEST
    if stand_in_id not in fit or not days_fit:
        raise StandInUnfit()
    named = SubsidyStandIn(
        staff_id=staff_id,
        stand_in_id=stand_in_id,
        starts_on=first_on,
        ends_on=last_on + timedelta(days=1),
        named_at=clock.now(),
        words=words,
    )
    with refusing(session, {"ex_subsidy_stand_in_one_a_day": StoodInAlready()}):
        session.add(named)
    return named


def end_stand_in(session: Session, stand_in_no: int) -> None:
    """Take the word back at once; what was decided stays. Raises `NotFound`."""
    named = session.get(SubsidyStandIn, stand_in_no, with_for_update=True)
    if named is None or named.staff_id != actor_of(session).staff_id or named.ended_at is not None:
        raise NotFound()
    named.ended_at = clock.now()
    session.flush()


def list_stand_ins(session: Session) -> Sequence[Row[Any]]:
    """Return who stands in for the actor, and for whom the actor stands in, the latest first."""
    staff_id, away, stands_in = actor_of(session).staff_id, aliased(Staff), aliased(Staff)
    query: Any = (
        select(SubsidyStandIn, away.display_name, stands_in.display_name)
        .join(away, col(away.id) == col(SubsidyStandIn.staff_id))
        .join(stands_in, col(stands_in.id) == col(SubsidyStandIn.stand_in_id))
        .where(or_(SubsidyStandIn.staff_id == staff_id, SubsidyStandIn.stand_in_id == staff_id))
        .order_by(col(SubsidyStandIn.id).desc())
    )
    with reaching_everywhere(session):
        rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
