"""getRenovationPicture"""

from tests.factories.people import make_account, make_resident, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


def test_the_elder_sees_the_room(app, session, phone, renewal):
    renewal.to("seen")
    [picture, *_] = phone.get(f"/v1/renovations/{renewal.id}").json["pictures"]
    there = f"/v1/renovations/{renewal.id}/pictures/{picture['file_id']}"

    assert phone.get(there).json["picture"].startswith("data:image/jpeg;base64,/9j/")
    stranger = make_account(session, make_resident(session))
    other = Phone(app.test_client(), session, make_sign_in(session, account=stranger))
    assert refusal(other.get(there)) == (404, "not-found")


def test_no_other_file_is_shown_there(phone, renewal):
    renewal.to("seen")

    assert refusal(phone.get(f"/v1/renovations/{renewal.id}/pictures/9999999")) == (
        404, "not-found",
    )  # fmt: skip
