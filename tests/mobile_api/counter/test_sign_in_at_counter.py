"""signInAtCounter"""

from sqlalchemy import text

from server.identity.models import Role
from tests.factories.people import PASSWORD, make_staff
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


def come(stranger, staff, password=PASSWORD):
    wish = {
        "sign_in_name": staff.sign_in_name,
        "password": password,
        "device_label": "一楼平板",
    }
    return stranger.post("/v1/counter/sign-ins", wish)


def test_a_tablet_comes_in_under_its_name(app, session, stranger, cook, canteen):
    answer = come(stranger, cook)

    assert answer.status_code == 201
    tablet = Phone(app.test_client(), session, answer.json["token"])
    found = tablet.get("/v1/counter/canteens").json["items"]
    assert found == [{"id": canteen.site_id, "name": "建设路食堂"}]
    session.commit()
    query = text("SELECT device_label FROM sign_in WHERE staff_id = :staff")
    assert session.execute(query, {"staff": cook.id}).scalars().all() == ["一楼平板"]


def test_a_wrong_password_counts_as_a_try(stranger, cook):
    assert refusal(come(stranger, cook, "something else")) == (422, "password-wrong")


def test_staff_of_no_canteen_have_no_counter(stranger, session, canteen):
    manager = make_staff(
        session, Role.FACILITY_OPERATOR, site_id=canteen.site_id, password=PASSWORD
    )

    assert refusal(come(stranger, manager)) == (403, "not-allowed")
