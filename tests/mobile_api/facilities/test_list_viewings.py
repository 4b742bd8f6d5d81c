"""listViewings"""

from datetime import timedelta

from server import clock
from server.facilities.viewings.models import Viewing
from server.facilities.viewings.service import decline_viewing


def test_ones_own_are_listed_with_the_answer(phone, neighbours_phone, resident, home, session):
    day = (clock.today() + timedelta(days=2)).isoformat()
    wish = {"resident_id": resident.id, "site_id": home.id, "day": day, "part": "afternoon"}
    viewing = phone.post("/v1/viewings", wish).json
    decline_viewing(session, viewing["id"], answer="那天不开放，请改周三")
    assert session.get(Viewing, viewing["id"]) is not None

    [listed] = phone.get("/v1/viewings").json["items"]

    assert (listed["state"], listed["answer"]) == ("declined", "那天不开放，请改周三")
    assert not listed["can_cancel"]
    assert neighbours_phone.get("/v1/viewings").json["items"] == []
