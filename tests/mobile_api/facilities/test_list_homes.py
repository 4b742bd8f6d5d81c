"""listHomes"""

from datetime import timedelta

import pytest

from server import clock
from server.facilities.models import BedKind
from server.facilities.stays.admitting import admit
from server.providers.models import FacilityKind, OpeningState
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.facilities import make_beds
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def ask(phone, resident):
    """Ask for homes as the app does: `ask(free=True)` returns their ids."""

    def ask(**wishes):
        query = "".join(f"&{name}={value}" for name, value in wishes.items())
        return phone.get(f"/v1/homes?resident_id={resident.id}{query}")

    return ask


def ids(answer):
    return [home["id"] for home in answer.json["items"]]


def test_the_nearest_come_first_with_their_free_beds(ask, session, home):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)
    make_site(session, opening_state=OpeningState.CLOSED)
    make_site(session, kind=FacilityKind.CANTEEN)
    beds = make_beds(session, 3, site=home, is_nursing=True)
    admit(
        session,
        bed_id=beds[0].id,
        resident_id=make_resident(session).id,
        admitted_on=clock.today() - timedelta(days=2),
    )

    answer = ask()

    assert ids(answer) == [home.id, far.id]
    near = answer.json["items"][0]
    assert near["beds"] == [{"kind": "institution", "beds": 3, "free": 2, "free_nursing": 2}]
    assert near["as_of"]
    assert answer.json["items"][1]["beds"] == []


@pytest.mark.parametrize(
    ("wish", "has", "lacks"),
    [
        (
            {"max_price_fen": 200000},
            {"monthly_price_from_fen": 200_000},
            {"monthly_price_from_fen": 200_001},
        ),
        ({"inclusive": "true"}, {"is_inclusive": True}, {"is_inclusive": None}),
        ({"near": "county"}, {}, {"division_code": OTHER_COUNTY_VILLAGE}),
        ({"near": "town"}, {}, {"division_code": OTHER_COUNTY_VILLAGE}),
    ],
)
def test_a_wish_leaves_out_what_does_not_fit(ask, session, wish, has, lacks):
    wanted, _ = make_site(session, **has), make_site(session, **lacks)

    assert ids(ask(**wish)) == [wanted.id]


def test_beds_of_a_kind_for_nursing_and_free_are_asked_for_together(ask, session):
    hospice, nursing, full = make_site(session), make_site(session), make_site(session)
    make_beds(session, 1, site=hospice, kind=BedKind.HOSPICE)
    make_beds(session, 1, site=nursing, is_nursing=True)
    [taken] = make_beds(session, 1, site=full, is_nursing=True)
    admit(
        session,
        bed_id=taken.id,
        resident_id=make_resident(session).id,
        admitted_on=clock.today(),
    )

    assert ids(ask(kind="hospice")) == [hospice.id]
    assert set(ids(ask(nursing="true"))) == {nursing.id, full.id}
    assert ids(ask(nursing="true", free="true")) == [nursing.id]
    assert ids(ask(kind="hospice", free="true")) == [hospice.id]


def test_a_home_has_the_stars_and_the_price_of_today(ask, session, home, rate, ask_for):
    rate(home, 3, ago=400)
    rate(home, 4)
    rate(home, 5, ago=-355)
    ask_for(home, ago=400, bed=(50_000, 60_000), meals=(30_000, 30_000))
    ask_for(home, bed=(80_000, 120_000), nursing=(0, 200_000), deposit=(160_000, 160_000))
    ask_for(home, ago=-30, bed=(900_000, 900_000))

    [shown] = ask().json["items"]

    assert shown["stars"] == 4
    assert (shown["monthly_price_from_fen"], shown["monthly_price_to_fen"]) == (110_000, 350_000)


def test_without_a_dated_price_of_a_bed_the_registers_own_stands(ask, home, ask_for):
    ask_for(home, meals=(30_000, 30_000))

    [shown] = ask().json["items"]

    assert (shown["monthly_price_from_fen"], shown["monthly_price_to_fen"]) == (180_000, None)
    assert shown["stars"] is None


def test_stars_at_least_and_the_price_of_today_are_asked_for(ask, session, home, rate, ask_for):
    other, ended = make_site(session), make_site(session)
    rate(home, 4)
    rate(other, 3)
    rate(ended, 5, ago=400)
    ask_for(home, bed=(250_000, 300_000))

    assert ids(ask(min_stars=4)) == [home.id]
    assert set(ids(ask(min_stars=3))) == {home.id, other.id}
    assert ids(ask(max_price_fen=200_000)) == []
    assert ids(ask(max_price_fen=250_000)) == [home.id]


def test_homes_that_take_people_in_are_asked_for_be_it_to_queue(ask, session, home):
    full, unknown = make_site(session), make_site(session)
    make_beds(session, 1, site=home)
    [taken] = make_beds(session, 1, site=full)
    admit(
        session,
        bed_id=taken.id,
        resident_id=make_resident(session).id,
        admitted_on=clock.today(),
    )

    accepting = {one["id"]: one["is_accepting"] for one in ask().json["items"]}

    assert accepting == {home.id: True, full.id: True, unknown.id: None}
    assert set(ids(ask(accepting="true"))) == {home.id, full.id}
    assert ids(ask(accepting="true", free="true")) == [home.id]
    assert ids(ask(accepting="true", nursing="true")) == []


def test_however_many_homes_there_are_the_list_asks_as_often(
    ask, session, home, rate, ask_for, count_statements
):
    def furnish(site):
        rate(site, 4)
        ask_for(site, bed=(80_000, 120_000), meals=(30_000, 30_000))
        make_beds(session, 2, site=site)

    furnish(home)
    ask()
    with count_statements() as of_one:
        ask()
    for _ in range(4):
        furnish(make_site(session))
    with count_statements() as of_five:
        assert len(ids(ask(min_stars=3, free="true"))) == 5

    assert len(of_five) == len(of_one)


def test_how_far_it_is_is_told_where_places_are_known(ask, session):
    near = make_site(session, name="甲院", x=112.85, y=35.49)
    far = make_site(session, name="乙院", x=112.85, y=35.59, division_code=OTHER_COUNTY_VILLAGE)
    nowhere = make_site(session, name="丙院")

    homes = {home["id"]: home["distance_m"] for home in ask().json["items"]}

    assert homes[near.id] == 0
    assert homes[far.id] == pytest.approx(11_120, rel=0.01)
    assert homes[nowhere.id] is None


def test_the_nearest_is_first_whatever_county_it_is_in(ask, session, resident):
    """Page by page; a home without a place stands as far as one of its town would."""
    told = {"x": 112.85, "division_code": OTHER_COUNTY_VILLAGE}
    make_site(session, name="村口", kind=FacilityKind.CANTEEN, x=112.85, y=35.49)
    far = make_site(session, name="甲院", y=35.59, **told)
    near = make_site(session, name="乙院", y=35.50, **told)
    next_door = make_site(session, name="丙院", x=112.85, y=35.491)
    nowhere = make_site(session, name="丁院", division_code=resident.village_code)

    found, cursor = [], {}
    for _ in range(4):
        answer = ask(limit=1, **cursor)
        found += ids(answer)
        cursor = {"cursor": answer.json["next_cursor"]}

    assert found == [next_door.id, near.id, nowhere.id, far.id]


def test_a_kind_of_home_and_a_division_are_asked_for(ask, session):
    home = make_site(session)
    township = make_site(session, kind=FacilityKind.TOWNSHIP_HOME)
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)

    assert ids(ask(site_kind="township_home")) == [township.id]
    assert ids(ask(division=OTHER_COUNTY_VILLAGE[:6])) == [far.id]
    assert ids(ask(division=home.division_code[:9], site_kind="care_home")) == [home.id]


def test_the_list_goes_on(ask, session):
    homes = [make_site(session, name=f"{name}院").id for name in "甲乙丙"]

    first = ask(limit=2)
    rest = ask(limit=2, cursor=first.json["next_cursor"])

    assert sorted(ids(first) + ids(rest)) == sorted(homes)


@pytest.mark.parametrize(
    "wish",
    [
        {"near": "moon"},
        {"kind": "sofa"},
        {"max_price_fen": -1},
        {"min_stars": 6},
        {"site_kind": "canteen"},
        {"division": "14"},
    ],
)
def test_a_wish_that_is_none_is_named(ask, wish):
    assert list(faulty_fields(ask(**wish))) == [f"/{next(iter(wish))}"]


def test_near_a_stranger_nothing_is_found(phone, neighbour):
    assert refusal(phone.get(f"/v1/homes?resident_id={neighbour.id}")) == (404, "not-found")


def test_homes_of_another_county_are_found_by_its_name(ask, session, home):
    far = make_site(session, division_code=OTHER_COUNTY_VILLAGE)

    counties = {one["code"]: one["name"] for one in ask().json["counties"]}

    assert counties[OTHER_COUNTY_VILLAGE[:6]]
    assert ids(ask(division=OTHER_COUNTY_VILLAGE[:6])) == [far.id]
