"""Service bought at home in the demo: vouchers of this month, and orders in each state."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from infra.demo.sites import FIRST_HOME_CARE
from server import clock
from server.errors import DomainError
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders.ordering import place_order
from server.homecare.orders.serving import assign
from server.homecare.vouchers.issuing import issue_allowances
from server.homecare.vouchers.models import CareEntitlement, EntitlementState, Programme

PEOPLE_ASKING, ORDERS = 30, 6
HOURS = (8, 10, 14)
SERVICES = (["bathing"], ["cleaning", "cooking"], ["vital_signs"])

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM care_entitlement)")
PROVIDER = text("SELECT id, division_code FROM site WHERE source_key = :key")
WORKER = text("SELECT id FROM staff WHERE sign_in_name = 'careworker'")
# A voucher for whoever needs much help, bought service for whoever is ninety. Whoever has an
# account of the demo comes first, so that a phone shows it.
PEOPLE = text(
    """
    SELECT r.id, CASE WHEN a.id IS NULL THEN 'purchased' ELSE 'voucher' END AS programme
      FROM resident r
      LEFT JOIN assessment a ON a.resident_id = r.id AND a.status = 'confirmed'
       AND a.starts_on <= :today AND a.ends_on > :today
       AND a.final_level IN ('moderate', 'severe', 'total')
       AND NOT EXISTS (SELECT 1 FROM home_bed_build b WHERE b.resident_id = r.id AND b.asks_grant)
     WHERE r.died_on IS NULL AND r.moved_away_on IS NULL AND r.merged_into_id IS NULL
       AND (a.id IS NOT NULL OR r.born_on <= CAST(:today AS date) - 32873)
       AND NOT EXISTS (SELECT 1 FROM stay s WHERE s.resident_id = r.id AND s.kind <> 'home_care'
                          AND s.status IN ('held', 'staying', 'away'))
     ORDER BY EXISTS (SELECT 1 FROM resident_grant g WHERE g.resident_id = r.id) DESC,
              left(r.village_code, 6) = :county DESC, r.id
     LIMIT :limit
    """
)


def are_vouchers_there(session: Session) -> bool:
    """True for a demo that has entitlements already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_vouchers(session: Session) -> int:
    """Put entitlements, this month's vouchers and some orders down, once; returns how many."""
    provider = session.connection().execute(PROVIDER, {"key": FIRST_HOME_CARE}).one_or_none()
    if provider is None or are_vouchers_there(session):
        return 0
    values = {
        "today": clock.today(),
        "county": provider.division_code[:6],
        "limit": PEOPLE_ASKING,
    }
    people = session.connection().execute(PEOPLE, values).all()
    session.add_all(_entitlement(one, number) for number, one in enumerate(people))
    session.flush()
    issue_allowances(session)
    _order(session, provider.id, [one.id for one in people[:ORDERS]])
    return len(people)


def _entitlement(person: Row[Any], number: int) -> CareEntitlement:
    """One in five waits for the county."""
    is_granted, now = number % 5 < 4, clock.now()
    return CareEntitlement(
        resident_id=person.id,
        programme=Programme(person.programme),
        state=EntitlementState.GRANTED if is_granted else EntitlementState.APPLIED,
        requested_by=RequestedBy.SELF,
        applied_at=now - timedelta(days=3),
        starts_on=clock.today().replace(day=1) if is_granted else None,
        decided_at=now if is_granted else None,
    )


def _order(session: Session, site_id: int, people: Sequence[int]) -> None:
    """Orders for tomorrow, half of them with a worker; on a month's last day there are none."""
    tomorrow = clock.today() + timedelta(days=1)
    worker_id = session.connection().execute(WORKER).scalar_one_or_none()
    for number, resident_id in enumerate(people):
        starts_at = datetime.combine(tomorrow, time(HOURS[number % len(HOURS)]), clock.CITY)
        try:
            placed = place_order(
                session, resident_id=resident_id, site_id=site_id, starts_at=starts_at,
                services=SERVICES[number % len(SERVICES)], requested_by=RequestedBy.SELF,
            )  # fmt: skip
            if worker_id is not None and number < len(HOURS):
                assign(session, placed.id or 0, worker_id=worker_id)
        except DomainError:
            continue
