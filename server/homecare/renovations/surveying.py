"""入户评估: what is needed in which room, pictures before, and who is to build it."""

from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.facilities.stays.knowing import STILL_HERE, let_site_know
from server.homecare.lives import FILE
from server.homecare.renovations.catalogue import items_by_code
from server.homecare.renovations.errors import ItemNotOffered, NeedNotedAlready
from server.homecare.renovations.knowing import hold_still
from server.homecare.renovations.models import Renovation, RenovationNeed, Room
from server.homecare.renovations.states import RenovationState, RenovationStep
from server.homecare.renovations.steps import check_office, check_state, check_step, take_step


@all_or_nothing
def note_need(
    session: Session,
    renovation_id: int,
    *,
    room: Room,
    item_code: str,
    quantity: int = 1,
    note: str = "",
) -> RenovationNeed:
    """Write down what a room needs.

    Raises `ItemNotOffered`, `NeedNotedAlready`, `RenovationNotSo`, `NotAllowed`, `NotFound`.
    """
    _looked_at(session, renovation_id)
    if item_code not in items_by_code(session, on=clock.today()):
        raise ItemNotOffered()
    need = RenovationNeed(
        renovation_id=renovation_id, room=room, item_code=item_code, quantity=quantity, note=note
    )
    with refusing(session, {"uq_renovation_need_once": NeedNotedAlready()}):
        session.add(need)
    return need


@all_or_nothing
def strike_need(session: Session, renovation_id: int, need_id: int) -> None:
    """Take out what is not needed after all; raises what `note_need` raises."""
    _looked_at(session, renovation_id)
    query = select(RenovationNeed).where(
        col(RenovationNeed.id) == need_id, col(RenovationNeed.renovation_id) == renovation_id
    )
    need = session.exec(query).one_or_none()
    if need is None:
        raise NotFound()
    session.delete(need)
    session.flush()


@all_or_nothing
def finish_survey(
    session: Session, renovation_id: int, *, site_id: int, note: str = ""
) -> Renovation:
    """All is seen and noted: name the contractor, who may know the person from now on.

    Raises what `check_step` raises, and `NotFound`.
    """
    renovation = _looked_at(session, renovation_id)
    renovation.site_id, renovation.survey_note = site_id, note
    renovation.surveyed_by, renovation.surveyed_at = actor_of(session).staff_id, clock.now()
    session.flush()
    take_step(session, renovation, check_step(session, renovation, RenovationStep.SURVEY))
    let_site_know(session, renovation.resident_id, site_id, until=STILL_HERE)
    return renovation


def _looked_at(session: Session, renovation_id: int) -> Renovation:
    renovation = hold_still(session, renovation_id)
    check_office(session, renovation, FILE)
    check_state(renovation, RenovationState.SURVEY)
    return renovation
