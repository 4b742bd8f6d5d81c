"""What the one cared for says of it: three faces, a wish, a complaint; and what is answered."""

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col, select

from server import clock
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.visits.errors import Decided, VisitNotSo
from server.homecare.visits.models import (
    CareVisit,
    CareWish,
    CareWishKind,
    VisitRating,
    VisitState,
)


def rate(session: Session, visit: CareVisit, *, score: int, words: str = "") -> None:
    """Note how a visit was; said again it is changed. Raises `VisitNotSo` before it was made."""
    if visit.state is not VisitState.DONE:
        raise VisitNotSo(state=visit.state.value)
    said = {"score": score, "words": words, "rated_at": clock.now()}
    whose = {"visit_id": visit.id, "resident_id": visit.resident_id, "site_id": visit.site_id}
    new = upsert(table_of(VisitRating)).values(whose | said)
    session.execute(new.on_conflict_do_update(index_elements=["visit_id"], set_=said))


def wish(session: Session, visit: CareVisit, *, kind: CareWishKind, words: str) -> CareWish:
    """Ask for a change, or complain; the provider and the county read it."""
    assert visit.id is not None, "a stored row has its key"
    said = CareWish(
        kind=kind,
        resident_id=visit.resident_id,
        site_id=visit.site_id,
        visit_id=visit.id,
        words=words,
        asked_at=clock.now(),
    )
    session.add(said)
    session.flush()
    return said


def answer_wish(session: Session, wish_id: int, *, answer: str) -> CareWish:
    """Say what becomes of it, once. Raises `NotFound`, `Decided`."""
    query = select(CareWish).where(col(CareWish.id) == wish_id).with_for_update()
    said = session.execute(query).scalar_one_or_none()
    if said is None:
        raise NotFound()
    held: CareWish = said
    if held.answered_at is not None:
        raise Decided()
    held.answer, held.answered_at = answer, clock.now()
    held.answered_by = actor_of(session).staff_id
    session.flush()
    return held
