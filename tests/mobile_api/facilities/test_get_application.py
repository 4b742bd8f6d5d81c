"""getApplication"""

from server.residents.models import HardshipTier
from tests.factories.people import make_hardship
from tests.mobile_api.refusals import refusal


def test_the_place_is_explained_without_saying_who_is_before(
    phone, neighbours_phone, neighbour, session, application
):
    make_hardship(session, neighbour, tier=HardshipTier.TEKUN)
    wish = {"resident_id": neighbour.id, "site_id": application["site_id"]}
    neighbours_phone.post("/v1/applications", wish)

    shown = phone.get(f"/v1/applications/{application['id']}").json

    assert (shown["place"], shown["ahead_by_ground"], shown["ahead_by_day"]) == (2, 1, 0)
    assert shown["ground"] == "none"


def test_that_of_a_stranger_is_not_there(neighbours_phone, application):
    answer = neighbours_phone.get(f"/v1/applications/{application['id']}")

    assert refusal(answer) == (404, "not-found")
