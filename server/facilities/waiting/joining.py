"""Into the waiting list, and out of it."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import reaching_everywhere
from server.facilities.errors import HasABed
from server.facilities.models import Bed, BedKind, Stay, StayStatus
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays import taking
from server.facilities.stays.knowing import STILL_HERE, check_open, let_site_know
from server.facilities.waiting import rules
from server.facilities.waiting.errors import NoBedsOfThisKind, WaitsAlready
from server.facilities.waiting.models import OfferState, WaitingEntry, WaitingState
from server.facilities.waiting.queries import find_open_offer, get_entry
from server.policies.queries import get_figures
from server.residents.assessments.queries import find_level
from server.residents.models import HardshipPeriod, Resident

# The facility need not know any longer who waited, unless the person lives or lived there.
FORGET = text(
    """
    UPDATE care_link SET ends_on = greatest(:tomorrow, starts_on + 1)
     WHERE resident_id = :resident AND site_id = :site AND ends_on > :tomorrow
       AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.resident_id = :resident AND s.site_id = :site)
    """
)


@all_or_nothing
def apply(
    session: Session, *, resident_id: int, site_id: int, kind: BedKind, asked_by: RequestedBy
) -> WaitingEntry:
    """Put a person on the list of a facility, which may see from now on who it is.

    The place follows from the facts of today. Raises `WaitsAlready`, `NoBedsOfThisKind`,
    `HasABed`, `ResidentGone`, `FacilityNotOpen`, `RuleMissing`, `NotFound`.
    """
    taking.lock_person(session, resident_id)
    check_open(session, site_id)
    _check_beds(session, resident_id, site_id, kind)
    order = _order_of(session, resident_id)
    entry = WaitingEntry(
        resident_id=resident_id,
        site_id=site_id,
        kind=kind,
        since=clock.now(),
        priority=order.priority,
        ground=order.ground,
        asked_by=asked_by,
        state=WaitingState.WAITING,
    )
    with refusing(session, {"uq_waiting_entry_one_open": WaitsAlready()}):
        session.add(entry)
    let_site_know(session, resident_id, site_id, until=STILL_HERE)
    return entry


@all_or_nothing
def leave(session: Session, entry_id: int) -> WaitingEntry:
    """Go from the list, at any time; doing it twice is as good as once. Raises `NotFound`.

    Raises `NoLongerWaiting` for somebody who has a bed by it, or was taken off.
    """
    entry = hold_still(session, entry_id)
    if entry.state is WaitingState.LEFT:
        return entry
    return _end(session, entry, WaitingState.LEFT)


@all_or_nothing
def remove(session: Session, entry_id: int, *, reason: str) -> WaitingEntry:
    """Take somebody off the list for a reason that they will read.

    Raises `NoLongerWaiting`, `NotFound`.
    """
    assert reason, "nobody is taken off without a reason"
    entry = hold_still(session, entry_id)
    return _end(session, entry, WaitingState.REMOVED, reason)


def hold_still(session: Session, entry_id: int) -> WaitingEntry:
    """Hold the person and then the entry until the end of the transaction; raises `NotFound`."""
    resident_id = get_entry(session, entry_id).resident_id
    person = select(col(Resident.id)).where(col(Resident.id) == resident_id)
    with reaching_everywhere(session):
        session.execute(person.with_for_update(key_share=True, of=Resident))
    held = select(WaitingEntry).where(col(WaitingEntry.id) == entry_id)
    query = held.with_for_update(key_share=True).execution_options(populate_existing=True)
    entry: WaitingEntry = session.execute(query).scalar_one()
    return entry


def _end(
    session: Session, entry: WaitingEntry, state: WaitingState, reason: str = ""
) -> WaitingEntry:
    rules.check_waits(entry)
    now = clock.now()
    offer = find_open_offer(session, entry.id or 0)
    if offer is not None:
        offer.state, offer.answered_at = OfferState.WITHDRAWN, now
    entry.state, entry.ended_at, entry.end_reason = state, now, reason
    session.flush()
    link = {
        "resident": entry.resident_id,
        "site": entry.site_id,
        "tomorrow": clock.today() + timedelta(days=1),
    }
    with reaching_everywhere(session):
        session.connection().execute(FORGET, link)
    return entry


def _check_beds(session: Session, resident_id: int, site_id: int, kind: BedKind) -> None:
    of_kind = select(col(Bed.id)).where(
        col(Bed.site_id) == site_id,
        col(Bed.kind) == kind,
        col(Bed.room_id).is_not(None),  # a bed at home is its owner's: nobody queues for it
    )
    if session.execute(of_kind.limit(1)).first() is None:
        raise NoBedsOfThisKind()
    in_one = select(col(Stay.id)).where(
        col(Stay.resident_id) == resident_id,
        col(Stay.site_id) == site_id,
        col(Stay.kind) == kind,
        col(Stay.status).in_([StayStatus.HELD, StayStatus.STAYING, StayStatus.AWAY]),
        (col(Stay.status) != StayStatus.HELD) | (col(Stay.hold_until) > clock.today()),
    )
    if session.execute(in_one.limit(1)).first() is not None:
        raise HasABed()


def _order_of(session: Session, resident_id: int) -> rules.Order:
    """The facts decide, also those that whoever applies may not see."""
    today = clock.today()
    tier = select(col(HardshipPeriod.tier)).where(
        col(HardshipPeriod.resident_id) == resident_id,
        col(HardshipPeriod.starts_on) <= today,
        col(HardshipPeriod.ends_on).is_(None) | (col(HardshipPeriod.ends_on) > today),
    )
    figure = get_figures(session, [rules.PRIORITY], on=today)[rules.PRIORITY].value
    with reaching_everywhere(session):
        held = session.execute(tier).scalars().first()
        level = find_level(session, resident_id, on=today)
    return rules.order_of(figure, tier=held, level=level.level if level else None)
