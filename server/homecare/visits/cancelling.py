"""Visits that are not to be made: one by one, or all that are ahead of somebody."""

from datetime import date

from sqlalchemy import ColumnElement, text, update
from sqlmodel import Session, col

from server import clock, events
from server.db.refusals import refusing
from server.homecare.visits.closing import GUARD
from server.homecare.visits.errors import MonthIsClosed, VisitNotSo
from server.homecare.visits.events import VisitCalledOff
from server.homecare.visits.models import CareVisit, VisitState
from server.homecare.visits.queries import hold_visit

BED_RESTS = "床位暂停或终止"
RESTORE = text(
    """
    UPDATE care_visit v SET state = 'planned', cancel_reason = ''
     WHERE v.home_bed_id = :bed AND v.state = 'cancelled' AND v.cancel_reason = :reason
       AND v.starts_at > :now AND NOT is_month_closed(v.site_id, v.service_on)
       AND NOT EXISTS (
           SELECT 1 FROM care_visit o
            WHERE o.state <> 'cancelled' AND o.id <> v.id
              AND (o.worker_id = v.worker_id OR o.resident_id = v.resident_id)
              AND o.starts_at < v.starts_at + v.minutes * interval '1 minute'
              AND v.starts_at < o.starts_at + o.minutes * interval '1 minute')
    RETURNING v.id
    """
)


def cancel_visit(session: Session, visit_id: int, *, reason: str) -> CareVisit:
    """Call a planned visit off for a reason; one that was begun stays.

    Raises `NotFound`, `VisitNotSo`, `MonthIsClosed`.
    """
    visit = hold_visit(session, visit_id)
    if visit.state is not VisitState.PLANNED:
        raise VisitNotSo(state=visit.state.value)
    closed = MonthIsClosed(month=f"{visit.service_on:%Y-%m}")
    with refusing(session, {GUARD: closed}):
        visit.state, visit.cancel_reason = VisitState.CANCELLED, reason
    if visit.home_bed_id is None:
        events.publish(session, VisitCalledOff(visit_id, reason))
    return visit


def cancel_visits_of_bed(
    session: Session, home_bed_id: int, *, reason: str, since: date | None = None
) -> int:
    """Call off what is planned at a bed at home from a day on (today); returns how many."""
    return cancel_ahead(session, col(CareVisit.home_bed_id) == home_bed_id, reason, since=since)


def restore_visits_of_bed(session: Session, home_bed_id: int) -> int:
    """Bring back what a pause called off and is still ahead, where nobody is taken meanwhile.

    Returns how many come after all.
    """
    values = {"bed": home_bed_id, "reason": BED_RESTS, "now": clock.now()}
    return len(session.connection().execute(RESTORE, values).all())


def cancel_ahead(
    session: Session, whose: ColumnElement[bool], reason: str, *, since: date | None = None
) -> int:
    """The same of whatever visits the condition names, in one statement."""
    called_off = (
        update(CareVisit)
        .where(
            whose,
            col(CareVisit.state) == VisitState.PLANNED,
            col(CareVisit.service_on) >= (since or clock.today()),
        )
        .values(state=VisitState.CANCELLED, cancel_reason=reason)
        .returning(col(CareVisit.id))
    )
    options = {"synchronize_session": False}
    return len(session.execute(called_off, execution_options=options).all())
