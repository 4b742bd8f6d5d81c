"""更正: what was noted wrongly, or not at all, is put right by two people; the original stays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotAllowed, NotFound
from server.homecare.visits.closing import check_month_open
from server.homecare.visits.errors import (
    CorrectionAsked,
    Decided,
    LeftBeforeArrival,
    SecondPersonNeeded,
    ServiceUnknown,
    VisitNotSo,
)
from server.homecare.visits.models import (
    CareVisit,
    CorrectionState,
    VisitCorrection,
    VisitProof,
    VisitState,
)
from server.homecare.visits.proving import proofs_of, tell
from server.homecare.visits.queries import hold_visit


def ask_for_correction(
    session: Session,
    visit_id: int,
    *,
    arrived_at: datetime,
    left_at: datetime,
    tasks_done: Sequence[str],
    reason: str,
) -> VisitCorrection:
    """Say what really was, and why it was noted otherwise; somebody else decides.

    Raises `NotFound`, `VisitNotSo`, `LeftBeforeArrival`, `ServiceUnknown`, `CorrectionAsked` and
    `MonthIsClosed`.
    """
    visit = hold_visit(session, visit_id)
    _check_can_be_corrected(session, visit, arrived_at, left_at, tasks_done)
    proof = proofs_of(session, [visit_id]).get(visit_id)
    correction = VisitCorrection(
        visit_id=visit_id,
        proof_id=proof.id if proof else None,
        resident_id=visit.resident_id,
        site_id=visit.site_id,
        arrived_at=arrived_at,
        left_at=left_at,
        tasks_done=list(tasks_done),
        reason=reason,
        state=CorrectionState.ASKED,
        asked_at=clock.now(),
        asked_by=_person(session),
    )
    with refusing(session, {"uq_visit_correction_one_asked": CorrectionAsked()}):
        session.add(correction)
    return correction


def decide_correction(session: Session, correction_id: int, *, is_right: bool) -> VisitCorrection:
    """Confirm or refuse what somebody else asked for; the proof before it is kept, superseded.

    Raises `NotFound`, `Decided`, `SecondPersonNeeded`, `MonthIsClosed`.
    """
    correction = _hold(session, correction_id)
    if correction.state is not CorrectionState.ASKED:
        raise Decided()
    if correction.asked_by == _person(session):
        raise SecondPersonNeeded()
    visit = hold_visit(session, correction.visit_id)
    check_month_open(session, visit.site_id, visit.service_on)
    if is_right:
        _supersede(session, visit, correction)
    correction.state = CorrectionState.CONFIRMED if is_right else CorrectionState.REFUSED
    correction.decided_at, correction.decided_by = clock.now(), _person(session)
    session.flush()
    return correction


def _check_can_be_corrected(
    session: Session,
    visit: CareVisit,
    arrived_at: datetime,
    left_at: datetime,
    tasks_done: Sequence[str],
) -> None:
    if visit.state is VisitState.CANCELLED or visit.starts_at > clock.now():
        raise VisitNotSo(state=visit.state.value)
    if left_at <= arrived_at:
        raise LeftBeforeArrival()
    if not set(tasks_done) <= set(visit.services):
        raise ServiceUnknown()
    check_month_open(session, visit.site_id, visit.service_on)


def _supersede(session: Session, visit: CareVisit, correction: VisitCorrection) -> None:
    """The elder's word on the proof before goes over to the new one; places do not."""
    before = proofs_of(session, [correction.visit_id]).get(correction.visit_id)
    now = clock.now()
    if before is not None:
        before.superseded_at = now
        session.flush()
    session.add(_corrected(visit, correction, before, now))
    visit.state = VisitState.DONE
    session.flush()
    tell(session, visit)


def _corrected(
    visit: CareVisit, correction: VisitCorrection, before: VisitProof | None, now: datetime
) -> VisitProof:
    key = f"correction-{correction.id}"
    return VisitProof(
        visit_id=correction.visit_id,
        resident_id=visit.resident_id,
        site_id=visit.site_id,
        worker_id=visit.worker_id,
        arrival_key=f"{key}-arrival",
        leaving_key=f"{key}-leaving",
        arrived_at=correction.arrived_at,
        arrived_recorded_at=now,
        left_at=correction.left_at,
        left_recorded_at=now,
        tasks_done=correction.tasks_done,
        **_kept_of(before),
    )


def _kept_of(before: VisitProof | None) -> dict[str, Any]:
    if before is None:
        return {}
    kept = {
        name: getattr(before, name) for name in ("photo_file_id", "confirmed_by", "confirmed_at")
    }
    return kept | {"corrects_id": before.id}


def _hold(session: Session, correction_id: int) -> VisitCorrection:
    query = select(VisitCorrection).where(col(VisitCorrection.id) == correction_id)
    held = session.execute(query.with_for_update()).scalar_one_or_none()
    if held is None:
        raise NotFound()
    correction: VisitCorrection = held
    return correction


def _person(session: Session) -> int:
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    return staff_id
