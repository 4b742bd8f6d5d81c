"""listSites"""

import pytest

from server.providers.models import FacilityKind, OpeningState
from tests.cities import NEIGHBOUR_VILLAGE, OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.mobile_api.refusals import faulty_fields, refusal


def test_the_nearest_come_first(phone, resident, session):
    far = make_site(session, name="甲院", division_code=OTHER_COUNTY_VILLAGE)
    near = make_site(session, name="乙院", division_code=NEIGHBOUR_VILLAGE)
    make_site(session, name="已关", opening_state=OpeningState.CLOSED)
    make_site(session, name="食堂", kind=FacilityKind.CANTEEN)

    sites = phone.get(f"/v1/sites?resident_id={resident.id}").json["items"]

    assert [(site["id"], site["nearness"]) for site in sites] == [
        (near.id, "same_town"),
        (far.id, "city"),
    ]
    assert (sites[0]["kind"], sites[0]["county_name"]) == ("care_home", "城区")


def test_another_kind_can_be_asked_for(phone, resident, session):
    canteen = make_site(session, kind=FacilityKind.CANTEEN)

    sites = phone.get(f"/v1/sites?resident_id={resident.id}&kind=canteen").json["items"]

    assert [site["id"] for site in sites] == [canteen.id]


@pytest.mark.parametrize("kind", ["palace", "", "CARE_HOME"])
def test_an_unknown_kind_is_named(phone, resident, kind):
    response = phone.get(f"/v1/sites?resident_id={resident.id}&kind={kind}")

    assert list(faulty_fields(response)) == ["/kind"]


def test_near_a_stranger_nothing_is_found(phone, neighbour):
    assert refusal(phone.get(f"/v1/sites?resident_id={neighbour.id}")) == (404, "not-found")
