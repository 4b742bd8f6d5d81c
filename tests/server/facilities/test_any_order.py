"""Whatever is done to beds in whatever order, the promises hold after every step."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server import clock
from server.errors import DomainError
from server.facilities.beds import mark_ready, put_back_into_use, take_out_of_use
from server.facilities.models import BedKind, BedState, EndReason
from server.facilities.queries.counts import list_counts
from server.facilities.stays.admitting import admit, take_up
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import cancel_hold, hold_bed, lapse_holds
from server.facilities.stays.moving import (
    come_back,
    go_on_leave,
    go_to_hospital,
    move_to_bed,
)
from server.providers.models import Site
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from tests.factories.facilities import make_bed, make_beds
from tests.factories.people import make_resident

pytestmark = pytest.mark.long

TODAY = clock.today()
DAYS = 12
DAYS_LOOKED_AT = [TODAY + timedelta(days=days) for days in (-DAYS, -3, 0, 2)]

BROKEN = {
    "two in one bed": """
        SELECT a.id FROM bed_occupancy a JOIN bed_occupancy b ON a.bed_id = b.bed_id AND a.id < b.id
         WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL
           AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
    """,
    "one in two beds": """
        SELECT a.id FROM bed_occupancy a
          JOIN bed_occupancy b ON a.resident_id = b.resident_id AND a.id < b.id
         WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL
           AND a.state IN ('occupied', 'on_leave') AND b.state IN ('occupied', 'on_leave')
           AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
    """,
    "a stay and its bed disagree": """
        SELECT s.id FROM stay s
         WHERE (s.status = 'staying') <> EXISTS (
            SELECT 1 FROM bed_occupancy o WHERE o.stay_id = s.id AND o.ends_on IS NULL
               AND o.superseded_at IS NULL AND o.state <> 'held')
    """,
    "nights outside a stay": """
        SELECT s.id FROM stay s JOIN bed_occupancy o ON o.stay_id = s.id
         WHERE o.superseded_at IS NULL AND o.state <> 'held'
           AND (o.starts_on < s.admitted_on OR coalesce(o.ends_on > s.ended_on, false))
    """,
}

a_step = st.tuples(
    st.sampled_from(
        (
            "hold",
            "cancel",
            "take_up",
            "admit",
            "admit",
            "leave",
            "hospital",
            "hospital_without_bed",
            "back",
            "move",
            "discharge",
            "repair",
            "use",
            "clean",
            "clean",
            "lapse",
            "died",
        )
    ),
    st.integers(0, 2),
    st.integers(0, 4),
    st.integers(-DAYS, 3),
)


class Town:
    def __init__(self, session):
        self.session = session
        beds = make_beds(session, 3)
        site = session.get(Site, beds[0].site_id)
        medical = make_bed(session, site=site, kind=BedKind.MEDICAL)
        self.beds = [*beds, medical, make_bed(session)]
        self.people = [make_resident(session) for _ in range(3)]

    def stay_of(self, person, *statuses):
        query = "SELECT max(id) FROM stay WHERE resident_id = :id AND status = ANY(:statuses)"
        found = self.session.execute(
            text(query), {"id": person.id, "statuses": list(statuses)}
        ).scalar_one()
        return found or 0

    def do(self, deed, person, bed, day):
        session = self.session
        held, here = self.stay_of(person, "held"), self.stay_of(person, "staying", "away")
        deeds = {
            "hold": lambda: hold_bed(session, bed_id=bed.id, resident_id=person.id, planned_on=day),
            "cancel": lambda: cancel_hold(session, held),
            "take_up": lambda: take_up(session, held, admitted_on=day),
            "admit": lambda: admit(session, bed_id=bed.id, resident_id=person.id, admitted_on=day),
            "leave": lambda: go_on_leave(session, here, since=day),
            "hospital": lambda: go_to_hospital(session, here, since=day, keeps_bed=True),
            "hospital_without_bed": lambda: go_to_hospital(
                session, here, since=day, keeps_bed=False
            ),
            "back": lambda: come_back(session, here, on=day, bed_id=bed.id),
            "move": lambda: move_to_bed(session, here, bed_id=bed.id, on=day),
            "discharge": lambda: discharge(session, here, ended_on=day, reason=EndReason.WENT_HOME),
            "repair": lambda: take_out_of_use(
                session, bed.id, state=BedState.UNDER_REPAIR, starts_on=day, reason="漏水"
            ),
            "use": lambda: put_back_into_use(session, bed.id, on=day),
            "clean": lambda: mark_ready(session, bed.id),
            "lapse": lambda: lapse_holds(session),
            "died": lambda: report_departure(
                session, resident_id=person.id, kind=DepartureKind.DIED, happened_on=day
            ),
        }
        deeds[deed]()

    def print(self):
        tables = ("stay", "bed_occupancy", "bed", "departure")
        return [self.session.execute(text(f"SELECT * FROM {t} ORDER BY id")).all() for t in tables]

    def check(self):
        for promise, query in BROKEN.items():
            assert self.session.execute(text(query)).all() == [], promise
        for days in (-DAYS, -3, 0, 2):
            for row in list_counts(
                self.session, prefixes=["14"], site_ids=[], on=TODAY + timedelta(days=days)
            ):
                assert row.usable == row.occupied + row.on_leave + row.held + row.free


def figures(town, on, known_at=None):
    """All figures of a day that a later day can still know."""
    rows = list_counts(town.session, prefixes=["14"], site_ids=[], on=on, known_at=known_at)
    return [
        (row.id, row.kind, row.beds, row.usable, row.occupied, row.on_leave, row.held, row.free)
        for row in rows
    ]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(a_step, min_size=5, max_size=25))
def test_the_promises_hold_after_every_step(session, steps):
    with session.begin_nested() as kept:
        town = Town(session)
        for deed, person, bed, days in steps:
            before = town.print()
            try:
                town.do(deed, town.people[person], town.beds[bed], TODAY + timedelta(days=days))
            except DomainError:
                session.expire_all()
                assert town.print() == before, "a refusal leaves everything as it was"
            session.flush()
            town.check()
        kept.rollback()
    session.expire_all()


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(a_step, min_size=5, max_size=20))
def test_what_was_counted_at_any_moment_is_counted_again_afterwards(session, steps):
    """A minute passes between one deed and the next; some beds are put up on the way."""
    beginning = clock.now()
    with session.begin_nested() as kept:
        town, seen = Town(session), []
        for number, (deed, person, bed, days) in enumerate(steps):
            moment = beginning + timedelta(minutes=number + 1)
            with time_machine.travel(moment, tick=False):
                with suppress(DomainError):
                    town.do(deed, town.people[person], town.beds[bed], TODAY + timedelta(days=days))
                if number % 4 == 3:
                    town.beds[number % 3] = make_bed(session)
                session.flush()
            seen += [(day, moment, figures(town, day)) for day in DAYS_LOOKED_AT]
        for day, moment, counted in seen:
            assert figures(town, day, known_at=moment) == counted
        kept.rollback()
    session.expire_all()
