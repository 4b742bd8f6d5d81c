"""From the work to the settled grant: finished, looked at by two, sent back, settled or ended."""

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.homecare.facts import months_after
from server.homecare.lives import ACCEPT, RUN
from server.homecare.renovations.applying import forget
from server.homecare.renovations.errors import RenovationAcceptedAlready, RenovationInvoiceTaken
from server.homecare.renovations.knowing import hold_still
from server.homecare.renovations.models import (
    PhotoPhase,
    Renovation,
    RenovationAcceptance,
    RenovationEnd,
    RenovationPhoto,
)
from server.homecare.renovations.states import RenovationState, RenovationStep
from server.homecare.renovations.steps import (
    check_office,
    check_state,
    check_step,
    close,
    take_step,
)
from server.homecare.spelling import invoice_of
from server.policies.queries import get_figures

AGAIN_YEARS = "renovation.again_years"


@all_or_nothing
def finish(session: Session, renovation_id: int, *, invoice_ref: str) -> Renovation:
    """The work is done and seen in pictures; it waits to be looked at by two people.

    Raises `RenovationInvoiceTaken`, what `check_step` raises, and `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    check_office(session, renovation, RUN)
    check_state(renovation, RenovationState.BUILDING)
    with refusing(session, {"uq_renovation_invoice_ref": RenovationInvoiceTaken()}):
        renovation.invoice_ref, renovation.finished_on = invoice_of(invoice_ref), clock.today()
    return take_step(session, renovation, check_step(session, renovation, RenovationStep.FINISH))


@all_or_nothing
def accept(session: Session, renovation_id: int, *, note: str = "") -> RenovationAcceptance:
    """One of two different people finds on the spot that the work is good.

    Raises `RenovationAcceptedAlready`, `RenovationNotSo`, `NotAllowed`, `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    check_office(session, renovation, ACCEPT)
    check_state(renovation, RenovationState.ACCEPTANCE)
    acceptance = RenovationAcceptance(
        renovation_id=renovation_id,
        place=_accepted_by(session, renovation_id) + 1,
        staff_id=actor_of(session).staff_id or 0,
        accepted_at=clock.now(),
        note=note,
    )
    names = ("uq_renovation_acceptance_two", "uq_renovation_acceptance_different",
             "ck_renovation_acceptance_one_of_two")  # fmt: skip
    with refusing(session, dict.fromkeys(names, RenovationAcceptedAlready())):
        session.add(acceptance)
    return acceptance


@all_or_nothing
def send_back(session: Session, renovation_id: int, *, reason: str) -> Renovation:
    """The work is not good: it is done again, with new pictures, and looked at again by two.

    Raises what `check_step` raises, and `NotFound`.
    """
    assert reason, "nothing is sent back without a reason"
    renovation = hold_still(session, renovation_id)
    move = check_step(session, renovation, RenovationStep.REDO)
    _leave_aside(session, renovation_id)
    return take_step(session, renovation, move, note=reason)


@all_or_nothing
def settle(session: Session, renovation_id: int) -> Renovation:
    """Two have found it good: the amounts stand for ever, and the home waits so many years.

    Raises what `check_step` raises, `RuleMissing` and `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    move = check_step(session, renovation, RenovationStep.SETTLE)
    today = clock.today()
    years = get_figures(session, [AGAIN_YEARS], on=today)[AGAIN_YEARS].value
    renovation.settled_on, renovation.held_until = today, months_after(today, 12 * years)
    return take_step(session, renovation, move)


@all_or_nothing
def end(session: Session, renovation_id: int, *, reason: str) -> Renovation:
    """The county ends what cannot be brought to its end; raises what `settle` raises."""
    renovation = hold_still(session, renovation_id)
    move = check_step(session, renovation, RenovationStep.END)
    close(session, renovation, move, RenovationEnd.OTHER, note=reason)
    forget(session, renovation)
    return renovation


def _accepted_by(session: Session, renovation_id: int) -> int:
    counted = select(func.count()).where(
        col(RenovationAcceptance.renovation_id) == renovation_id,
        col(RenovationAcceptance.superseded_at).is_(None),
    )
    return int(session.execute(counted).scalar_one())


def _leave_aside(session: Session, renovation_id: int) -> None:
    now = clock.now()
    session.execute(
        update(RenovationAcceptance)
        .where(
            col(RenovationAcceptance.renovation_id) == renovation_id,
            col(RenovationAcceptance.superseded_at).is_(None),
        )
        .values(superseded_at=now)
    )
    session.execute(
        update(RenovationPhoto)
        .where(
            col(RenovationPhoto.renovation_id) == renovation_id,
            col(RenovationPhoto.phase) == PhotoPhase.AFTER,
            col(RenovationPhoto.superseded_at).is_(None),
        )
        .values(superseded_at=now)
    )
