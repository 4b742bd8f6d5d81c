"""Services are ordered for a day at a provider; what pays for them is reserved at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.knowing import let_site_know
from server.facilities.stays.taking import lock_person
from server.homecare.orders.errors import (
    AllowanceSpent,
    LivesInAHouse,
    OrderedAlready,
    OrderTooEarly,
    OrderTooLate,
    ProviderNotServing,
)
from server.homecare.orders.models import CareOrder, OrderState
from server.homecare.orders.quoting import quote
from server.homecare.orders.telling import tell_of_order
from server.homecare.visits.closing import GUARD, check_month_open
from server.homecare.visits.errors import MonthIsClosed
from server.homecare.vouchers.knowing import lives_in_a_house
from server.providers.models import FacilityKind, OpeningState, Site

# Questions about a visit come after it.
KNOWN_AFTERWARDS = timedelta(days=90)
# The provider knows the person from the order on: nobody is known for good by a far day.
AHEAD = timedelta(days=100)


@all_or_nothing
def place_order(
    session: Session,
    *,
    resident_id: int,
    site_id: int,
    services: Sequence[str],
    starts_at: datetime,
    requested_by: RequestedBy,
) -> CareOrder:
    """Order services for somebody, and reserve what pays for them.

    Whether the actor may act for the person is the caller's to ask. Raises what `quote` raises,
    `LivesInAHouse`, `ProviderNotServing`, `OrderTooLate`, `OrderTooEarly`, `OrderedAlready`,
    `AllowanceSpent`, `MonthIsClosed`, `ResidentGone`, `NotFound`.
    """
    lock_person(session, resident_id)
    _check_moment(starts_at)
    day = clock.day_of(starts_at)
    _check_can_come(session, resident_id, site_id, starts_at)
    found = quote(session, resident_id=resident_id, services=services, day=day)
    order = CareOrder(
        resident_id=resident_id,
        site_id=site_id,
        services=sorted(set(services)),
        service_on=day,
        starts_at=starts_at,
        minutes=found.minutes,
        **vars(found.split),
        purchased_id=found.purchased_id,
        voucher_id=found.voucher_id,
        basis=dict(found.basis),
        state=OrderState.ORDERED,
        requested_by=requested_by,
        ordered_at=clock.now(),
    )
    _put(session, order)
    let_site_know(session, resident_id, site_id, until=day + KNOWN_AFTERWARDS)
    tell_of_order(session, order)
    return order


def _check_moment(starts_at: datetime) -> None:
    """Before the day of it is asked for: of some moments there is none."""
    now = clock.now()
    if starts_at <= now:
        raise OrderTooLate()
    if starts_at > now + AHEAD:
        raise OrderTooEarly(until=clock.day_of(now + AHEAD).isoformat())


def _check_can_come(session: Session, resident_id: int, site_id: int, starts_at: datetime) -> None:
    if lives_in_a_house(session, resident_id):
        raise LivesInAHouse()
    query = select(col(Site.kind), col(Site.opening_state)).where(col(Site.id) == site_id)
    site = session.execute(query).one_or_none()
    if site is None:
        raise NotFound()
    if tuple(site) != (FacilityKind.HOME_CARE_PROVIDER, OpeningState.OPEN):
        raise ProviderNotServing()
    check_month_open(session, site_id, clock.day_of(starts_at))


def _put(session: Session, order: CareOrder) -> None:
    """The database adds what is reserved to the month's amounts, and holds them."""
    broken = {
        "uq_care_order_one_at_once": OrderedAlready(),
        "ck_care_allowance_never_above_its_amount": AllowanceSpent(),
        GUARD: MonthIsClosed(month=f"{order.service_on:%Y-%m}"),
    }
    with refusing(session, broken), reaching_everywhere(session):
        session.add(order)
