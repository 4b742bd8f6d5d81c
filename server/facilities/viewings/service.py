"""A visit is asked for, answered, held or cancelled."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.facilities.errors import DayOutOfReach
from server.facilities.stays import taking
from server.facilities.stays.knowing import check_open, let_site_know
from server.facilities.viewings.errors import ViewingAsked, ViewingNotSo
from server.facilities.viewings.models import AHEAD, PartOfDay, Viewing, ViewingState
from server.facilities.viewings.queries import get_viewing
from server.identity.queries import get_account

LATEST = timedelta(days=30)


@all_or_nothing
def ask_for_viewing(
    session: Session, *, resident_id: int, site_id: int, day: date, part: PartOfDay
) -> Viewing:
    """Ask a home for a visit on a half day; it may call the number of whoever asks.

    Raises `ViewingAsked`, `DayOutOfReach`, `ResidentGone`, `FacilityNotOpen`, `NotFound`.
    """
    _check_day(day)
    taking.lock_person(session, resident_id)
    check_open(session, site_id)
    viewing = Viewing(
        resident_id=resident_id,
        site_id=site_id,
        day=day,
        part=part,
        phone=get_account(session, actor_of(session).account_id or 0).phone,
        asked_at=clock.now(),
        state=ViewingState.ASKED,
    )
    with refusing(session, {"uq_viewing_one_ahead": ViewingAsked()}):
        session.add(viewing)
    let_site_know(session, resident_id, site_id, until=day + timedelta(days=1))
    return viewing


@all_or_nothing
def cancel_viewing(session: Session, viewing_id: int) -> Viewing:
    """Call a visit off; doing it twice is as good as once. Raises `ViewingNotSo`, `NotFound`."""
    viewing = _hold_still(session, viewing_id)
    if viewing.state is not ViewingState.CANCELLED:
        _turn(session, viewing, ViewingState.CANCELLED, among=AHEAD)
    return viewing


@all_or_nothing
def confirm_viewing(session: Session, viewing_id: int, *, answer: str = "") -> Viewing:
    """Expect the visit; raises `ViewingNotSo`, `NotFound`."""
    viewing = _hold_still(session, viewing_id)
    return _turn(session, viewing, ViewingState.CONFIRMED, among=AHEAD[:1], answer=answer)


@all_or_nothing
def decline_viewing(session: Session, viewing_id: int, *, answer: str) -> Viewing:
    """Say why the visit cannot be, and what can; raises `ViewingNotSo`, `NotFound`."""
    viewing = _hold_still(session, viewing_id)
    return _turn(session, viewing, ViewingState.DECLINED, among=AHEAD, answer=answer)


@all_or_nothing
def note_viewing(session: Session, viewing_id: int) -> Viewing:
    """The visit took place; raises `ViewingNotSo`, `NotFound`."""
    viewing = _hold_still(session, viewing_id)
    return _turn(session, viewing, ViewingState.DONE, among=AHEAD, answer=viewing.answer)


def _check_day(day: date) -> None:
    first, last = clock.today() + timedelta(days=1), clock.today() + LATEST
    if not first <= day <= last:
        raise DayOutOfReach(earliest=first.isoformat(), latest=last.isoformat())


def _hold_still(session: Session, viewing_id: int) -> Viewing:
    get_viewing(session, viewing_id)
    query = select(Viewing).where(col(Viewing.id) == viewing_id).with_for_update(key_share=True)
    held = session.execute(query.execution_options(populate_existing=True))
    viewing: Viewing = held.scalar_one()
    return viewing


def _turn(
    session: Session,
    viewing: Viewing,
    state: ViewingState,
    *,
    among: tuple[ViewingState, ...],
    answer: str = "",
) -> Viewing:
    if viewing.state not in among:
        raise ViewingNotSo(state=viewing.state.value)
    viewing.state, viewing.answered_at, viewing.answer = state, clock.now(), answer
    session.flush()
    return viewing
