"""From one bed to another: asked, accepted with a bed, and carried out in one."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.errors import NotFound
from server.facilities.errors import BedNotReady, BedOfAnotherKind, HoldLapsed, StayNotSo
from server.facilities.models import BedKind, EndReason, StayStatus
from server.facilities.queries.stays import get_stay
from server.facilities.referrals.answering import accept, decline, lapse_referrals
from server.facilities.referrals.carrying_out import carry_out
from server.facilities.referrals.errors import (
    BedUnnamed,
    HasAReferral,
    ReferralNotSo,
    ReferralTooLate,
    StaysThere,
)
from server.facilities.referrals.models import ReferralReason, ReferralState, RequestedBy
from server.facilities.referrals.requesting import request_referral, withdraw
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure
from server.residents.errors import ResidentGone
from tests.factories.facilities import make_bed
from tests.factories.people import make_resident

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def wang(session):
    return make_resident(session)


@pytest.fixture
def home(session):
    """A bed in a care home."""
    return make_bed(session)


@pytest.fixture
def ward(session):
    """A bed in a hospital."""
    return make_bed(session, kind=BedKind.MEDICAL)


@pytest.fixture
def stay(session, wang, home):
    return admit(session, bed_id=home.id, resident_id=wang.id, admitted_on=YESTERDAY)


def ask(session, resident, bed, *, stay=None, **given):
    values = {
        "resident_id": resident.id,
        "from_stay_id": stay.id if stay else None,
        "to_site_id": bed.site_id,
        "to_kind": bed.kind,
        "reason": ReferralReason.TREATMENT,
        "basis": "髋部骨折",
        "requested_by": RequestedBy.STAFF,
    } | given
    return request_referral(session, **values)


def open_takings(session, resident):
    """Which beds the person takes with no end in sight, and how."""
    rows = session.execute(
        text(
            "SELECT bed_id, state FROM bed_occupancy WHERE resident_id = :resident"
            " AND superseded_at IS NULL AND (ends_on IS NULL OR state = 'held') ORDER BY bed_id"
        ),
        {"resident": resident.id},
    )
    return [tuple(row) for row in rows]


def days_later(days):
    return time_machine.travel(clock.now() + timedelta(days=days))


class TestARequest:
    def test_waits_for_an_answer_for_three_days(self, session, wang, home):
        referral = ask(session, wang, home)

        assert referral.state is ReferralState.REQUESTED
        assert referral.decide_by == TODAY + timedelta(days=3)

    def test_lets_the_facility_know_whom_it_is_asked_to_take(self, session, wang, home):
        ask(session, wang, home)

        link = session.execute(text("SELECT site_id, ends_on FROM care_link")).one()
        assert tuple(link) == (home.site_id, TODAY + timedelta(days=4))

    def test_is_one_a_person(self, session, wang, home, ward):
        ask(session, wang, home)

        with pytest.raises(HasAReferral):
            ask(session, wang, ward)

    def test_to_the_same_kind_of_bed_in_the_same_house_is_none(self, session, wang, home, stay):
        with pytest.raises(StaysThere):
            ask(session, wang, home, stay=stay)

    def test_names_a_stay_of_that_person_alone(self, session, stay, ward):
        somebody_else = make_resident(session)

        with pytest.raises(NotFound):
            ask(session, somebody_else, ward, stay=stay)

    def test_wishes_for_a_bed_of_that_house_alone(self, session, wang, home, ward):
        with pytest.raises(NotFound):
            ask(session, wang, home, wished_bed_id=ward.id)

    def test_out_of_a_stay_that_is_over_is_refused(self, session, wang, stay, ward):
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        with pytest.raises(StayNotSo):
            ask(session, wang, ward, stay=stay)

    def test_for_somebody_who_died_is_refused(self, session, wang, home):
        report_departure(
            session, resident_id=wang.id, kind=DepartureKind.DIED, happened_on=YESTERDAY
        )

        with pytest.raises(ResidentGone):
            ask(session, wang, home)


class TestAnAnswer:
    def test_that_accepts_holds_the_bed(self, session, wang, home):
        referral = accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)

        assert referral.state is ReferralState.ACCEPTED
        assert open_takings(session, wang) == [(home.id, "held")]

    def test_names_a_bed(self, session, wang, home):
        referral = ask(session, wang, home)

        with pytest.raises(BedUnnamed):
            accept(session, referral.id, bed_id=None, planned_on=TODAY)

    def test_names_a_bed_of_the_house(self, session, wang, home, ward):
        referral = ask(session, wang, home)

        with pytest.raises(NotFound):
            accept(session, referral.id, bed_id=ward.id, planned_on=TODAY)

    def test_names_a_bed_of_the_kind(self, session, wang, home):
        referral = ask(session, wang, home, to_kind=BedKind.HOSPICE)

        with pytest.raises(BedOfAnotherKind):
            accept(session, referral.id, bed_id=home.id, planned_on=TODAY)

    def test_comes_in_time(self, session, wang, home):
        referral = ask(session, wang, home)

        with days_later(4), pytest.raises(ReferralTooLate):
            accept(session, referral.id, bed_id=home.id, planned_on=clock.today())

    def test_that_declines_says_why_and_leaves_room_for_another(self, session, wang, home, ward):
        referral = decline(session, ask(session, wang, home).id, reason="没有护理员")

        assert (referral.state, referral.decline_reason) == (ReferralState.DECLINED, "没有护理员")
        ask(session, wang, ward)

    def test_is_given_once(self, session, wang, home):
        referral = decline(session, ask(session, wang, home).id, reason="没有护理员")

        with pytest.raises(ReferralNotSo):
            accept(session, referral.id, bed_id=home.id, planned_on=TODAY)

    def test_that_never_comes_lets_it_lapse_once(self, session, wang, home):
        referral = ask(session, wang, home)

        assert lapse_referrals(session) == 0
        with days_later(4):
            assert lapse_referrals(session) == 1
            assert lapse_referrals(session) == 0
        assert referral.state is ReferralState.LAPSED

    def test_taken_back_frees_the_bed(self, session, wang, home):
        referral = accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)

        withdraw(session, referral.id)

        assert referral.state is ReferralState.WITHDRAWN
        assert open_takings(session, wang) == []

    def test_that_nobody_used_lapses_with_its_hold(self, session, wang, home):
        accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)

        with days_later(3):
            assert lapse_referrals(session) == 1


class TestCarryingOut:
    def test_from_home_begins_a_stay(self, session, wang, home):
        referral = accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)

        carry_out(session, referral.id, on=TODAY, note="药单已交")

        assert open_takings(session, wang) == [(home.id, "occupied")]
        assert (referral.state, referral.handover_note) == (ReferralState.CARRIED_OUT, "药单已交")

    def test_leaves_one_bed_and_begins_in_the_other(self, session, wang, home, ward, stay):
        referral = ask(session, wang, ward, stay=stay)
        accept(session, referral.id, bed_id=ward.id, planned_on=TODAY)

        carry_out(session, referral.id, on=TODAY)

        assert open_takings(session, wang) == [(ward.id, "occupied")]
        assert (stay.status, stay.end_reason) == (StayStatus.ENDED, EndReason.TRANSFERRED)

    def test_to_hospital_keeps_the_bed_that_is_to_be_kept(self, session, wang, home, ward, stay):
        referral = ask(session, wang, ward, stay=stay, keeps_bed=True)
        accept(session, referral.id, bed_id=ward.id, planned_on=TODAY)

        carry_out(session, referral.id, on=TODAY)

        assert open_takings(session, wang) == [(home.id, "in_hospital"), (ward.id, "occupied")]

    def test_keeps_no_bed_for_a_move_between_homes(self, session, wang, stay):
        referral = ask(session, wang, make_bed(session), stay=stay, keeps_bed=True)

        assert not referral.keeps_bed

    def test_comes_back_the_same_way_into_the_kept_bed(self, session, wang, home, ward, stay):
        there = ask(session, wang, ward, stay=stay, keeps_bed=True)
        accept(session, there.id, bed_id=ward.id, planned_on=TODAY)
        carry_out(session, there.id, on=TODAY)
        in_the_ward = get_stay(session, there.held_stay_id)

        back = ask(session, wang, home, stay=in_the_ward, reason=ReferralReason.RECOVERY)
        accept(session, back.id, bed_id=None, planned_on=TODAY)
        carry_out(session, back.id, on=TODAY)

        assert open_takings(session, wang) == [(home.id, "occupied")]
        assert (stay.status, in_the_ward.status) == (StayStatus.STAYING, StayStatus.ENDED)

    def test_refused_at_the_second_step_undoes_the_first(self, session, wang, home, ward, stay):
        referral = ask(session, wang, ward, stay=stay)
        accept(session, referral.id, bed_id=ward.id, planned_on=TODAY)
        ward.left_uncleaned_at = clock.now()
        session.flush()

        with pytest.raises(BedNotReady):
            carry_out(session, referral.id, on=TODAY)

        session.expire_all()
        assert open_takings(session, wang) == [(home.id, "occupied"), (ward.id, "held")]
        assert referral.state is ReferralState.ACCEPTED

    def test_comes_before_the_hold_is_over(self, session, wang, home):
        referral = accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)

        with days_later(3), pytest.raises(HoldLapsed):
            carry_out(session, referral.id, on=clock.today())

    def test_happens_once(self, session, wang, home):
        referral = accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)
        carry_out(session, referral.id, on=TODAY)

        with pytest.raises(ReferralNotSo):
            carry_out(session, referral.id, on=TODAY)


def test_a_death_withdraws_what_is_open_and_frees_the_bed(session, wang, home):
    referral = accept(session, ask(session, wang, home).id, bed_id=home.id, planned_on=TODAY)

    report_departure(session, resident_id=wang.id, kind=DepartureKind.DIED, happened_on=YESTERDAY)

    session.expire_all()
    assert referral.state is ReferralState.WITHDRAWN
    assert open_takings(session, wang) == []
