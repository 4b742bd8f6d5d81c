"""A visit to which nobody came is missed once its day is over; a later proof mends it."""

from sqlalchemy import func, update
from sqlmodel import Session, col

from server import clock
from server.homecare.visits.models import CareVisit, VisitState


def miss_visits(session: Session) -> int:
    """Turn planned visits of days gone by to missed, in one statement; returns how many."""
    gone = (
        update(CareVisit)
        .where(
            col(CareVisit.state) == VisitState.PLANNED,
            col(CareVisit.service_on) < clock.today(),
            ~func.is_month_closed(col(CareVisit.site_id), col(CareVisit.service_on)),
        )
        .values(state=VisitState.MISSED)
        .returning(col(CareVisit.id))
    )
    options = {"synchronize_session": False}
    return len(session.execute(gone, execution_options=options).all())
