"""One bed is offered to one person, however many sweeps run and whoever leaves meanwhile."""

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.facilities.models import BedKind
from server.facilities.referrals.models import RequestedBy
from server.facilities.waiting.answering import accept_offer
from server.facilities.waiting.errors import NoLongerWaiting, OfferOver
from server.facilities.waiting.joining import apply, leave
from server.facilities.waiting.offering import lapse_offers, make_offers
from tests.concurrency.racing import as_owner, look, race
from tests.factories.facilities import make_bed

TODAY = clock.today()
OPEN = "SELECT count(*) FROM bed_offer WHERE state = 'open'"
OFFERED_TWICE = (
    "SELECT bed_id FROM bed_offer WHERE state = 'open' GROUP BY bed_id HAVING count(*) > 1"
)
OFFERED_TO_NOBODY = """
    SELECT f.id FROM bed_offer f JOIN waiting_entry w ON w.id = f.entry_id
     WHERE f.state = 'open' AND w.state <> 'offered'
"""

INSERT = """
    INSERT INTO bed_offer (entry_id, resident_id, site_id, kind, bed_id, made_at, expires_at, state)
    SELECT w.id, w.resident_id, w.site_id, w.kind, b.id, :at,
           CAST(:at AS timestamptz) + interval '1 hour', 'open'
      FROM waiting_entry w JOIN bed b USING (site_id, kind) WHERE w.id = :entry
"""


@sessions.in_transaction
def act(deed, *, session):
    return (deed(session) and deed.__name__) or "nothing"


@pytest.fixture
def entries(settle, people):
    """Five people wait for the one free bed of a home."""

    def wait(session):
        bed = make_bed(session)
        return [
            apply(
                session,
                resident_id=resident,
                site_id=bed.site_id,
                kind=BedKind.INSTITUTION,
                asked_by=RequestedBy.SELF,
            ).id
            for resident in residents
        ]

    residents = people(5)[1]
    return settle(wait)


def offered(session):
    return make_offers(session)


def swept(session):
    return lapse_offers(session) + make_offers(session) + 1


def test_twenty_sweeps_offer_it_once(own_city, platform, entries):
    outcomes = race([offered] * 20, act)

    assert outcomes == {"offered": 1, "nothing": 19}
    assert look(own_city, OPEN) == [(1,)]


class TestPlainInserts:
    """Past the sweep, which looks at the list too: what the database itself keeps."""

    @pytest.fixture
    def wishes(self, entries):
        def offering(entry):
            def inserted(session):
                session.execute(text(INSERT), {"entry": entry, "at": clock.now()})
                return True

            return inserted

        return [offering(entry) for entry in entries]

    def test_offer_a_bed_once(self, own_city, platform, wishes):
        assert race(wishes, act) == {"inserted": 1, "IntegrityError": 4}

    def test_without_the_guard_offer_it_to_many(self, own_city, platform, wishes):
        as_owner(own_city, "DROP INDEX uq_bed_offer_one_a_bed")

        assert race(wishes, act) == {"inserted": 5}
        assert look(own_city, OFFERED_TWICE) != []


def test_offers_never_stay_with_somebody_who_leaves_meanwhile(own_city, platform, entries):
    def leaving(entry):
        def left(session):
            return leave(session, entry)

        return left

    outcomes = race([deed for entry in entries for deed in (swept, leaving(entry), swept)], act)

    assert outcomes["left"] == 5
    assert look(own_city, OFFERED_TO_NOBODY) == []


def test_accepted_and_left_at_once_is_one_of_the_two(own_city, platform, settle, entries):
    settle(make_offers)
    [(offer, entry)] = look(own_city, "SELECT id, entry_id FROM bed_offer")

    def accepted(session):
        return accept_offer(session, offer, planned_on=TODAY)

    def left(session):
        return leave(session, entry)

    outcomes = race([accepted, left] * 8, act)

    assert set(outcomes) <= {"accepted", "left", OfferOver.__name__, NoLongerWaiting.__name__}
    assert (outcomes["accepted"] == 1) != (outcomes["left"] > 0)
    held = "SELECT count(*) FROM bed_occupancy WHERE superseded_at IS NULL"
    assert look(own_city, held) == [(outcomes["accepted"],)]
