"""getWorkerPortrait"""

from datetime import timedelta

import pytest

from server import clock
from server.files.service import remove_portrait, replace_portrait
from tests.factories.pictures import picture
from tests.mobile_api.refusals import refusal


@pytest.fixture
def portrait(session, worker, site):
    return replace_portrait(session, worker.id, picture(size=(900, 1200)), site_id=site.id)


def test_whoever_is_visited_sees_who_comes(phone, visit, portrait):
    path = phone.get(f"/v1/care-visits/{visit.id}").json["worker_photo"]

    assert path == f"/care-visits/portraits/{portrait.id}"
    answer = phone.get(f"/v1{path}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")


def test_whoever_is_not_visited_does_not(neighbours_phone, visit, portrait):
    asked = neighbours_phone.get(f"/v1/care-visits/portraits/{portrait.id}")

    assert refusal(asked) == (404, "not-found")


def test_nor_does_whoever_was_visited_long_ago(phone, session, visit, portrait):
    visit.service_on = clock.today() - timedelta(days=40)

    assert refusal(phone.get(f"/v1/care-visits/portraits/{portrait.id}")) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, visit, portrait):
    asked = help_within("book_meals").get(f"/v1/care-visits/portraits/{portrait.id}")

    assert refusal(asked) == (404, "not-found")


def test_one_that_was_taken_out_is_gone(phone, session, worker, visit, portrait):
    remove_portrait(session, worker.id)

    assert phone.get(f"/v1/care-visits/{visit.id}").json["worker_photo"] is None
    assert refusal(phone.get(f"/v1/care-visits/portraits/{portrait.id}")) == (404, "not-found")
