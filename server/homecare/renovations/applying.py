"""A renovation is asked for, taken up, refused, or taken back; in the end the elder rates it."""

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import reaching_everywhere
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.taking import lock_person
from server.homecare.beds.applying import FORGET
from server.homecare.renovations.errors import AddressMissing, HomeRenovated
from server.homecare.renovations.knowing import hold_still
from server.homecare.renovations.models import Renovation, RenovationEnd
from server.homecare.renovations.rules import home_key
from server.homecare.renovations.states import RENOVATION_LIFE, RenovationState, RenovationStep
from server.homecare.renovations.steps import (
    STEP_DAYS,
    check_needs,
    check_state,
    check_step,
    close,
    note_step,
    take_step,
)
from server.homecare.stepping import due_on

WHERE_THEY_LIVE = text("SELECT village_code, address FROM resident WHERE id = :resident")
# What was settled so many years ago holds its home no longer.
RELEASE = text(
    """
    UPDATE renovation SET holds = false
     WHERE holds AND state = 'settled' AND held_until <= :today
       AND (home_key = :home OR resident_id = :resident)
    """
)


@all_or_nothing
def apply(
    session: Session,
    *,
    resident_id: int,
    requested_by: RequestedBy,
    address: str = "",
    wishes: str = "",
    has_trade_in: bool = False,
) -> Renovation:
    """Ask for a person's home to be made safe; without an address it is the one in the register.

    Raises `HomeRenovated`, `NeedsMissing`, `AddressMissing`, `ResidentGone`, `RuleMissing`,
    `NotFound`.
    """
    lock_person(session, resident_id)
    today, known = clock.today(), {"resident": resident_id}
    lives = session.connection().execute(WHERE_THEY_LIVE, known).one()
    where = address.strip() or lives.address.strip()
    if not where:
        raise AddressMissing()
    renovation = Renovation(
        resident_id=resident_id,
        state=RenovationState.APPLIED,
        since=today,
        due_on=due_on(session, STEP_DAYS, RenovationState.APPLIED, today),
        requested_by=requested_by,
        applied_at=clock.now(),
        wishes=wishes,
        address=where,
        home_key=home_key(lives.village_code, where),
        has_trade_in=has_trade_in,
    )
    _take_the_home(session, renovation)
    move = RENOVATION_LIFE.moves[RenovationStep.APPLY]
    check_needs(session, renovation, move)
    note_step(session, renovation, move, before=None)
    return renovation


@all_or_nothing
def take_up(session: Session, renovation_id: int) -> Renovation:
    """The community takes it up: a visit comes next. Raises what `check_step` does, `NotFound`."""
    renovation = hold_still(session, renovation_id)
    return take_step(session, renovation, check_step(session, renovation, RenovationStep.TAKE_UP))


@all_or_nothing
def refuse(session: Session, renovation_id: int, *, reason: str) -> Renovation:
    """Say why there will be none; whoever applied reads it. Raises what `take_up` raises."""
    assert reason, "nobody is refused without a reason"
    renovation = hold_still(session, renovation_id)
    move = check_step(session, renovation, RenovationStep.REFUSE)
    close(session, renovation, move, RenovationEnd.REFUSED, note=reason)
    forget(session, renovation)
    return renovation


@all_or_nothing
def withdraw(session: Session, renovation_id: int, *, note: str = "") -> Renovation:
    """The elder no longer wants it, until the quote is agreed to; twice is as good as once.

    Raises `RenovationNotSo` afterwards, and what `take_up` raises.
    """
    renovation = hold_still(session, renovation_id)
    if renovation.end_reason is RenovationEnd.WITHDRAWN:
        return renovation
    move = check_step(session, renovation, RenovationStep.WITHDRAW)
    close(session, renovation, move, RenovationEnd.WITHDRAWN, note=note)
    forget(session, renovation)
    return renovation


@all_or_nothing
def rate(session: Session, renovation_id: int, *, score: int, words: str = "") -> Renovation:
    """Say how it was, from one to five, once the work is done; the last word counts.

    Raises `RenovationNotSo`, `NotFound`.
    """
    renovation = hold_still(session, renovation_id)
    check_state(renovation, RenovationState.ACCEPTANCE, RenovationState.SETTLED)
    renovation.score, renovation.rating_words = score, words
    renovation.rated_at = clock.now()
    session.flush()
    return renovation


def forget(session: Session, renovation: Renovation) -> None:
    """Let a contractor who never served the person know no longer who it was."""
    if renovation.site_id is None:
        return
    whose = {"resident": renovation.resident_id, "site": renovation.site_id}
    with reaching_everywhere(session):
        session.connection().execute(FORGET, {**whose, "today": clock.today()})


def _take_the_home(session: Session, renovation: Renovation) -> None:
    of = {"home": renovation.home_key, "resident": renovation.resident_id}
    with reaching_everywhere(session):
        session.connection().execute(RELEASE, {**of, "today": clock.today()})
    taken = HomeRenovated()
    broken = {"uq_renovation_one_a_home": taken, "uq_renovation_one_a_person": taken}
    with refusing(session, broken):
        session.add(renovation)
