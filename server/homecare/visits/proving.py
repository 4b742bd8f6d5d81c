"""A care worker proves a visit: came, went, and the elder says so.

What a device tells is kept as it told it, beside the server's own time. A place outside the fence
is told and never refused: what to make of it is for whoever looks into it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Session, col

from server import clock, events
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.homecare.visits import rules
from server.homecare.visits.closing import GUARD, check_month_open
from server.homecare.visits.errors import (
    AtAnotherVisit,
    HasArrived,
    LeftBeforeArrival,
    MonthIsClosed,
    NotArrived,
    NotItsDay,
    ServiceUnknown,
    VisitCodeWrong,
    VisitNotSo,
)
from server.homecare.visits.events import VisitTold
from server.homecare.visits.models import CareVisit, ConfirmedBy, VisitProof, VisitState
from server.secrets.fields import keyring

CODE_FIELD = "care_visit.code"
DIGITS = 6
MAY_BEGIN = (VisitState.PLANNED, VisitState.MISSED)


@dataclass(frozen=True)
class Told:
    """What a device tells of a moment: by its own clock and key, and how far that clock is off."""

    key: str
    at: datetime
    x: float | None = None
    y: float | None = None
    accuracy_m: int | None = None
    skew_seconds: int | None = None

    @property
    def truly_at(self) -> datetime:
        """The moment by the server's clock, whatever the device's showed."""
        return self.at + timedelta(seconds=self.skew_seconds or 0)


def code_of(visit_id: int) -> str:
    """Return the six digits by which the elder confirms a visit; nobody has to keep them."""
    number = int.from_bytes(keyring().digest(str(visit_id), CODE_FIELD)[:8])
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def hold_visits(session: Session, visit_ids: Sequence[int]) -> Mapping[int, CareVisit]:
    """Return and lock the signed-in worker's own visits among these, by number."""
    rows = session.execute(
        select(CareVisit)
        .where(
            col(CareVisit.id).in_(visit_ids),
            col(CareVisit.worker_id) == actor_of(session).staff_id,
        )
        .order_by(col(CareVisit.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {visit.id or 0: visit for visit in rows.scalars()}


def proofs_of(session: Session, visit_ids: Sequence[int]) -> Mapping[int, VisitProof]:
    """Return the proofs that count, by visit."""
    rows = session.execute(
        select(VisitProof)
        .where(col(VisitProof.visit_id).in_(visit_ids), col(VisitProof.superseded_at).is_(None))
        .order_by(col(VisitProof.id))
    )
    return {proof.visit_id: proof for proof in rows.scalars()}


def arrive(session: Session, visit_id: int, told: Told) -> VisitProof:
    """到了: note the worker's arrival; the same key again is as good as once.

    Raises `NotFound`, `VisitNotSo`, `NotItsDay`, `HasArrived`, `AtAnotherVisit`, `MonthIsClosed`.
    """
    visit = _own(session, visit_id)
    known = proofs_of(session, [visit_id]).get(visit_id)
    if known is not None:
        return _same(known, known.arrival_key == told.key)
    _check_may_begin(session, visit, told)
    proof = _arrival(visit, told)
    broken = {
        "uq_visit_proof_one_under_way": AtAnotherVisit(),
        "uq_visit_proof_arrival_key": HasArrived(),
        GUARD: MonthIsClosed(month=f"{visit.service_on:%Y-%m}"),
    }
    with refusing(session, broken):
        session.add(proof)
        visit.state = VisitState.UNDER_WAY
    return proof


def leave(session: Session, visit_id: int, told: Told, *, tasks_done: Sequence[str]) -> VisitProof:
    """走了: note the leaving and what was done; the same key again is as good as once.

    Raises `NotFound`, `NotArrived`, `VisitNotSo`, `LeftBeforeArrival`, `NotItsDay`,
    `ServiceUnknown` and `MonthIsClosed`.
    """
    visit = _own(session, visit_id)
    proof = _arrived(session, visit_id)
    if proof.left_at is not None:
        return _same(proof, proof.leaving_key == told.key)
    if told.at < proof.arrived_at:
        raise LeftBeforeArrival()
    if told.at - proof.arrived_at > rules.LONGEST:
        raise NotItsDay(day=visit.service_on.isoformat())
    if not set(tasks_done) <= set(visit.services):
        raise ServiceUnknown()
    check_month_open(session, visit.site_id, visit.service_on)
    with refusing(session, {"uq_visit_proof_leaving_key": VisitNotSo(state=visit.state.value)}):
        _note_leaving(proof, told, tasks_done)
        visit.state = VisitState.DONE
    tell(session, visit)
    return proof


def confirm_beside(session: Session, visit_id: int, *, at: datetime, code: str | None) -> None:
    """The elder says on the worker's phone that it was so: by a tap, or by their six digits.

    Raises `NotFound`, `NotArrived`, `VisitCodeWrong`, `MonthIsClosed`.
    """
    visit = _own(session, visit_id)
    proof = _arrived(session, visit_id)
    if proof.confirmed_by is not None:
        return
    if code is not None and code != code_of(visit_id):
        raise VisitCodeWrong()
    check_month_open(session, visit.site_id, visit.service_on)
    by = ConfirmedBy.TAP if code is None else ConfirmedBy.CODE
    proof.confirmed_by, proof.confirmed_at = by, at
    session.flush()
    tell(session, visit)


def confirm_from_afar(session: Session, visit: CareVisit) -> None:
    """The elder on their own phone, or a helper, says that the visit was made; once is enough.

    Whether the account may speak for the resident is the caller's to ask. Raises `NotArrived` and
    `MonthIsClosed`.
    """
    check_month_open(session, visit.site_id, visit.service_on)
    is_own = visit.resident_id in actor_of(session).own_resident_ids
    by = ConfirmedBy.OWN_PHONE if is_own else ConfirmedBy.HELPER
    proof = _arrived(session, visit.id or 0)
    session.execute(
        update(VisitProof)
        .where(col(VisitProof.id) == proof.id, col(VisitProof.confirmed_by).is_(None))
        .values(confirmed_by=by, confirmed_at=clock.now())
    )
    tell(session, visit)


def tell(session: Session, visit: CareVisit) -> None:
    """Announce what is known of a visit without a bed now: it may have been ordered."""
    if visit.home_bed_id is None:
        events.publish(session, VisitTold(visit.id or 0))


def _own(session: Session, visit_id: int) -> CareVisit:
    visit = hold_visits(session, [visit_id]).get(visit_id)
    if visit is None:
        raise NotFound()
    return visit


def _arrived(session: Session, visit_id: int) -> VisitProof:
    proof = proofs_of(session, [visit_id]).get(visit_id)
    if proof is None:
        raise NotArrived()
    return proof


def _same(proof: VisitProof, is_same: bool) -> VisitProof:
    if not is_same:
        raise HasArrived()
    return proof


def _check_may_begin(session: Session, visit: CareVisit, told: Told) -> None:
    if visit.state not in MAY_BEGIN:
        raise VisitNotSo(state=visit.state.value)
    if not rules.is_near_its_time(told.truly_at, visit.starts_at):
        raise NotItsDay(day=visit.service_on.isoformat())
    check_month_open(session, visit.site_id, visit.service_on)


def _arrival(visit: CareVisit, told: Told) -> VisitProof:
    assert visit.id is not None, "a stored row has its key"
    return VisitProof(
        visit_id=visit.id,
        resident_id=visit.resident_id,
        site_id=visit.site_id,
        worker_id=visit.worker_id,
        arrival_key=told.key,
        arrived_at=told.at,
        arrived_recorded_at=clock.now(),
        arrived_x=told.x,
        arrived_y=told.y,
        arrived_accuracy_m=told.accuracy_m,
        skew_seconds=told.skew_seconds,
    )


def _note_leaving(proof: VisitProof, told: Told, tasks_done: Sequence[str]) -> None:
    proof.leaving_key = told.key
    proof.left_at, proof.left_recorded_at = told.at, clock.now()
    proof.left_x, proof.left_y, proof.left_accuracy_m = told.x, told.y, told.accuracy_m
    proof.tasks_done = list(tasks_done)
