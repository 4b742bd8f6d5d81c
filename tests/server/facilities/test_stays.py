"""From the hold to the last day: a bed is taken when somebody has it, and free when not."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.errors import NotFound
from server.facilities.beds import (
    add_rooms,
    mark_ready,
    put_back_into_use,
    take_out_of_use,
)
from server.facilities.errors import (
    BedNotReady,
    BedOccupied,
    BedOfAnotherKind,
    BedTaken,
    DayOutOfReach,
    FacilityNotOpen,
    HasABed,
    HasAHold,
    HoldLapsed,
    RoomExists,
    StayNotSo,
)
from server.facilities.models import BedKind, BedState, EndReason, StayStatus
from server.facilities.stays.admitting import admit, take_up
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import cancel_hold, hold_bed, lapse_holds
from server.facilities.stays.moving import (
    come_back,
    go_on_leave,
    go_to_hospital,
    move_to_bed,
)
from server.providers.models import OpeningState, Site
from server.residents.errors import ResidentGone
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident

TODAY = clock.today()


def ago(days):
    return TODAY - timedelta(days=days)


def ahead(days):
    return TODAY + timedelta(days=days)


def days_later(days):
    return time_machine.travel(clock.now() + timedelta(days=days))


@pytest.fixture
def wang(session):
    return make_resident(session)


@pytest.fixture
def li(session):
    return make_resident(session)


@pytest.fixture
def bed(session):
    return make_bed(session)


def takings(session, stay):
    """What the stay takes, as days from now."""
    rows = session.execute(
        text(
            "SELECT state, starts_on, ends_on FROM bed_occupancy"
            " WHERE stay_id = :stay AND superseded_at IS NULL ORDER BY starts_on"
        ),
        {"stay": stay.id},
    ).all()
    return [(row.state, _days(row.starts_on), _days(row.ends_on)) for row in rows]


def _days(day: date | None):
    return None if day is None else (day - TODAY).days


class TestAHold:
    def test_takes_the_bed_for_three_days(self, session, bed, wang):
        stay = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=ahead(2))

        assert takings(session, stay) == [("held", 2, 5)]
        assert stay.hold_until == ahead(5)

    def test_keeps_others_out(self, session, bed, wang, li):
        hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        with pytest.raises(BedTaken) as refusal:
            hold_bed(session, bed_id=bed.id, resident_id=li.id, planned_on=ahead(2))
        assert refusal.value.facts == {"bed": bed.label}

    def test_of_days_apart_leaves_room_for_another(self, session, bed, wang, li):
        hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        hold_bed(session, bed_id=bed.id, resident_id=li.id, planned_on=ahead(3))

    def test_is_one_a_person(self, session, wang):
        one, other = make_beds(session)
        hold_bed(session, bed_id=one.id, resident_id=wang.id, planned_on=TODAY)

        with pytest.raises(HasAHold):
            hold_bed(session, bed_id=other.id, resident_id=wang.id, planned_on=ahead(9))

    def test_cancelled_leaves_the_bed_free_at_once(self, session, bed, wang, li):
        stay = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        cancel_hold(session, stay.id)

        assert (stay.status, takings(session, stay)) == (StayStatus.CANCELLED, [])
        admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)

    def test_lapses_by_its_days_and_is_told_so_once(self, session, bed, wang, li):
        stay = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        with days_later(3):
            admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=clock.today())
            with pytest.raises(HoldLapsed):
                take_up(session, stay.id, admitted_on=clock.today())
            assert (lapse_holds(session), lapse_holds(session)) == (1, 0)
        session.refresh(stay)
        assert stay.status is StayStatus.LAPSED

    def test_for_a_dead_person_is_refused(self, session, bed, wang):
        wang.died_on = ago(1)
        session.flush()

        with pytest.raises(ResidentGone):
            hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

    def test_at_a_facility_that_takes_nobody_is_refused(self, session, wang):
        site = make_site(session, opening_state=OpeningState.SUSPENDED)

        with pytest.raises(FacilityNotOpen):
            hold_bed(
                session,
                bed_id=make_bed(session, site=site).id,
                resident_id=wang.id,
                planned_on=TODAY,
            )


class TestAdmission:
    def test_takes_the_bed_until_further_notice(self, session, bed, wang):
        stay = admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)

        assert (stay.status, takings(session, stay)) == (
            StayStatus.STAYING,
            [("occupied", 0, None)],
        )

    def test_uses_the_hold(self, session, bed, wang):
        stay = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        take_up(session, stay.id, admitted_on=TODAY)

        assert takings(session, stay) == [("occupied", 0, None)]

    def test_may_come_earlier_than_was_held(self, session, bed, wang):
        stay = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=ahead(2))

        take_up(session, stay.id, admitted_on=TODAY)

        assert takings(session, stay) == [("occupied", 0, None)]

    def test_may_be_entered_some_days_later(self, session, bed, wang):
        stay = hold_bed(session, bed_id=bed.id, resident_id=wang.id, planned_on=TODAY)

        with days_later(2):
            take_up(session, stay.id, admitted_on=ahead(1))

        assert takings(session, stay) == [("held", 0, 1), ("occupied", 1, None)]

    def test_into_another_bed_than_was_held_frees_the_held_one(self, session, wang, li):
        held, better = make_beds(session)
        stay = hold_bed(session, bed_id=held.id, resident_id=wang.id, planned_on=TODAY)

        take_up(session, stay.id, admitted_on=TODAY, bed_id=better.id)

        admit(session, bed_id=held.id, resident_id=li.id, admitted_on=TODAY)

    def test_of_two_into_one_bed_is_refused(self, session, bed, wang, li):
        admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=ago(3))

        with pytest.raises(BedTaken):
            admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)

    def test_of_one_into_two_beds_is_refused_over_all_kinds(self, session, bed, wang):
        admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)

        for kind in BedKind:
            with pytest.raises(HasABed):
                admit(
                    session,
                    bed_id=make_bed(session, kind=kind).id,
                    resident_id=wang.id,
                    admitted_on=TODAY,
                )

    def test_waits_until_the_bed_is_cleaned(self, session, bed, wang, li):
        stay = admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=ago(3))
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        with pytest.raises(BedNotReady):
            admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)
        mark_ready(session, bed.id)
        admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)

    def test_lets_the_facility_know_the_person(self, session, bed, wang):
        admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)

        assert session.execute(text("SELECT site_id, ends_on FROM care_link")).all() == [
            (bed.site_id, date(2169, 12, 31))
        ]

    def test_into_a_bed_that_is_not_there_is_refused(self, session, wang):
        with pytest.raises(NotFound):
            admit(session, bed_id=999_999, resident_id=wang.id, admitted_on=TODAY)


@pytest.fixture
def stay(session, bed, wang):
    return admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=ago(10))


class TestLeave:
    def test_keeps_the_bed(self, session, stay, bed, li):
        go_on_leave(session, stay.id, since=ago(4))
        come_back(session, stay.id, on=ago(2))

        assert takings(session, stay) == [
            ("occupied", -10, -4),
            ("on_leave", -4, -2),
            ("occupied", -2, None),
        ]

    def test_of_no_night_leaves_no_trace(self, session, stay):
        go_on_leave(session, stay.id, since=TODAY)
        come_back(session, stay.id, on=TODAY)

        assert takings(session, stay) == [("occupied", -10, 0), ("occupied", 0, None)]

    def test_at_home_is_no_free_bed_and_no_second_one(self, session, stay, bed, wang, li):
        go_on_leave(session, stay.id, since=ago(4))

        with pytest.raises(BedTaken):
            admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)
        with pytest.raises(HasABed):
            admit(
                session,
                bed_id=make_bed(session, kind=BedKind.HOME_CARE).id,
                resident_id=wang.id,
                admitted_on=TODAY,
            )

    def test_in_hospital_with_the_bed_kept_lets_a_medical_bed_care(
        self, session, stay, bed, wang, li
    ):
        medical = make_bed(session, kind=BedKind.MEDICAL)
        go_to_hospital(session, stay.id, since=ago(4), keeps_bed=True)

        there = admit(session, bed_id=medical.id, resident_id=wang.id, admitted_on=ago(4))
        with pytest.raises(HasABed):
            come_back(session, stay.id, on=ago(1))
        with pytest.raises(BedTaken):
            admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=TODAY)

        discharge(session, there.id, ended_on=ago(1), reason=EndReason.TRANSFERRED)
        come_back(session, stay.id, on=ago(1))
        assert takings(session, stay)[-1] == ("occupied", -1, None)

    def test_in_hospital_without_the_bed_frees_it(self, session, stay, bed, li):
        go_to_hospital(session, stay.id, since=ago(4), keeps_bed=False)
        mark_ready(session, bed.id)
        admit(session, bed_id=bed.id, resident_id=li.id, admitted_on=ago(3))

        assert stay.status is StayStatus.AWAY
        with pytest.raises(StayNotSo):
            come_back(session, stay.id, on=TODAY)
        other = make_bed(session, site=make_site_of(session, bed))
        come_back(session, stay.id, on=TODAY, bed_id=other.id)
        assert stay.status is StayStatus.STAYING

    def test_before_the_stay_began_is_refused(self, session, stay):
        with pytest.raises(DayOutOfReach):
            go_on_leave(session, stay.id, since=ago(11))

    def test_twice_is_refused(self, session, stay):
        go_on_leave(session, stay.id, since=ago(2))

        with pytest.raises(StayNotSo) as refusal:
            go_on_leave(session, stay.id, since=ago(1))
        assert refusal.value.facts == {"status": "on_leave"}


def make_site_of(session, bed):
    return session.get(Site, bed.site_id)


class TestMoving:
    def test_leaves_the_old_bed_to_be_cleaned(self, session, stay, bed, li):
        other = make_bed(session, site=make_site_of(session, bed))

        move_to_bed(session, stay.id, bed_id=other.id, on=ago(1))

        assert takings(session, stay) == [("occupied", -10, -1), ("occupied", -1, None)]
        session.refresh(bed)
        assert bed.left_uncleaned_at is not None

    def test_on_leave_takes_the_leave_along(self, session, stay, bed):
        other = make_bed(session, site=make_site_of(session, bed))
        go_on_leave(session, stay.id, since=ago(2))

        move_to_bed(session, stay.id, bed_id=other.id, on=ago(1))

        assert takings(session, stay)[-1] == ("on_leave", -1, None)

    def test_to_a_bed_of_another_house_or_kind_is_refused(self, session, stay, bed):
        site = make_site_of(session, bed)

        with pytest.raises(NotFound):
            move_to_bed(session, stay.id, bed_id=make_bed(session).id, on=TODAY)
        hospice = make_bed(session, site=site, kind=BedKind.HOSPICE)
        with pytest.raises(BedOfAnotherKind):
            move_to_bed(session, stay.id, bed_id=hospice.id, on=TODAY)


class TestTheEnd:
    def test_frees_the_bed_from_that_day(self, session, stay):
        discharge(session, stay.id, ended_on=ago(1), reason=EndReason.WENT_HOME)

        assert takings(session, stay) == [("occupied", -10, -1)]
        assert (stay.status, stay.ended_on) == (StayStatus.ENDED, ago(1))

    def test_on_the_first_day_leaves_no_night(self, session, bed, wang):
        stay = admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)

        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.OTHER)

        assert takings(session, stay) == []

    def test_comes_once(self, session, stay):
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        with pytest.raises(StayNotSo):
            discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

    def test_is_not_before_what_is_known_of_the_stay(self, session, stay):
        go_on_leave(session, stay.id, since=ago(3))

        with pytest.raises(DayOutOfReach):
            discharge(session, stay.id, ended_on=ago(4), reason=EndReason.WENT_HOME)

    def test_lets_the_facility_forget_the_person_later(self, session, stay):
        discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)

        [ends_on] = session.execute(text("SELECT ends_on FROM care_link")).scalars()
        assert ends_on == ahead(90)


class TestOutOfUse:
    def test_nobody_is_admitted_into_a_bed_under_repair(self, session, bed, wang):
        take_out_of_use(
            session, bed.id, state=BedState.UNDER_REPAIR, starts_on=TODAY, reason="床板断了"
        )

        with pytest.raises(BedTaken):
            admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)
        put_back_into_use(session, bed.id, on=TODAY)
        admit(session, bed_id=bed.id, resident_id=wang.id, admitted_on=TODAY)

    def test_a_bed_with_somebody_in_it_stays_in_use(self, session, stay, bed):
        with pytest.raises(BedOccupied):
            take_out_of_use(session, bed.id, state=BedState.CLOSED, starts_on=TODAY, reason="拆除")

    def test_a_room_is_put_up_once(self, session):
        site = make_site(session)
        rooms = {"floor": 2, "numbers": "201-220", "beds_each": 2, "kind": BedKind.INSTITUTION}

        assert add_rooms(session, site_id=site.id, **rooms) == 40
        with pytest.raises(RoomExists) as refusal:
            add_rooms(session, site_id=site.id, **rooms | {"numbers": "220-221"})
        assert refusal.value.facts == {"room": "220"}
