"""cancelViewing"""

from datetime import timedelta

import pytest

from server import clock
from tests.mobile_api.refusals import refusal


@pytest.fixture
def address(phone, resident, home):
    day = (clock.today() + timedelta(days=2)).isoformat()
    wish = {"resident_id": resident.id, "site_id": home.id, "day": day, "part": "morning"}
    return f"/v1/viewings/{phone.post('/v1/viewings', wish).json['id']}/cancellation"


def test_a_visit_is_called_off_and_twice_is_as_good(phone, address):
    assert phone.post(address).json["state"] == "cancelled"
    assert phone.post(address).json["state"] == "cancelled"


def test_that_of_a_stranger_is_not_there(neighbours_phone, address):
    assert refusal(neighbours_phone.post(address)) == (404, "not-found")
