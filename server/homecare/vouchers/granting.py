"""An entitlement is asked for, decided by the county, and given up."""

from sqlalchemy import text
from sqlmodel import Session, col, select

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.taking import lock_person
from server.homecare.vouchers.errors import (
    EntitlementNeedsMissing,
    EntitlementNotSo,
    HasEntitlement,
)
from server.homecare.vouchers.issuing import issue_allowances
from server.homecare.vouchers.knowing import facts_of_people
from server.homecare.vouchers.models import (
    CareEntitlement,
    EntitlementEnd,
    EntitlementState,
    Programme,
)
from server.homecare.vouchers.needs import EntitlementNeed, first_month, unmet
from server.policies.queries import get_figures

AFTER = "entitlements.starts_after_months"
STARTED = (EntitlementState.GRANTED, EntitlementState.SUSPENDED)


@all_or_nothing
def ask_for(
    session: Session,
    *,
    resident_id: int,
    programme: Programme,
    requested_by: RequestedBy,
    gets_care_allowance: bool = False,
) -> CareEntitlement:
    """Ask for a programme for somebody; what is missing is told at once, all of it.

    Raises `EntitlementNeedsMissing`, `HasEntitlement`, `ResidentGone`, `RuleMissing`, `NotFound`.
    """
    lock_person(session, resident_id)
    entitlement = CareEntitlement(
        resident_id=resident_id,
        programme=programme,
        state=EntitlementState.APPLIED,
        requested_by=requested_by,
        gets_care_allowance=gets_care_allowance,
        applied_at=clock.now(),
    )
    _check_needs(session, entitlement)
    with refusing(session, {"uq_care_entitlement_one_lasts": HasEntitlement()}):
        session.add(entitlement)
    return entitlement


@all_or_nothing
def grant(session: Session, entitlement_id: int, *, note: str = "") -> CareEntitlement:
    """The county says yes: from the month that the parameter says, this one's amount at once.

    Raises `EntitlementNotSo`, `EntitlementNeedsMissing`, `RuleMissing`, `NotFound`.
    """
    entitlement = _hold(session, entitlement_id, EntitlementState.APPLIED)
    _check_needs(session, entitlement)
    today = clock.today()
    months = get_figures(session, [AFTER], on=today)[AFTER].value[entitlement.programme.value]
    entitlement.starts_on = first_month(clock.day_of(entitlement.applied_at), months)
    _decide(session, entitlement, EntitlementState.GRANTED, note)
    if entitlement.starts_on <= today:
        issue_allowances(session, resident_id=entitlement.resident_id)
    return entitlement


def refuse(session: Session, entitlement_id: int, *, reason: str) -> CareEntitlement:
    """The county says no, and why. Raises `EntitlementNotSo`, `NotFound`."""
    entitlement = _hold(session, entitlement_id, EntitlementState.APPLIED)
    return _decide(session, entitlement, EntitlementState.REFUSED, reason)


def stop(
    session: Session, entitlement_id: int, *, reason: EntitlementEnd, note: str = ""
) -> CareEntitlement:
    """No amount comes from next month on; what this month has holds until it lapses.

    Status changes stop what comes next month (S47). Raises `EntitlementNotSo`, `NotFound`.
    """
    entitlement = _hold(session, entitlement_id, *STARTED, EntitlementState.APPLIED)
    entitlement.end_reason, entitlement.ended_on = reason, clock.today()
    return _decide(session, entitlement, EntitlementState.ENDED, note)


def missing_now(session: Session, entitlement: CareEntitlement) -> list[EntitlementNeed]:
    """Return what the programme asks for and is not there today."""
    declared = {entitlement.resident_id: entitlement.gets_care_allowance}
    facts = facts_of_people(session, declared, on=clock.today())
    return unmet(entitlement.programme, facts[entitlement.resident_id])


SUSPEND = text(
    """
    UPDATE care_entitlement SET state = :after WHERE resident_id = :resident AND state = :before
    """
)


def suspend_all(session: Session, resident_id: int, *, is_suspended: bool) -> None:
    """Let a person's entitlements rest while they live in a house, or go on."""
    before, after = EntitlementState.GRANTED.value, EntitlementState.SUSPENDED.value
    if not is_suspended:
        before, after = after, before
    values = {"resident": resident_id, "before": before, "after": after}
    with reaching_everywhere(session):
        session.connection().execute(SUSPEND, values)


def _check_needs(session: Session, entitlement: CareEntitlement) -> None:
    missing = missing_now(session, entitlement)
    if missing:
        raise EntitlementNeedsMissing(needs=[need.value for need in missing])


def _hold(session: Session, entitlement_id: int, *before: EntitlementState) -> CareEntitlement:
    query = select(CareEntitlement).where(col(CareEntitlement.id) == entitlement_id)
    held = session.execute(query.with_for_update(of=CareEntitlement))
    entitlement: CareEntitlement | None = held.scalar_one_or_none()
    if entitlement is None:
        raise NotFound()
    if entitlement.state not in before:
        raise EntitlementNotSo(state=entitlement.state.value)
    return entitlement


def _decide(
    session: Session, entitlement: CareEntitlement, state: EntitlementState, note: str
) -> CareEntitlement:
    entitlement.state, entitlement.note = state, note
    entitlement.decided_at = clock.now()
    entitlement.decided_by = actor_of(session).staff_id
    session.flush()
    return entitlement
