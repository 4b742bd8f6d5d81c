"""chooseUsualCanteen"""

import pytest

from tests.factories.meals import make_canteen, make_site
from tests.mobile_api.refusals import faulty_fields, refusal


def choose(phone, resident, canteen_id, **given):
    path = f"/v1/residents/{resident.id}/usual-canteen"
    return phone.send("PUT", path, {"canteen_id": canteen_id}, **given)


def usual(phone):
    return phone.get("/v1/me").json["residents"][0]["usual_canteen_id"]


def test_it_is_remembered_and_comes_first_in_the_list(phone, resident, session):
    first, second = (make_canteen(session, name=name) for name in ("甲食堂", "乙食堂"))

    response = choose(phone, resident, second.site_id)

    assert response.json == {"resident_id": resident.id, "usual_canteen_id": second.site_id}
    assert usual(phone) == second.site_id
    listed = phone.get(f"/v1/canteens?resident_id={resident.id}").json["items"]
    assert [(one["id"], one["is_usual"], one["nearness"]) for one in listed] == [
        (second.site_id, True, "usual"),
        (first.site_id, False, "same_village"),
    ]


def test_nobody_chooses_for_a_stranger(phone, neighbour, session):
    canteen = make_canteen(session)

    assert refusal(choose(phone, neighbour, canteen.site_id)) == (404, "not-found")


def test_a_site_without_meals_is_not_found(phone, resident, session):
    home = make_site(session)

    assert refusal(choose(phone, resident, home.id)) == (404, "not-found")
    assert usual(phone) is None


@pytest.mark.parametrize("canteen_id", [0, -1, 2**63, "7", None, 1.0, True])
def test_what_is_no_key_is_named(phone, resident, canteen_id):
    assert list(faulty_fields(choose(phone, resident, canteen_id))) == ["/canteen_id"]
