"""What the one cared for says of it: three faces, a wish, a complaint; and what is answered."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.visits.errors import (
    Decided,
    NotAnsweredYet,
    SaidAlready,
    VisitNotSo,
    WishWithCounty,
)
from server.homecare.visits.models import (
    CareVisit,
    CareWish,
    CareWishKind,
    VisitRating,
    VisitState,
)
from server.identity.roles import may
from server.places.workdays import workday_after
from server.policies.queries import get_figures

ANSWER_DAYS, HEAR = "wishes.answer_days", "homecare.hear-complaints"


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
        due_on=_due_on(session, kind),
    )
    session.add(said)
    session.flush()
    return said


def say_not_solved(session: Session, wish_id: int, *, words: str) -> CareWish:
    """Say of an answer that nothing is solved, once: the county looks into it.

    Raises `NotFound`, `NotAnsweredYet`, and `SaidAlready`.
    """
    before = _hold(session, wish_id)
    if before.answered_at is None:
        raise NotAnsweredYet()
    said = CareWish(
        kind=CareWishKind.COMPLAINT,
        resident_id=before.resident_id,
        site_id=before.site_id,
        visit_id=before.visit_id,
        words=words,
        asked_at=clock.now(),
        due_on=_due_on(session, CareWishKind.COMPLAINT),
        follows_id=before.id,
    )
    with refusing(session, {"uq_care_wish_follows_id": SaidAlready()}):
        session.add(said)
    return said


def hand_to_provider(session: Session, wish_id: int, *, words: str) -> CareWish:
    """The county lets the provider answer, by a day of its own.

    Raises `NotFound`, `Decided` once it is answered or handed on.
    """
    held = _hold(session, wish_id)
    if held.answered_at is not None or held.handed_at is not None:
        raise Decided()
    held.handed_at, held.handed_by = clock.now(), actor_of(session).staff_id
    held.handed_words, held.due_on = words, _due_on(session, held.kind)
    session.flush()
    return held


def answer_wish(session: Session, wish_id: int, *, answer: str) -> CareWish:
    """Say what becomes of it, once; what was not solved the county answers, or hands on.

    Raises `NotFound`, `Decided`, `WishWithCounty`.
    """
    held = _hold(session, wish_id)
    if held.answered_at is not None:
        raise Decided()
    if not may(actor_of(session), HEAR) and is_with_county(held):
        raise WishWithCounty()
    held.answer, held.answered_at = answer, clock.now()
    held.answered_by = actor_of(session).staff_id
    session.flush()
    return held


def is_with_county(wish: CareWish | Row[Any]) -> bool:
    """True for what an answer has not solved, until the county hands it on."""
    return wish.follows_id is not None and wish.handed_at is None


def _hold(session: Session, wish_id: int) -> CareWish:
    query = select(CareWish).where(col(CareWish.id) == wish_id).with_for_update()
    fresh = query.execution_options(populate_existing=True)
    held: CareWish | None = session.execute(fresh).scalar_one_or_none()
    if held is None:
        raise NotFound()
    return held


def _due_on(session: Session, kind: CareWishKind) -> date:
    figure = get_figures(session, [ANSWER_DAYS], on=clock.today())[ANSWER_DAYS]
    return workday_after(clock.today(), int(figure.value[kind.value]))
