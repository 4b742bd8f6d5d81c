"""getSitePhoto"""

from server.files.service import replace_photo
from server.providers.service import add_photo, remove_photo
from tests.factories.meals import make_site
from tests.factories.pictures import picture
from tests.mobile_api.refusals import refusal


def test_anybody_sees_what_a_site_shows_and_keeps_it_for_a_day(stranger, session):
    photo = add_photo(session, make_site(session).id, picture())

    answer = stranger.get(f"/v1/sites/photos/{photo.file_id}")

    assert answer.mimetype == "image/jpeg"
    assert answer.data[:3] == b"\xff\xd8\xff"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    again = stranger.get(
        f"/v1/sites/photos/{photo.file_id}", **{"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_photo_taken_out_is_gone(stranger, session):
    site = make_site(session)
    photo = add_photo(session, site.id, picture())
    file_id = photo.file_id
    remove_photo(session, site.id, photo.id)

    assert refusal(stranger.get(f"/v1/sites/photos/{file_id}")) == (404, "not-found")


def test_no_other_file_is_to_be_had_this_way(stranger, session, resident):
    file = replace_photo(session, resident.id, picture())

    assert refusal(stranger.get(f"/v1/sites/photos/{file.id}")) == (404, "not-found")
