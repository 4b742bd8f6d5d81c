"""endSignIn: a device that is lost."""

import pytest

from tests.factories.people import make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.identity.test_list_sign_ins import shown
from tests.mobile_api.refusals import refusal


@pytest.fixture
def tablet(app, session, account):
    return Phone(app.test_client(), session, make_sign_in(session, account=account))


class TestTheStoryOfALostPhone:
    """Her tablet is left on the bus. She signs it out from her phone; nothing else changes."""

    def test_it_sees_nothing_from_the_next_request_on(self, phone, tablet):
        assert tablet.get("/v1/me").status_code == 200
        lost = shown(phone)[False]["id"]

        assert phone.send("DELETE", f"/v1/sign-ins/{lost}").status_code == 204

        assert refusal(tablet.get("/v1/me")) == (401, "sign-in-needed")
        assert phone.get("/v1/me").status_code == 200
        assert set(shown(phone)) == {True}

    def test_twice_is_as_good_as_once(self, phone, tablet):
        lost = shown(phone)[False]["id"]

        answers = [phone.send("DELETE", f"/v1/sign-ins/{lost}") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 204]

    def test_nobody_signs_a_neighbour_out(self, phone, neighbours_phone):
        theirs = shown(neighbours_phone)[True]["id"]

        assert refusal(phone.send("DELETE", f"/v1/sign-ins/{theirs}")) == (404, "not-found")
        assert neighbours_phone.get("/v1/me").status_code == 200
