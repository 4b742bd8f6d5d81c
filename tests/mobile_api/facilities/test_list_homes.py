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


def test_how_far_it_is_is_told_where_places_are_known(ask, session):
    near = make_site(session, name="甲院", x=112.85, y=35.49)
    far = make_site(session, name="乙院", x=112.85, y=35.59, division_code=OTHER_COUNTY_VILLAGE)
    nowhere = make_site(session, name="丙院")

    homes = {home["id"]: home["distance_m"] for home in ask().json["items"]}

    assert homes[near.id] == 0
    assert homes[far.id] == pytest.approx(11_120, rel=0.01)
    assert homes[nowhere.id] is None


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
        {"site_kind": "canteen"},
        {"division": "14"},
    ],
)
def test_a_wish_that_is_none_is_named(ask, wish):
    assert list(faulty_fields(ask(**wish))) == [f"/{next(iter(wish))}"]


def test_near_a_stranger_nothing_is_found(phone, neighbour):
    assert refusal(phone.get(f"/v1/homes?resident_id={neighbour.id}")) == (404, "not-found")
