"""Months gone by, as the registers keep them, and what subsidies make of them."""

from datetime import date, timedelta

from sqlalchemy import text

from server import clock
from server.facilities.models import BedOccupancy, BedState, EndReason, Stay, StayStatus
from server.homecare.months.models import HomeMonth, HomeMonthBed
from server.policies.programmes.vocabulary import FACTS, SOURCES, FactKind
from tests.factories.facilities import make_bed

READ_AS = {
    FactKind.WHOLE: int, FactKind.FEN: int, FactKind.CHOICE: str, FactKind.YES_NO: bool,
    FactKind.DAY: str,
}  # fmt: skip
JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def facts_of(session, source, first=JANUARY, until=None):
    """The rows of a source for a month, or for all months before `until`."""
    until = until or (first + timedelta(days=31)).replace(day=1)
    called = text(f"SELECT * FROM facts_of_{source}(:first, :until) ORDER BY month, beneficiary_id")
    session.flush()
    rows = session.execute(called, {"first": first, "until": until}).all()
    for row in rows:
        _check(source, row.facts)
    return rows


def _check(source, facts):
    assert set(facts) == set(SOURCES[source].facts)
    for name, value in facts.items():
        fact = FACTS[name]
        assert value is None or isinstance(value, READ_AS[fact.kind]), (name, value)
        assert not fact.choices or value is None or value in fact.choices, (name, value)


def make_stay(session, resident, bed=None, *, starts_on=date(2025, 6, 1), ends_on=None, rest=()):
    """In a bed from a day until the day before another; `rest` are (state, from, until) of it."""
    bed = bed or make_bed(session)
    stay = Stay(
        resident_id=resident.id, site_id=bed.site_id, kind=bed.kind, planned_on=starts_on,
        status=StayStatus.STAYING if ends_on is None else StayStatus.ENDED,
        hold_until=starts_on + timedelta(days=1), admitted_on=starts_on, ended_on=ends_on,
        end_reason=None if ends_on is None else EndReason.OTHER,
    )  # fmt: skip
    session.add(stay)
    session.flush()
    day = starts_on
    for state, begins, until in rest:
        _take(session, stay, bed, BedState.OCCUPIED, day, begins)
        _take(session, stay, bed, state, begins, until)
        day = until
    _take(session, stay, bed, BedState.OCCUPIED, day, ends_on)
    session.flush()
    return stay


def _take(session, stay, bed, state, starts_on, ends_on):
    if ends_on is not None and ends_on <= starts_on:
        return
    session.add(
        BedOccupancy(
            bed_id=bed.id, site_id=bed.site_id, kind=bed.kind, state=state, stay_id=stay.id,
            resident_id=stay.resident_id, starts_on=starts_on, ends_on=ends_on,
            recorded_at=clock.now(), end_recorded_at=None if ends_on is None else clock.now(),
        )
    )  # fmt: skip


def make_home_month(session, bed, month, *, minutes=1800, visits=30, nursing=2, **given):
    """A closed month of a bed at home at its provider, which rated visits 9 of 10."""
    values = {"beds": 1, "met": 1, "confirmed": 0, "doubted": 0, "rated": 10, "satisfied": 9}
    session.add(
        HomeMonth(
            site_id=bed.site_id, month=month, visits=visits, minutes=minutes, digest=b"\0" * 32,
            **values | given,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        HomeMonthBed(
            site_id=bed.site_id, month=month, home_bed_id=bed.id, resident_id=bed.resident_id,
            visits=visits, minutes=minutes, life_minutes=minutes // 3, nursing_visits=nursing,
            confirmed=0, unproved=0, doubted=0, rated=1, satisfied=0, reasons=[],
        )
    )  # fmt: skip
    session.flush()
