"""A home does not close over the heads of its people."""

from datetime import timedelta

import pytest

from server import clock
from server.facilities.closing import change_opening, list_people
from server.facilities.errors import FacilityNotOpen, NursingAboveLicensed, PeopleStillHere
from server.facilities.licences import list_licences, note_licence
from server.facilities.models import BedKind, EndReason, StayStatus
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import go_to_hospital
from server.providers.details import list_openings
from server.providers.models import OpeningState, Site
from tests.factories.facilities import make_beds
from tests.factories.people import make_resident

TODAY = clock.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def beds(session):
    return make_beds(session, 3)


@pytest.fixture
def home(beds):
    return beds[0].site_id


def become(session, home, state, on=TODAY):
    return change_opening(session, home, state, starts_on=on, reason="主管部门决定")


def test_an_empty_home_closes_and_what_it_was_is_known(session, home):
    become(session, home, OpeningState.SUSPENDED, on=YESTERDAY)
    become(session, home, OpeningState.CLOSED)

    assert [one.state.value for one in list_openings(session, home)] == ["closed", "suspended"]
    session.expire_all()
    assert session.get(Site, home).opening_state is OpeningState.CLOSED


def test_people_in_beds_away_or_expected_stand_in_the_way(session, home, beds):
    ids = [make_resident(session).id for _ in range(3)]
    staying = admit(session, bed_id=beds[0].id, resident_id=ids[0], admitted_on=TODAY)
    away = admit(session, bed_id=beds[1].id, resident_id=ids[1], admitted_on=YESTERDAY)
    go_to_hospital(session, away.id, since=TODAY, keeps_bed=False)
    hold_bed(session, bed_id=beds[2].id, resident_id=ids[2], planned_on=TODAY)

    with pytest.raises(PeopleStillHere) as refusal:
        become(session, home, OpeningState.CLOSED)

    assert refusal.value.facts == {"people": 3}
    assert {one.status for one in list_people(session, home)} == {
        StayStatus.STAYING,
        StayStatus.AWAY,
        StayStatus.HELD,
    }
    assert session.get(Site, home).opening_state is OpeningState.OPEN
    assert list_openings(session, home) == []
    assert staying.status is StayStatus.STAYING


def test_once_they_have_left_it_closes(session, home, beds):
    stay = admit(
        session, bed_id=beds[0].id, resident_id=make_resident(session).id, admitted_on=YESTERDAY
    )
    discharge(session, stay.id, ended_on=TODAY, reason=EndReason.OTHER_HOME)

    become(session, home, OpeningState.CLOSED)


def test_a_suspended_home_keeps_its_people_and_takes_nobody(session, home, beds):
    admit(session, bed_id=beds[0].id, resident_id=make_resident(session).id, admitted_on=TODAY)
    become(session, home, OpeningState.SUSPENDED)
    session.expire_all()

    with pytest.raises(FacilityNotOpen):
        admit(session, bed_id=beds[1].id, resident_id=make_resident(session).id, admitted_on=TODAY)
    assert len(list_people(session, home)) == 1


def test_a_licence_of_the_same_day_is_put_right(session, home):
    given = {"kind": BedKind.INSTITUTION, "starts_on": TODAY, "document": "备案回执"}
    note_licence(session, home, licensed=100, nursing=60, **given)
    note_licence(session, home, licensed=120, nursing=60, **given)

    assert [one.licensed for one in list_licences(session, home)] == [120]
    with pytest.raises(NursingAboveLicensed):
        note_licence(session, home, licensed=1, nursing=2, **given)
