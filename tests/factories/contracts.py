"""A stay under two contracts, the days of its life, and how its money stands."""

from datetime import date

import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.contracts import service
from server.facilities.contracts.queries import subject_of
from server.facilities.stays.admitting import admit
from server.ledger.queries import balances_of
from tests.factories.facilities import make_bed
from tests.factories.people import make_resident

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TERMS = {
    "starts_on": date(2026, 3, 11),
    "ends_on": date(2026, 4, 16),
    "bed_fen": 150000,
    "nursing_fen": 120001,
    "meals_fen": 60007,
    "other_fen": 0,
    "deposit_fen": 300000,
}
LATER = TERMS | {"starts_on": date(2026, 4, 16), "ends_on": date(2028, 1, 1), "bed_fen": 170003}
MONTH = 330008


def on(day):
    return time_machine.travel(f"{day}T09:00+08:00", tick=False)


def move_in(session, home, *contracts):
    """Somebody lives there since 11 March, under one contract and from 16 April another."""
    bed, resident = make_bed(session, site=home), make_resident(session)
    with on(date(2026, 3, 11)):
        stay = admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=clock.today())
    for terms in contracts or (TERMS, LATER):
        service.agree(session, stay.id, **terms)
    return stay


def balances(session, stay):
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    found = balances_of(session, stay.site_id, subject_of(stay.id))
    assert sum(found.values()) == 0
    return {kind.value: fen for kind, fen in found.items() if fen}


def last_departure(session):
    return session.execute(text("SELECT coalesce(max(id), 0) FROM departure")).scalar_one()
