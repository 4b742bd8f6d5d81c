"""signInWorker"""

from datetime import timedelta

from server import clock
from server.identity.models import Role
from tests.factories.people import PASSWORD, make_staff
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


def come(stranger, staff, password=PASSWORD):
    wish = {"sign_in_name": staff.sign_in_name, "password": password}
    return stranger.post("/v1/worker-sign-ins", wish)


def test_a_care_worker_comes_in_for_a_working_day(app, session, stranger, worker, visit):
    answer = come(stranger, worker)

    assert (answer.status_code, answer.json["name"]) == (201, "王主任")
    hers = Phone(app.test_client(), session, answer.json["token"])
    assert [one["id"] for one in hers.get("/v1/work-visits").json["items"]] == [visit.id]
    in_thirteen_hours = (clock.now() + timedelta(hours=13)).isoformat()
    assert answer.json["expires_at"] > in_thirteen_hours[:19]


def test_a_wrong_password_counts_as_a_try(stranger, worker):
    assert refusal(come(stranger, worker, "something else")) == (422, "password-wrong")


def test_staff_who_visit_nobody_use_the_console(stranger, session, site):
    manager = make_staff(session, Role.HOME_CARE_PROVIDER, site_id=site.id, password=PASSWORD)

    assert refusal(come(stranger, manager)) == (403, "not-allowed")


def test_whoever_needs_a_second_step_is_sent_to_the_console(stranger, session):
    officer = make_staff(session, Role.COUNTY_OFFICER, division_code="140502", password=PASSWORD)

    assert refusal(come(stranger, officer)) == (403, "use-the-console")
