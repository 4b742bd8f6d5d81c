"""Every way to a bed, tried on a bed that is taken and by somebody who has one: none leads in.

Two hundred at once, and their twins without the constraints, are in tests/concurrency.
"""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server import clock
from server.facilities.beds import mark_ready, put_back_into_use, take_out_of_use
from server.facilities.errors import BedOccupied, BedTaken, HasABed, HasAHold, StayNotSo
from server.facilities.merging import name_colliding_stays
from server.facilities.models import BedKind, BedState, EndReason, StayStatus
from server.facilities.referrals.answering import accept
from server.facilities.referrals.carrying_out import carry_out
from server.facilities.referrals.models import ReferralReason, RequestedBy
from server.facilities.referrals.requesting import request_referral
from server.facilities.stays.admitting import admit, take_up
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import come_back, go_on_leave, go_to_hospital, move_to_bed
from server.facilities.waiting.joining import apply
from server.facilities.waiting.offering import make_offers
from server.providers.models import Site
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from server.residents.merging.events import MergeConsidered
from tests.factories.facilities import make_bed, make_beds
from tests.factories.people import make_resident
from tests.server.facilities.test_any_order import BROKEN

TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


class House:
    """李 sleeps in one of two beds of a home; 王 has come to the door; a bed stands elsewhere."""

    def __init__(self, session):
        self.session = session
        self.bed, self.other = make_beds(session, 2)
        self.site = session.get(Site, self.bed.site_id)
        self.elsewhere = make_bed(session)
        self.li, self.wang = make_resident(session), make_resident(session)
        self.stay = self.let_in(self.bed, self.li, on=ago(9))

    def let_in(self, bed, resident, on=TODAY):
        return admit(self.session, bed_id=bed.id, resident_id=resident.id, admitted_on=on)

    def hold(self, bed, resident):
        return hold_bed(self.session, bed_id=bed.id, resident_id=resident.id, planned_on=TODAY)

    def refer(self, resident, bed, *, stay=None):
        return request_referral(
            self.session,
            resident_id=resident.id,
            from_stay_id=stay.id if stay else None,
            to_site_id=bed.site_id,
            to_kind=bed.kind,
            reason=ReferralReason.DAILY_CARE,
            basis="家属要求",
            requested_by=RequestedBy.STAFF,
        )

    def check(self):
        self.session.flush()
        for promise in ("two in one bed", "one in two beds"):
            assert self.session.execute(text(BROKEN[promise])).all() == [], promise


@pytest.fixture
def house(session):
    house = House(session)
    yield house
    house.check()


class TestIntoATakenBed:
    def test_nobody_is_admitted_on_any_day(self, house):
        for day in (TODAY, ago(5), ago(20)):
            with pytest.raises(BedTaken):
                house.let_in(house.bed, house.wang, on=day)

    def test_nobody_gets_it_held(self, house):
        with pytest.raises(BedTaken):
            house.hold(house.bed, house.wang)

    def test_nobody_with_another_bed_held_is_led_into_it(self, session, house):
        held = house.hold(house.other, house.wang)
        with pytest.raises(BedTaken):
            take_up(session, held.id, admitted_on=TODAY, bed_id=house.bed.id)

    def test_nobody_moves_into_it(self, session, house):
        stay = house.let_in(house.other, house.wang)
        with pytest.raises(BedTaken):
            move_to_bed(session, stay.id, bed_id=house.bed.id, on=TODAY)

    @pytest.mark.parametrize("keeps_bed", [True, False])
    def test_nobody_comes_back_into_it(self, session, house, keeps_bed):
        stay = house.let_in(house.other, house.wang)
        go_to_hospital(session, stay.id, since=TODAY, keeps_bed=keeps_bed)
        with pytest.raises(BedTaken):
            come_back(session, stay.id, on=TODAY, bed_id=house.bed.id)

    def test_nobody_is_referred_into_it(self, session, house):
        referral = house.refer(house.wang, house.bed)
        with pytest.raises(BedTaken):
            accept(session, referral.id, bed_id=house.bed.id, planned_on=TODAY)

    def test_nobody_is_offered_it(self, session, house):
        house.let_in(house.other, make_resident(session))
        apply(
            session,
            resident_id=house.wang.id,
            site_id=house.site.id,
            kind=BedKind.INSTITUTION,
            asked_by=RequestedBy.SELF,
        )
        assert make_offers(session) == 0

    @pytest.mark.parametrize("away", ["leave", "hospital"])
    def test_a_bed_that_is_kept_is_taken(self, session, house, away):
        if away == "leave":
            go_on_leave(session, house.stay.id, since=TODAY)
        else:
            go_to_hospital(session, house.stay.id, since=TODAY, keeps_bed=True)
        with pytest.raises(BedTaken):
            house.let_in(house.bed, house.wang)

    def test_a_bed_that_is_held_is_taken(self, house):
        house.hold(house.other, house.li)
        with pytest.raises(BedTaken):
            house.let_in(house.other, house.wang)

    def test_a_closed_bed_lets_nobody_in_until_it_is_open_again(self, session, house):
        take_out_of_use(
            session, house.other.id, state=BedState.CLOSED, starts_on=TODAY, reason="停用"
        )
        with pytest.raises(BedTaken):
            house.let_in(house.other, house.wang)
        with pytest.raises(BedOccupied):
            take_out_of_use(
                session, house.bed.id, state=BedState.CLOSED, starts_on=TODAY, reason="停用"
            )
        put_back_into_use(session, house.bed.id, on=TODAY)
        with pytest.raises(BedTaken):
            house.let_in(house.bed, house.wang)

    def test_a_death_taken_back_puts_nobody_on_top_of_the_next(self, session, house):
        report_departure(
            session, resident_id=house.li.id, kind=DepartureKind.DIED, happened_on=ago(2)
        )
        session.expire_all()
        mark_ready(session, house.bed.id)
        house.let_in(house.bed, house.wang)
        departure = session.execute(text("SELECT id FROM departure")).scalar_one()
        reverse_departure(session, departure, reason="认错了人")
        session.expire_all()

        assert house.stay.status is StayStatus.AWAY


class TestWhoHasABed:
    def test_is_admitted_to_no_other_on_any_of_those_days(self, house):
        for day in (TODAY, ago(5), ago(20)):
            for bed in (house.elsewhere, house.other):
                with pytest.raises(HasABed):
                    house.let_in(bed, house.li, on=day)

    def test_may_have_another_held_and_cannot_take_it_up(self, session, house):
        held = house.hold(house.elsewhere, house.li)
        with pytest.raises(HasAHold):
            house.hold(house.other, house.li)
        with pytest.raises(HasABed):
            take_up(session, held.id, admitted_on=TODAY)

    @pytest.mark.parametrize("away", ["leave", "hospital"])
    def test_has_it_while_it_is_kept(self, session, house, away):
        if away == "leave":
            go_on_leave(session, house.stay.id, since=TODAY)
        else:
            go_to_hospital(session, house.stay.id, since=TODAY, keeps_bed=True)
        with pytest.raises(HasABed):
            house.let_in(house.elsewhere, house.li)

    def test_may_lie_in_a_medical_bed_while_one_is_kept_and_then_not_come_back_first(
        self, session, house
    ):
        medical = make_bed(session, kind=BedKind.MEDICAL)
        go_to_hospital(session, house.stay.id, since=TODAY, keeps_bed=True)
        cared_for = house.let_in(medical, house.li)
        with pytest.raises(HasABed):
            come_back(session, house.stay.id, on=TODAY)
        discharge(session, cared_for.id, ended_on=TODAY, reason=EndReason.WENT_HOME)
        come_back(session, house.stay.id, on=TODAY)

    def test_who_came_from_hospital_into_another_house_does_not_come_back_too(self, session, house):
        go_to_hospital(session, house.stay.id, since=TODAY, keeps_bed=False)
        house.let_in(house.elsewhere, house.li)
        with pytest.raises(HasABed):
            come_back(session, house.stay.id, on=TODAY, bed_id=house.other.id)

    def test_is_handed_over_out_of_it_and_not_beside_it(self, session, house):
        referral = house.refer(house.li, house.elsewhere, stay=house.stay)
        accept(session, referral.id, bed_id=house.elsewhere.id, planned_on=TODAY)
        carry_out(session, referral.id, on=TODAY)
        assert house.stay.status is StayStatus.ENDED

    def test_referred_as_if_from_home_is_not_taken_in(self, session, house):
        referral = house.refer(house.li, house.elsewhere)
        accept(session, referral.id, bed_id=house.elsewhere.id, planned_on=TODAY)
        with pytest.raises(HasABed):
            carry_out(session, referral.id, on=TODAY)

    def test_ends_a_stay_once(self, session, house):
        discharge(session, house.stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)
        for again in (
            lambda: come_back(session, house.stay.id, on=TODAY, bed_id=house.bed.id),
            lambda: move_to_bed(session, house.stay.id, bed_id=house.other.id, on=TODAY),
            lambda: go_on_leave(session, house.stay.id, since=TODAY),
        ):
            with pytest.raises(StayNotSo):
                again()


class TestTwoWhoAreOne:
    def considered(self, session, house):
        event = MergeConsidered(kept_id=house.li.id, merged_id=house.wang.id)
        name_colliding_stays(session, event)
        return {collision.code for collision in event.collisions}

    def test_are_not_merged_while_both_are_in_beds(self, session, house):
        house.let_in(house.elsewhere, house.wang)
        assert self.considered(session, house) == {"beds-overlap"}

    def test_are_not_merged_while_both_are_of_one_home_and_one_has_no_bed(self, session, house):
        house.let_in(house.other, house.wang)
        go_to_hospital(session, house.stay.id, since=TODAY, keeps_bed=False)
        assert "beds-overlap" in self.considered(session, house)

    def test_may_be_merged_where_the_hospital_knew_the_other(self, session, house):
        go_to_hospital(session, house.stay.id, since=TODAY, keeps_bed=True)
        house.let_in(make_bed(session, kind=BedKind.MEDICAL), house.wang)
        assert self.considered(session, house) == set()


REWRITTEN = {
    "a record that no longer counts counts again": (
        "UPDATE bed_occupancy SET superseded_at = NULL WHERE superseded_at IS NOT NULL"
    ),
    "a record is made to go on": (
        "UPDATE bed_occupancy SET ends_on = NULL, end_recorded_at = NULL WHERE ends_on IS NOT NULL"
    ),
    "one more is written": (
        "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id, starts_on,"
        " reason, recorded_at) SELECT :elsewhere, :their_site, kind, state, stay_id, resident_id,"
        " starts_on, '', now() FROM bed_occupancy WHERE ends_on IS NULL LIMIT 1"
    ),
    "one more is written for another stay": (
        "INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id, starts_on,"
        " reason, recorded_at) SELECT o.bed_id, o.site_id, o.kind, 'occupied', s.id, s.resident_id,"
        " o.starts_on, '', now() FROM bed_occupancy o, stay s WHERE s.status = 'held' AND"
        " o.ends_on IS NULL LIMIT 1"
    ),
    "two stays of one person at one home": (
        "INSERT INTO stay (resident_id, site_id, kind, status, planned_on, hold_until, admitted_on,"
        " note) SELECT resident_id, site_id, kind, 'away', planned_on, hold_until, admitted_on, ''"
        " FROM stay WHERE status = 'staying' LIMIT 1"
    ),
}


@pytest.mark.parametrize("statement", REWRITTEN.values(), ids=list(REWRITTEN))
def test_the_applications_own_role_writes_no_second_one(session, house, statement):
    """李 has moved from one bed to the other, on a later day and once on the same day."""
    house.hold(house.elsewhere, make_resident(session))
    move_to_bed(session, house.stay.id, bed_id=house.other.id, on=ago(3))
    mark_ready(session, house.bed.id)
    house.let_in(house.bed, house.wang, on=ago(2))
    mark_ready(session, house.other.id)
    stay = session.execute(text("SELECT max(id) FROM stay")).scalar_one()
    free = make_bed(session, site=house.site)
    move_to_bed(session, stay, bed_id=free.id, on=ago(2))
    mark_ready(session, house.bed.id)
    house.let_in(house.bed, make_resident(session), on=ago(1))
    values = {"elsewhere": free.id, "their_site": free.site_id}
    broken = r"violates (exclusion|unique|foreign key) constraint|duplicate key"
    with pytest.raises(IntegrityError, match=broken), session.begin_nested():
        session.execute(text(statement), values)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bed_occupancy SET bed_id = :bed",
        "UPDATE bed_occupancy SET resident_id = :resident",
        "UPDATE bed_occupancy SET starts_on = starts_on - 1",
        "UPDATE bed_occupancy SET state = 'held'",
        "UPDATE stay SET resident_id = :resident",
        "UPDATE stay SET site_id = :bed",
        "UPDATE bed SET site_id = :bed",
        "DELETE FROM bed_occupancy",
    ],
)
def test_whose_bed_it_is_is_beyond_the_applications_rights(session, house, statement):
    values = {"bed": house.other.id, "resident": house.wang.id}
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text(statement), values)
