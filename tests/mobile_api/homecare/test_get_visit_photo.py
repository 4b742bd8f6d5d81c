"""getVisitPhoto"""

import pytest

from server.files.images import read_picture
from server.files.models import FilePurpose
from server.files.service import keep_picture
from tests.factories.homecare import make_proof
from tests.factories.pictures import picture
from tests.mobile_api.refusals import refusal


@pytest.fixture
def address(session, visit):
    """Where the photo of a visit that was made is found."""
    whose = {"resident_id": visit.resident_id, "site_id": visit.site_id}
    file = keep_picture(session, read_picture(picture()), purpose=FilePurpose.VISIT_PHOTO, **whose)
    make_proof(session, visit, photo_file_id=file.id)
    return f"/v1/care-visits/{visit.id}/photo"


def test_it_is_shown_to_whom_somebody_came(phone, address, visit):
    assert f"/v1{phone.get(f'/v1/care-visits/{visit.id}').json['photo']}" == address

    answer = phone.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == read_picture(picture()).content


def test_nobody_else_sees_it(neighbours_phone, address):
    assert refusal(neighbours_phone.get(address)) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, address):
    assert refusal(help_within("apply").get(address)) == (403, "outside-scope")


def test_a_helper_who_may_see_visits_sees_it(help_within, address):
    assert help_within("see_visits").get(address).status_code == 200


def test_where_none_was_taken_there_is_none(phone, visit):
    assert phone.get(f"/v1/care-visits/{visit.id}").json["photo"] is None
    assert refusal(phone.get(f"/v1/care-visits/{visit.id}/photo")) == (404, "not-found")
