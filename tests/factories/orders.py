"""Entitlements, a month's amounts, and orders of service at home."""

from datetime import timedelta

from server import clock
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders.models import CareOrder, OrderState
from server.homecare.vouchers.models import (
    CareAllowance,
    CareEntitlement,
    EntitlementState,
    Programme,
)

A_BASIS = {"parameter": 1, "group": None}


def this_month():
    """The first day of the present month."""
    return clock.today().replace(day=1)


def make_entitlement(session, resident, programme=Programme.VOUCHER, **given):
    """Granted from this month on, unless told otherwise."""
    state = given.get("state", EntitlementState.GRANTED)
    is_open = state == EntitlementState.APPLIED
    values = {
        "resident_id": resident.id,
        "programme": programme,
        "state": EntitlementState.GRANTED,
        "requested_by": RequestedBy.SELF,
        "applied_at": clock.now(),
        "starts_on": None if is_open else this_month(),
        "decided_at": None if is_open else clock.now(),
    } | given
    entitlement = CareEntitlement(**values)
    session.add(entitlement)
    session.flush()
    return entitlement


def make_allowance(session, resident, programme=Programme.VOUCHER, *, amount_fen=80000, **given):
    """What somebody has this month."""
    entitlement = given.pop("entitlement", None) or make_entitlement(session, resident, programme)
    values = {
        "entitlement_id": entitlement.id,
        "resident_id": resident.id,
        "programme": programme,
        "month": this_month(),
        "amount_fen": amount_fen,
        "reserved_fen": 0,
        "redeemed_fen": 0,
        "basis": A_BASIS,
        "issued_at": clock.now(),
    } | given
    allowance = CareAllowance(**values)
    session.add(allowance)
    session.flush()
    return allowance


def make_order(session, resident, site, *, starts_at=None, **given):
    """An order that its elder pays alone, unless parts are given."""
    begins = starts_at or clock.now() + timedelta(minutes=1)
    parts = {name: given.pop(name, 0) for name in ("purchased_fen", "voucher_fen")}
    bill = given.pop("bill_fen", 8000)
    values = {
        "resident_id": resident.id,
        "site_id": site.id,
        "services": ["bathing"],
        "service_on": clock.day_of(begins),
        "starts_at": begins,
        "minutes": 60,
        "bill_fen": bill,
        **parts,
        "own_fen": bill - sum(parts.values()),
        "basis": {"services": {"bathing": bill}, "parameters": {}},
        "state": OrderState.ORDERED,
        "requested_by": RequestedBy.SELF,
        "ordered_at": clock.now(),
    } | given
    order = CareOrder(**values)
    session.add(order)
    session.flush()
    return order
