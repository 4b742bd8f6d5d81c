"""sendVisitPhoto"""

from base64 import b64encode

import pytest
from sqlalchemy import text

from server import clock
from server.homecare.visits.models import HomeMonthClose
from server.identity.models import Role
from tests.factories.people import make_sign_in, make_staff
from tests.factories.pictures import picture
from tests.mobile_api.conftest import Phone
from tests.mobile_api.homecare.conftest import an_event, kept
from tests.mobile_api.refusals import refusal


def in_base64(content):
    return {"content": b64encode(content).decode()}


@pytest.fixture
def leaving(send, visit):
    """The visit was made; returns the device's key of the leaving."""
    event = an_event(visit, "leave")
    assert kept(send(an_event(visit, "arrive", ago=5), event)) == [True, True]
    return event["key"]


@pytest.fixture
def photograph(workers_phone):
    def photograph(key, content, phone=workers_phone):
        return phone.send("PUT", f"/v1/visit-photos/{key}", in_base64(content))

    return photograph


def the_files(session):
    session.commit()
    return session.execute(
        text(
            "SELECT f.resident_id, f.site_id, f.perceptual_hash FROM visit_proof p"
            " JOIN file f ON f.id = p.photo_file_id WHERE f.purpose = 'visit_photo'"
        )
    ).all()


def test_the_photo_follows_its_leaving_with_its_hash(
    session, workers_phone, photograph, leaving, visit
):
    assert photograph(leaving, picture()).status_code == 204

    [(resident_id, site_id, likeness)] = the_files(session)
    assert (resident_id, site_id) == (visit.resident_id, visit.site_id)
    assert likeness is not None
    [shown] = workers_phone.get("/v1/work-visits").json["items"]
    assert shown["has_photo"]


def test_sent_again_it_is_kept_once(session, photograph, leaving):
    photograph(leaving, picture())

    assert photograph(leaving, picture()).status_code == 204
    assert len(the_files(session)) == 1


def test_another_photo_takes_no_ones_place(photograph, leaving):
    photograph(leaving, picture())

    assert refusal(photograph(leaving, picture(mark=2))) == (409, "photo-there")


def test_before_its_leaving_it_waits(photograph, visit):
    assert refusal(photograph("a-leaving-not-sent-yet", picture())) == (404, "not-found")


def test_a_colleague_puts_nothing_there(app, session, site, photograph, leaving):
    colleague = make_staff(session, Role.CARE_WORKER, site_id=site.id)
    hers = Phone(app.test_client(), session, make_sign_in(session, staff=colleague))

    assert refusal(photograph(leaving, picture(), hers)) == (404, "not-found")


@pytest.mark.parametrize("content", [b"no picture at all", b"\xff\xd8\xff\xe0 cut off", b"GIF89a"])
def test_what_is_no_picture_is_refused(session, photograph, leaving, content):
    assert refusal(photograph(leaving, content)) == (422, "image-unusable")
    assert the_files(session) == []


def test_what_is_no_base64_is_refused(workers_phone, leaving):
    sent = workers_phone.send("PUT", f"/v1/visit-photos/{leaving}", {"content": "人人人人人"})

    assert refusal(sent) == (422, "image-unusable")


def test_a_closed_month_takes_no_photo(session, photograph, leaving, visit):
    month = visit.service_on.replace(day=1)
    session.add(HomeMonthClose(site_id=visit.site_id, month=month, closed_at=clock.now()))

    assert refusal(photograph(leaving, picture())) == (409, "month-closed")
