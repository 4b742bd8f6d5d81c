"""Who is in which bed already: taken in once, since the day the list says, known from now on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.beds import take_out_of_use
from server.facilities.models import BedKind, BedOccupancy, BedState, EndReason, Stay, StayStatus
from server.facilities.queries.counts import list_counts
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.moving import go_to_hospital
from server.providers.models import OpeningState
from server.residents.models import CareLink
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_bed, make_beds
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_resident, make_sign_in, make_staff
from tests.server.facilities.occupants.lists import SINCE, a_row, complaints, take

TODAY = clock.today()
NUMBERS = [an_id_number(number) for number in range(640, 650)]


@pytest.fixture
def home(session):
    return make_site(session, name="桑榆里养老院")


@pytest.fixture
def beds(session, home):
    return make_beds(session, 3, site=home)


@pytest.fixture
def li(session):
    return make_resident(
        session, name="李秀英", id_number=NUMBERS[0], village_code=OTHER_COUNTY_VILLAGE
    )


@pytest.fixture
def row(home, beds, li):
    return a_row(beds[0], number=NUMBERS[0], 机构=home.name)


def stays(session):
    session.expire_all()
    return session.execute(select(Stay).order_by(Stay.id)).scalars().all()


def test_a_person_is_in_the_bed_since_then_and_it_is_known_since_now(session, row, beds, li, home):
    loaded = take(session, row)

    assert (loaded.new, loaded.unchanged, list(loaded.refused)) == (1, 0, [])
    [stay] = stays(session)
    assert (stay.resident_id, stay.site_id, stay.status) == (li.id, home.id, StayStatus.STAYING)
    assert stay.admitted_on == SINCE
    taken = session.execute(select(BedOccupancy)).scalar_one()
    assert (taken.bed_id, taken.state, taken.starts_on) == (beds[0].id, "occupied", SINCE)
    assert clock.now() - taken.recorded_at < timedelta(minutes=1)


def test_the_past_keeps_what_was_known_then(session, row, home):
    before = clock.now()
    take(session, row)

    a_year_ago = TODAY - timedelta(days=365)
    places = {"prefixes": (), "site_ids": [home.id], "on": a_year_ago}
    [now] = list_counts(session, **places)
    assert now.occupied == 1
    assert [one.occupied for one in list_counts(session, **places, known_at=before)] in ([0], [])


def test_the_home_knows_the_person_from_today_on(session, row, li, home):
    take(session, row)

    link = session.execute(select(CareLink).where(CareLink.site_id == home.id)).scalar_one()
    assert (link.resident_id, link.starts_on) == (li.id, TODAY)
    assert link.ends_on > TODAY + timedelta(days=10_000)


def test_a_second_time_nothing_changes(session, row):
    take(session, row)
    before = session.execute(text("SELECT count(*) FROM trail_entry")).scalar_one()

    again = take(session, row)

    assert (again.new, again.unchanged, list(again.refused)) == (0, 1, [])
    assert len(stays(session)) == 1
    assert session.execute(text("SELECT count(*) FROM trail_entry")).scalar_one() == before


def test_a_bed_younger_than_the_stay_counts_from_its_first_day(session, home, li):
    bed = make_bed(session, site=home, opened_on=date(2025, 6, 1))
    row = a_row(bed, number=NUMBERS[0], 机构=str(home.id))

    assert complaints(session, row) == {2: ["bed-put-up-later"]}
    take(session, row)

    [stay] = stays(session)
    taken = session.execute(select(BedOccupancy)).scalar_one()
    assert (stay.admitted_on, taken.starts_on) == (SINCE, date(2025, 6, 1))


def test_a_bed_is_found_by_room_and_number_too(session, home, li):
    bed = make_bed(session, site=home)
    room, number = bed.label.split("-")

    loaded = take(session, a_row(number, number=NUMBERS[0], 机构=home.name, 房间=room))

    assert loaded.new == 1


def test_nobody_is_told_apart_by_guessing(session, row, li):
    """Unknown number, other name: one sentence, whoever may be in the register."""
    for guess in ({"身份证号": NUMBERS[5]}, {"姓名": "王建国"}):
        assert complaints(session, row | guess) == {2: ["person-not-confirmed"]}


def test_who_a_row_means_is_not_even_looked_for_without_a_free_bed(session, row, beds, li, home):
    other = make_resident(session, name="王建国", id_number=NUMBERS[1])
    admit(session, bed_id=beds[1].id, resident_id=other.id, admitted_on=TODAY)

    for bed in ("999-9", beds[1].label):
        of_known, of_unknown = (
            complaints(session, row | {"床位": bed, "身份证号": number})
            for number in (NUMBERS[0], NUMBERS[7])
        )
        assert of_known == of_unknown
        assert of_known[2] in (["bed-unknown"], ["bed-taken"])


def gone(session, home, beds, li):
    li.died_on = TODAY - timedelta(days=1)
    session.flush()


def closed(session, home, beds, li):
    home.opening_state = OpeningState.CLOSED
    session.flush()


def kept_elsewhere(session, home, beds, li):
    admit(session, bed_id=make_bed(session).id, resident_id=li.id, admitted_on=TODAY)


def kept_for_another(session, home, beds, li):
    other = make_resident(session)
    hold_bed(session, bed_id=beds[0].id, resident_id=other.id, planned_on=TODAY)


def under_repair(session, home, beds, li):
    take_out_of_use(
        session, beds[0].id, state=BedState.UNDER_REPAIR, starts_on=TODAY, reason="检修呼叫铃"
    )


def uncleaned(session, home, beds, li):
    beds[0].left_uncleaned_at = clock.now()
    session.flush()


def here_elsewhere(session, home, beds, li):
    admit(session, bed_id=beds[1].id, resident_id=li.id, admitted_on=TODAY)


GUARDS = {
    "person-gone": gone,
    "facility-not-open": closed,
    "has-a-bed": kept_elsewhere,
    "bed-taken": kept_for_another,
    "bed-not-ready": uncleaned,
    "here-since-other-day": here_elsewhere,
}


@pytest.mark.parametrize(("code", "befall"), GUARDS.items(), ids=GUARDS)
def test_each_guard_speaks_as_an_error_of_its_row(session, row, home, beds, li, code, befall):
    befall(session, home, beds, li)
    before = len(stays(session))

    assert complaints(session, row) == {2: [code]}
    loaded = take(session, row)

    assert [one.complaint for one in loaded.refused] == [code]
    assert (loaded.was_written, len(stays(session))) == (False, before)


def test_a_bed_under_repair_takes_nobody(session, row, home, beds, li):
    under_repair(session, home, beds, li)

    assert complaints(session, row) == {2: ["bed-taken"]}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"床位": "999-9"}, "bed-unknown"),
        ({"房间": "999"}, "bed-in-other-room"),
        ({"床位类型": "医疗床位"}, "bed-of-other-kind"),
        ({"机构": "没有这家"}, "facility-not-yours"),
    ],
)
def test_a_bed_that_is_not_so_is_said(session, row, given, code):
    assert complaints(session, row | given) == {2: [code]}


def test_two_people_in_one_bed_are_both_refused(session, row, li):
    make_resident(session, name="王建国", id_number=NUMBERS[1])
    other = row | {"姓名": "王建国", "身份证号": NUMBERS[1]}

    assert complaints(session, row, other) == {2: ["bed-on-two-rows"], 3: ["bed-on-two-rows"]}


def test_whoever_left_since_does_not_come_back_by_the_old_list(session, row):
    take(session, row)
    [stay] = stays(session)
    discharge(session, stay.id, ended_on=TODAY, reason=EndReason.WENT_HOME)
    session.execute(text("UPDATE bed SET left_uncleaned_at = NULL"))

    assert complaints(session, row) == {2: ["has-a-bed"]}


def test_whoever_is_in_hospital_with_the_bed_kept_is_here(session, row):
    take(session, row)
    [stay] = stays(session)
    go_to_hospital(session, stay.id, since=TODAY, keeps_bed=True)

    assert take(session, row).unchanged == 1


def test_another_facility_of_the_same_city_is_as_if_it_were_not_there(session, row, home, li):
    other = make_site(session, name="别家养老院")

    assert complaints(session, row, site_ids=[other.id]) == {2: ["facility-not-yours"]}
    assert complaints(session, row | {"机构": ""}, site_ids=[home.id]) == {}


def test_the_good_rows_go_in_or_the_whole_list_does_not(session, row, beds, li):
    bad = row | {"床位": beds[1].label, "身份证号": NUMBERS[6], "姓名": "周长青"}

    whole = take(session, row, bad)
    assert (whole.was_written, stays(session)) == (False, [])

    part = take(session, row, bad, is_whole=False)
    assert (part.new, [one.row for one in part.refused]) == (1, [3])
    assert len(stays(session)) == 1


def test_a_medical_bed_may_be_taken_beside_one_that_is_kept(session, home, li):
    bed = make_bed(session, site=home, kind=BedKind.MEDICAL)

    assert take(session, a_row(bed, number=NUMBERS[0], 机构=home.name)).new == 1


def test_a_home_brings_its_own_people_in_under_row_security(own_city):
    with acting(Act(Face.COMMAND, "tests", "test", service=True)), sessions.transaction() as own:
        home, far = make_site(own), make_bed(own)
        bed = make_bed(own, site=home)
        make_resident(own, name="李秀英", id_number=NUMBERS[0], village_code=OTHER_COUNTY_VILLAGE)
        token = make_sign_in(own, staff=make_staff(own, "facility_operator", site_id=home.id))

    with acting(Act(Face.CONSOLE, "tests", "test", token=token)), sessions.transaction() as own:
        refused = take(own, a_row(far, number=NUMBERS[0]), site_ids=[home.id])
        loaded = take(own, a_row(bed, number=NUMBERS[0]), site_ids=[home.id])

    assert [one.complaint for one in refused.refused] == ["bed-unknown"]
    assert loaded.new == 1
