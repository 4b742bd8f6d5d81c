"""Many answer one referral at once, and many ask for one person: it happens once, and wholly."""

import pytest

from server import clock
from server.db import sessions
from server.facilities.models import BedKind
from server.facilities.referrals.answering import accept
from server.facilities.referrals.carrying_out import carry_out
from server.facilities.referrals.errors import HasAReferral, ReferralNotSo
from server.facilities.referrals.models import ReferralReason, RequestedBy
from server.facilities.referrals.requesting import request_referral, withdraw
from server.facilities.stays.admitting import admit
from tests.concurrency.racing import as_owner, look, race
from tests.concurrency.test_take_bed import HALF_DONE, IN_TWO_BEDS
from tests.factories.facilities import make_bed, make_beds

TODAY = clock.today()
OPEN = "SELECT count(*) FROM referral WHERE state IN ('requested', 'accepted')"
HELD_FOR_NOTHING = """
    SELECT o.id FROM bed_occupancy o WHERE o.superseded_at IS NULL AND o.state = 'held'
       AND NOT EXISTS (SELECT 1 FROM referral r
                        WHERE r.held_stay_id = o.stay_id AND r.state = 'accepted')
"""


@sessions.in_transaction
def act(deed, *, session):
    return deed(session) and deed.__name__


@pytest.fixture
def resident(people):
    return people(1)[1][0]


@pytest.fixture
def ward(settle):
    return settle(lambda session: make_bed(session, kind=BedKind.MEDICAL))


@pytest.fixture
def referral(settle, resident, ward):
    """Somebody lives in a care home and is to go to hospital."""

    def ask(session):
        home = make_bed(session)
        stay = admit(session, bed_id=home.id, resident_id=resident, admitted_on=TODAY)
        return request(session, resident, ward, from_stay_id=stay.id, keeps_bed=True).id

    return settle(ask)


def request(session, resident_id, bed, **given):
    values = {
        "resident_id": resident_id,
        "from_stay_id": None,
        "to_site_id": bed.site_id,
        "to_kind": bed.kind,
        "reason": ReferralReason.TREATMENT,
        "basis": "髋部骨折",
        "requested_by": RequestedBy.STAFF,
    } | given
    return request_referral(session, **values)


def test_two_houses_hand_somebody_over_at_once_and_it_happens_once(
    own_city, platform, settle, referral, ward
):
    settle(lambda session: accept(session, referral, bed_id=ward.id, planned_on=TODAY))

    def handed_over(session):
        return carry_out(session, referral, on=TODAY)

    outcomes = race([handed_over] * 20, act)

    assert outcomes == {"handed_over": 1, ReferralNotSo.__name__: 19}
    assert look(own_city, IN_TWO_BEDS) == []
    assert look(own_city, HALF_DONE) == []
    states = "SELECT state FROM bed_occupancy WHERE superseded_at IS NULL ORDER BY state"
    assert look(own_city, states) == [("in_hospital",), ("occupied",)]


@pytest.mark.parametrize("run", range(3))
def test_accepted_and_taken_back_at_once_no_bed_is_held_for_nothing(
    own_city, platform, referral, ward, run
):
    def accepted(session):
        return accept(session, referral, bed_id=ward.id, planned_on=TODAY)

    def taken_back(session):
        return withdraw(session, referral)

    outcomes = race([accepted, taken_back] * 8, act)

    assert outcomes["taken_back"] == 1
    assert outcomes["accepted"] <= 1
    assert look(own_city, HELD_FOR_NOTHING) == []
    assert look(own_city, OPEN) == [(0,)]


class TestOnePersonAskedForByMany:
    @pytest.fixture
    def wishes(self, settle, resident):
        beds = settle(lambda session: [make_beds(session, 1)[0] for _ in range(20)])

        def asking(bed):
            def asked(session):
                return request(session, resident, bed)

            return asked

        return [asking(bed) for bed in beds]

    def test_has_one_open_referral(self, own_city, platform, wishes):
        assert race(wishes, act) == {"asked": 1, HasAReferral.__name__: 19}

    def test_without_the_guard_has_several(self, own_city, platform, wishes):
        as_owner(own_city, "DROP INDEX uq_referral_one_open")

        assert race(wishes, act)["asked"] > 1
